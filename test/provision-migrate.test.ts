import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import type { ProxmoxCluster } from '../simulators/proxmox/index.ts';
import { threeNodeCluster } from '../simulators/proxmox/index.ts';
import { provisionLab } from './helpers/provision-lab.ts';

const HOST = 'proxmox/home/guest/101';
const PULSE = 'proxmox/home/guest/110';
const GITEA = 'proxmox/home/guest/120';

suite('moving a guest', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  afterEach(() => lab.end());

  async function begin(change: (cluster: ProxmoxCluster) => void = () => {}, self?: string): Promise<void> {
    lab = await provisionLab(
      (given) => {
        const made = threeNodeCluster(given);
        made.configure(101, { snapshots: [] });
        change(made);
        return made;
      },
      self === undefined ? {} : { self },
    );
    await lab.until(
      'the guests',
      () => lab.find('guest', '120') && lab.find('guest', '101')?.readings.snapshotable,
    );
  }
  const ask = (id: string, input: object) => lab.submit('migrate_guest', id, input);
  const plan = (id: string, input: object) => lab.plan('migrate_guest', id, input);
  const sent = (): number => lab.simulator.faults.count(/^POST .*migrate$/);
  const failed = async (id: string, input: object): Promise<string> => {
    const { error } = await lab.over(ask(id, input));
    assert.equal(error?.code, 'check_failed', error?.message);
    assert.equal(sent(), 0);
    return error?.message ?? '';
  };

  test('has its parent move, and its entities stay', async () => {
    await begin();
    const before = lab.find('guest', '101');
    assert.equal(before?.parent, 'proxmox/home/node/pve1');
    const job = await lab.over(ask(HOST, { node: 'pve2' }));
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    const after = lab.find('guest', '101');
    assert.deepEqual([after?.id, after?.parent], [HOST, 'proxmox/home/node/pve2']);
    assert.ok(lab.cluster.find(101).running, 'it ran all the time');
  });

  test('tells before that local disks are copied, and how it is sent', async () => {
    await begin();
    const { steps, warnings, checks } = await plan(HOST, { node: 'pve2' });
    assert.deepEqual(steps[0]?.calls, [
      'POST /nodes/pve1/qemu/101/migrate target=pve2 online=1 with-local-disks=1',
    ]);
    assert.deepEqual(warnings, [
      'docker-host goes on running while it moves',
      '256 GiB are copied over the network: scsi0 on local-zfs',
    ]);
    assert.deepEqual(
      checks?.map(({ name, ok }) => [name, ok]),
      ['Right', 'Node', 'Preconditions', 'Memory', 'Devices', 'Space on local-zfs', 'Snapshots'].map(
        (name) => [name, true],
      ),
    );
  });

  test('of a container is a restart, and of what is off stays off', async () => {
    await begin();
    const container = await plan(PULSE, { node: 'pve3', storage: 'local-lvm' });
    assert.deepEqual(container.steps[0]?.calls, [
      'POST /nodes/pve1/lxc/110/migrate target=pve3 restart=1 target-storage=local-lvm',
    ]);
    assert.equal(container.warnings?.[0], 'pulse is shut down, moved and started again');
    await lab.over(ask(PULSE, { node: 'pve3' }));
    assert.deepEqual([lab.cluster.find(110).node, lab.cluster.find(110).running], ['pve3', true]);
    lab.cluster.find(102).stopped();
    await lab.until('its state', () => lab.find('guest', '102')?.readings.state === 'stopped');
    const stopped = await plan('proxmox/home/guest/102', { node: 'pve2' });
    assert.deepEqual(stopped.steps[0]?.calls, ['POST /nodes/pve1/qemu/102/migrate target=pve2']);
    assert.equal(stopped.warnings?.[0], 'dev-test is off, and stays so');
  });

  test('that high availability looks after is over when it has moved it', async () => {
    await begin();
    const { steps } = await plan(GITEA, { node: 'pve1' });
    assert.equal(steps[1]?.name, 'Wait until high availability has moved it');
    const job = await lab.over(ask(GITEA, { node: 'pve1' }));
    assert.deepEqual([job.state, job.error, lab.cluster.find(120).node], ['succeeded', undefined, 'pve1']);
  });

  test('goes to no node that is not there, is its own, or is off', async () => {
    await begin();
    assert.match(await failed(HOST, { node: 'pve9' }), /pve9 is no node that runs/);
    assert.match(await failed(HOST, { node: 'pve1' }), /docker-host is on pve1 already/);
    lab.cluster.cut('pve3');
    await lab.until('its end', () => lab.find('node', 'pve3')?.available === false);
    assert.match(await failed(HOST, { node: 'pve3' }), /pve3 is no node that runs/);
  });

  test('goes to no node without its storage, unless another one is named', async () => {
    await begin((cluster) => cluster.setStorage('local-zfs', { nodes: ['pve1'] }));
    assert.match(await failed(HOST, { node: 'pve2' }), /not to pve2: it lacks the storage local-zfs/);
    const job = await lab.over(ask(HOST, { node: 'pve2', storage: 'local-lvm' }));
    assert.deepEqual([job.state, lab.cluster.find(101).spec.storage], ['succeeded', 'local-lvm']);
  });

  test('fills no storage over 85 %, and no metadata', async () => {
    await begin();
    const tib = 1024 ** 4;
    lab.cluster.setStorage('local-zfs', { total: tib, used: 0.7 * tib });
    assert.match(
      await failed(HOST, { node: 'pve2' }),
      /70 % of 1024 GiB used; with 256 GiB more 95 %: more than 85 %/,
    );
    const hardware = lab.cluster.node('pve2').hardware;
    hardware.thinPools = hardware.thinPools.map((pool) => ({
      ...pool,
      metadataUsed: 0.9 * pool.metadataSize,
    }));
    assert.match(
      await failed(HOST, { node: 'pve2', storage: 'local-lvm' }),
      /Metadata of local-lvm: 90 % used/,
    );
  });

  test('goes to no node that has no memory left for it', async () => {
    await begin((cluster) => cluster.configure(101, { memory: 80 * 1024 ** 3 }));
    assert.match(await failed(HOST, { node: 'pve2' }), /Memory: \d+ GiB free on pve2, 80 GiB needed/);
  });

  test('with a device of its node does not move while it runs', async () => {
    await begin((cluster) => cluster.configure(101, { hostpci: ['0000:3b:00'] }));
    assert.match(await failed(HOST, { node: 'pve2' }), /hostpci0 keep it on pve1/);
  });

  test('with snapshots its local disks are not copied while it runs', async () => {
    await begin((cluster) =>
      cluster.configure(101, { snapshots: [{ name: 'before', time: 1_760_000_000 }] }),
    );
    assert.match(
      await failed(HOST, { node: 'pve2' }),
      /it has before: its disks cannot be copied while it runs/,
    );
  });

  test('says which right is missing', async () => {
    await begin((cluster) => {
      for (const id of ['labkeeper@pve', 'labkeeper@pve!app'])
        cluster.access.changeAcl(id, (acl) =>
          acl === 'all' ? acl : { '/': (acl['/'] ?? []).filter((each) => each !== 'VM.Migrate') },
        );
    });
    const job = await lab.over(ask(HOST, { node: 'pve2' }));
    assert.match(job.error?.message ?? '', /VM\.Migrate/);
  });

  test('of what Labkeeper runs on is refused', async () => {
    await begin(undefined, HOST);
    assert.throws(() => ask(HOST, { node: 'pve2' }), { code: 'lifeline' });
  });

  test('that fails leaves it where it was, and says why', async () => {
    await begin();
    lab.cluster.find(101).migrateError = 'target has no such bridge';
    const job = await lab.over(ask(HOST, { node: 'pve2' }));
    assert.equal(job.state, 'failed');
    assert.match(job.error?.message ?? '', /qmigrate of 101 failed: .*target has no such bridge/);
    assert.equal(lab.find('guest', '101')?.parent, 'proxmox/home/node/pve1');
  });

  test('whose node is lost meanwhile ends as unknown, and is not sent again', async () => {
    await begin();
    const job = ask(HOST, { node: 'pve2' });
    await lab.until('its task', () => lab.cluster.find(101).lock === 'migrate');
    lab.cluster.cut('pve1');
    await lab.pass(20);
    lab.cluster.restore('pve1');
    const { state, error } = await lab.over(job);
    assert.equal(state, 'unknown');
    assert.match(error?.message ?? '', /qmigrate of 101 ended without a word: pve1 was lost while it ran/);
    assert.equal(sent(), 1);
  });

  test('is done once whenever Labkeeper is killed, and whichever answer is lost', async () => {
    for (let seconds = 0; seconds <= 14; seconds += 1) {
      await begin();
      if (seconds % 2 === 0)
        lab.simulator.faults.inject(
          { method: 'POST', path: /migrate$/ },
          { kind: 'reset', carriedOut: true },
          1,
        );
      const job = ask(HOST, { node: 'pve2' });
      await lab.clock.advance(seconds * 1_000);
      await lab.kill();
      const { state, error } = await lab.over(job);
      if (state === 'cancelled') assert.equal(error?.code, 'interrupted');
      else
        assert.deepEqual(
          [state, lab.cluster.find(101).node],
          ['succeeded', 'pve2'],
          `after ${seconds} s: ${error?.message}`,
        );
      assert.ok(sent() <= 1, `${sent()} were sent`);
      if (seconds < 14) await lab.end();
    }
  });
});
