import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import type { ProxmoxCluster } from '../simulators/proxmox/index.ts';
import { seededCluster } from '../simulators/proxmox/index.ts';
import { provisionLab } from './helpers/provision-lab.ts';
import { grant } from './helpers/proxmox.ts';

const HOST = 'proxmox/home/guest/101';
const PULSE = 'proxmox/home/guest/110';
const GIB = 1024 ** 3;

suite('resizing a guest', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  afterEach(() => lab.end());

  async function begin(change: (cluster: ProxmoxCluster) => void = () => {}, self?: string): Promise<void> {
    lab = await provisionLab(
      (given) => {
        const made = seededCluster(given);
        grant(made, 'VM.Config.CPU', 'VM.Config.Memory', 'VM.Config.Disk');
        change(made);
        return made;
      },
      self === undefined ? {} : { self },
    );
    await lab.until('the right', () => lab.find('guest', '101')?.readings.snapshotable);
  }
  const guest = (vmid = 101) => lab.cluster.find(vmid);
  const ask = (input: object, id = HOST) => lab.submit('resize_guest', id, input);
  const plan = (input: object, id = HOST) => lab.plan('resize_guest', id, input);
  const puts = (what: string): number => lab.simulator.faults.count(new RegExp(`^PUT .*${what}$`));
  const refused = async (input: object, id = HOST): Promise<string> => {
    const { error } = await lab.over(ask(input, id));
    assert.equal(error?.code, 'check_failed', error?.message);
    assert.equal(puts(''), 0);
    return error?.message ?? '';
  };

  test('of a machine that runs counts from its next start, but for the disk', async () => {
    await begin();
    const { steps, warnings } = await plan({ cpus: 8, memory: 24, size: 300 });
    assert.deepEqual(
      steps.map(({ name }) => name),
      ['Set cores 8, memory 24576', 'Grow scsi0 to 300G', 'See what counts now'],
    );
    assert.match(
      steps[0]?.calls?.[0] ?? '',
      /^PUT \/nodes\/pve1\/qemu\/101\/config cores=8 memory=24576 digest=[0-9a-f]{40}$/,
    );
    assert.deepEqual(steps[1]?.calls, ['PUT /nodes/pve1/qemu/101/resize disk=scsi0 size=300G']);
    assert.deepEqual(warnings, [
      'CPUs and memory count from the next start of docker-host',
      'scsi0 is larger at once; the file system on it has to be grown within the guest',
    ]);
    const job = await lab.over(ask({ cpus: 8, memory: 24, size: 300 }));
    assert.deepEqual(
      [job.state, job.result],
      ['succeeded', { at_next_start: ['cores', 'memory'] }],
      job.error?.message,
    );
    assert.deepEqual([guest().spec.cores, guest().spec.disk], [4, 300 * GIB]);
    assert.deepEqual(guest().spec.pending, { cores: '8', memory: '24576' });
  });

  test('of a container, and of what is off, counts at once', async () => {
    await begin();
    const job = await lab.over(ask({ cpus: 2, memory: 2, size: 16 }, PULSE));
    assert.deepEqual([job.state, job.result], ['succeeded', { at_next_start: [] }], job.error?.message);
    assert.deepEqual(
      [guest(110).spec.cores, guest(110).spec.memory, guest(110).spec.disk],
      [2, 2 * GIB, 16 * GIB],
    );
    guest(102).stopped();
    const off = await lab.over(ask({ cpus: 2 }, 'proxmox/home/guest/102'));
    assert.deepEqual([off.state, guest(102).spec.cores], ['succeeded', 2]);
  });

  test('asked for twice changes nothing more', async () => {
    await begin();
    const wanted = { cpus: 1, memory: 1, size: 8 };
    const { steps, warnings } = await plan(wanted, PULSE);
    assert.deepEqual([steps.length, warnings], [1, ['all of it is so already: nothing is sent']]);
    assert.equal((await lab.over(ask(wanted, PULSE))).state, 'succeeded');
    await lab.over(ask({ size: 300 }));
    await lab.over(ask({ size: 300 }));
    assert.deepEqual([puts('config'), puts('resize')], [0, 1]);
  });

  test('never makes a disk smaller, and takes none that is not there', async () => {
    await begin();
    assert.match(await refused({ size: 200 }), /scsi0 has 256 GiB already/);
    assert.match(await refused({ size: 300, disk: 'scsi1' }), /it has no scsi1/);
    assert.throws(() => ask({ size: 300, disk: 'efidisk0' }), { code: 'input_invalid' });
    assert.throws(() => ask({}), { code: 'input_invalid' });
  });

  test('fills no storage over 85 %', async () => {
    await begin();
    lab.cluster.setStorage('local-zfs', { total: 1_000 * GIB, used: 800 * GIB });
    assert.match(
      await refused({ size: 356 }),
      /80 % of 1000 GiB used; with 100 GiB more 90 %: more than 85 %/,
    );
    assert.equal((await lab.over(ask({ size: 300 }))).state, 'succeeded');
  });

  test('gives no guest more than its node has', async () => {
    await begin();
    assert.match(await refused({ cpus: 65 }), /65 of 64 threads of pve1/);
    assert.match(await refused({ memory: 192 }), /192 GiB of 192 GiB of pve1/);
  });

  test('says which right is missing', async () => {
    await begin();
    for (const id of ['labkeeper@pve', 'labkeeper@pve!app'])
      lab.cluster.access.changeAcl(id, (acl) =>
        acl === 'all' ? acl : { '/': (acl['/'] ?? []).filter((each) => each !== 'VM.Config.Memory') },
      );
    await lab.kill();
    await lab.until('the guest', () => lab.find('guest', '101')?.readings.snapshotable);
    assert.match(await refused({ memory: 24 }), /VM\.Config\.Memory at \/vms\/101 is missing/);
  });

  test('of what Labkeeper runs on is done: it goes on as it is', async () => {
    await begin(undefined, HOST);
    assert.equal((await lab.over(ask({ size: 300 }))).state, 'succeeded');
  });

  test('is not begun on what was configured otherwise since its dry run', async () => {
    await begin();
    await lab.plan('resize_guest', HOST, { cpus: 8 }, { requestId: 'r1' });
    lab.cluster.configure(101, { description: 'Changed' });
    const job = await lab.over(lab.submit('resize_guest', HOST, { cpus: 8 }, { requestId: 'r1' }));
    assert.equal(job.error?.code, 'target_changed');
    assert.equal(puts(''), 0);
  });

  test('changes no configuration that differs from what was looked at', async () => {
    await begin();
    const job = ask({ cpus: 8 });
    lab.simulator.faults.inject({ method: 'PUT' }, { kind: 'delay', ms: 1_000 }, 1);
    await lab.until('its call', () => puts('config') === 1);
    lab.cluster.configure(101, { description: 'Changed' });
    const { state, error } = await lab.over(job);
    assert.equal(state, 'failed');
    assert.match(error?.message ?? '', /modified configuration/);
    assert.equal(guest().spec.pending, undefined);
  });

  test('is done once whenever Labkeeper is killed, and whichever answer is lost', async () => {
    for (let step = 0; step <= 24; step += 1) {
      await begin();
      if (step % 2 === 0)
        lab.simulator.faults.inject({ method: 'PUT' }, { kind: 'reset', carriedOut: true }, 2);
      const job = ask({ cpus: 8, size: 300 });
      await lab.clock.advance(step * 125);
      await new Promise((resolve) => setTimeout(resolve, step));
      await lab.kill();
      const { state, error } = await lab.over(job);
      if (state === 'cancelled') assert.equal(error?.code, 'interrupted');
      else
        assert.deepEqual(
          [state, guest().spec.pending, guest().spec.disk],
          ['succeeded', { cores: '8' }, 300 * GIB],
          `step ${step}: ${error?.message}`,
        );
      assert.ok(puts('config') <= 1 && puts('resize') <= 1);
      if (step < 24) await lab.end();
    }
  });
});
