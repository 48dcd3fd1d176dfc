import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { VmidMemory } from '../addon/src/sources/proxmox/provision/vmid-memory.ts';
import { threeNodeCluster } from '../simulators/proxmox/index.ts';
import type { GuestSpec } from '../simulators/proxmox/spec.ts';
import { PROVISION_RIGHTS, provisionLab } from './helpers/provision-lab.ts';
import { grant } from './helpers/proxmox.ts';

const DEV = 'proxmox/home/guest/102';
const DNS = 'proxmox/home/guest/121';

let lab: Awaited<ReturnType<typeof provisionLab>>;
async function begin(
  changes: Readonly<Record<number, Partial<Omit<GuestSpec, 'vmid'>>>> = {},
): Promise<void> {
  lab = await provisionLab((given) => {
    const made = threeNodeCluster(given);
    grant(made, ...PROVISION_RIGHTS);
    for (const [vmid, change] of Object.entries(changes)) made.recreate(Number(vmid), change);
    return made;
  });
  await lab.until('the guests', () => lab.find('guest', '102') && lab.find('guest', '121'));
}
const over = (action: string, target: string, input: object = {}) =>
  lab.over(lab.submit(action, target, input), 4_000);
const wrong = async (action: string, target: string, input: object = {}): Promise<string> => {
  const { checks = [] } = await lab.plan(action, target, input);
  return checks
    .filter(({ ok }) => !ok)
    .map(({ message }) => message)
    .join('; ');
};

suite('copying a guest', () => {
  afterEach(() => lab.end());

  test('makes another with its own name, number and network card', async () => {
    await begin();
    const job = await over('clone_guest', DEV, { name: 'dev-2', start: true });
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    const [copy, original] = [lab.cluster.find(200), lab.cluster.find(102)];
    assert.deepEqual([copy.name, copy.spec.memory, copy.running], ['dev-2', original.spec.memory, true]);
    assert.notEqual(copy.mac, original.mac);
    assert.deepEqual(job.result, {
      ...{ id: 'proxmox/home/guest/200', vmid: 200, node: 'pve1', name: 'dev-2', address: '10.0.20.150' },
      address_from: 'agent',
    });
  });

  test('goes to another storage, and says what is the same as before', async () => {
    await begin();
    const { steps, warnings = [] } = await lab.plan('clone_guest', DNS, {
      name: 'dns-2',
      storage: 'local-lvm',
    });
    assert.equal(steps.length, 0);
    assert.match(await wrong('clone_guest', DNS, { name: 'dns-2' }), /copied from a snapshot only/);
    assert.deepEqual(warnings.at(-1), 'the copy starts with its node, too');
    lab.cluster.find(121).stopped();
    const job = await over('clone_guest', DNS, { name: 'dns-2', storage: 'local-lvm' });
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.equal(lab.cluster.find(200).spec.storage, 'local-lvm');
  });

  test('linked takes a snapshot, and a storage that can', async () => {
    const snapshots = [{ name: 'clean', time: 1_760_000_000 }];
    await begin({ 120: { storage: 'local-lvm', snapshots }, 102: { snapshots } });
    assert.match(await wrong('clone_guest', DEV, { name: 'x2', linked: true }), /made of a snapshot/);
    assert.match(
      await wrong('clone_guest', DEV, { name: 'x2', linked: true, snapshot: 'clean' }),
      /no linked copies.*zfspool/,
    );
    const job = await over('clone_guest', 'proxmox/home/guest/120', {
      name: 'x2',
      linked: true,
      snapshot: 'clean',
    });
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.match(String(lab.cluster.find(200).name), /x2/);
  });

  test('goes one after another to one storage', async () => {
    await begin();
    const jobs = [
      lab.submit('clone_guest', DEV, { name: 'a1' }),
      lab.submit('clone_guest', 'proxmox/home/guest/101', { name: 'a2' }),
    ];
    let most = 0;
    const cloning = (): number =>
      lab.cluster.tasks.all.filter(({ running, about }) => running && about.type === 'qmclone').length;
    await lab.until(
      'both',
      () => {
        most = Math.max(most, cloning());
        return jobs.every(({ id }) => lab.executor.job(id)?.state === 'succeeded');
      },
      600,
    );
    assert.equal(most, 1);
    assert.deepEqual([lab.cluster.guest(200), lab.cluster.guest(201)].map((each) => each?.name).sort(), [
      'a1',
      'a2',
    ]);
  });

  test('never takes a number that was used within 30 days, or that a backup is left of', async () => {
    await begin();
    lab.cluster.create({
      vmid: 200,
      type: 'lxc',
      name: 'old',
      node: 'pve1',
      cores: 1,
      memory: 1024 ** 3,
      disk: 1024 ** 3,
    });
    await lab.pass(15);
    lab.cluster.remove(200);
    lab.cluster.archives = [
      ...lab.cluster.archives,
      { storage: 'backup', node: 'pve1', vmid: 201, type: 'qemu', time: 1_700_000_000, size: 1 },
    ];
    lab.cluster.tasks.remember(
      { node: 'pve2', type: 'qmdestroy', id: '202', user: 'root@pam' },
      lab.clock.now() - 86_400_000,
      1_000,
      'OK',
      [],
    );
    await lab.kill();
    await lab.until('the guest', () => lab.find('guest', '102')?.available);
    const job = await over('clone_guest', DEV, { name: 'dev-2' });
    assert.equal(job.result?.vmid, 203);
  });

  test('is not carried out under another number than its dry run said', async () => {
    await begin();
    await lab.plan('clone_guest', DEV, { name: 'dev-2' }, { requestId: 'r1' });
    lab.cluster.create({
      vmid: 200,
      type: 'lxc',
      name: 'mine',
      node: 'pve2',
      cores: 1,
      memory: 1024 ** 3,
      disk: 1024 ** 3,
    });
    const job = await lab.over(lab.submit('clone_guest', DEV, { name: 'dev-2' }, { requestId: 'r1' }));
    assert.equal(job.error?.code, 'target_changed');
    assert.equal(lab.simulator.faults.count(/^POST/), 0);
  });
});

test('a number rests for 30 days, over restarts too', () => {
  const kept = new Map<string, string>();
  const memory = {
    get: (key: string) => kept.get(key),
    put: (key: string, value: string) => void kept.set(key, value),
  };
  const day = 86_400_000;
  new VmidMemory(memory).saw([200, 201], 100 * day);
  const next = new VmidMemory(memory);
  next.saw([201], 120 * day);
  assert.deepEqual([next.isResting(200, 130 * day), next.isResting(200, 131 * day)], [true, false]);
  assert.deepEqual([next.isResting(201, 131 * day), next.isResting(202, 131 * day)], [true, false]);
  kept.set('vmids', 'no JSON');
  assert.equal(new VmidMemory(memory).isResting(200, 100 * day), false);
});

suite('deleting a guest', () => {
  afterEach(() => lab.end());

  test('takes it away with its disks, says before what goes and what stays, and the lab forgets it', async () => {
    await begin();
    lab.cluster.find(102).stopped();
    lab.cluster.backups = [{ id: 'job-1', schedule: '02:00', storage: 'backup', vmid: '101,102' }];
    const { warnings = [], steps } = await lab.plan('delete_guest', DEV);
    assert.match(
      warnings.join('\n'),
      /scsi0 \(local-zfs:vm-102-disk-0\).*backups stay\nit is taken out of the backup jobs job-1/,
    );
    assert.deepEqual(steps[0]?.calls, ['DELETE /nodes/pve1/qemu/102 purge=1']);
    const job = await over('delete_guest', DEV);
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.equal(lab.cluster.guest(102), undefined);
    assert.equal(lab.find('guest', '102'), undefined);
  });

  test('refuses what runs, what is protected, and what is locked', async () => {
    await begin();
    assert.match(await wrong('delete_guest', DEV), /dev-test is running/);
    lab.cluster.find(102).stopped();
    lab.cluster.configure(102, { protection: true });
    assert.match(await wrong('delete_guest', DEV), /protected from being deleted/);
    lab.cluster.find(102).lock = 'backup';
    await assert.rejects(lab.plan('delete_guest', DEV), /locked \(backup\)/);
    assert.throws(() => lab.submit('delete_guest', DEV, {}, { confirm: 'another' }), {
      code: 'confirm_missing',
    });
    assert.equal(lab.simulator.faults.count(/^DELETE/), 0);
  });

  test('is done once whenever Labkeeper is killed, and whichever answer is lost', async () => {
    for (let seconds = 0; seconds <= 4; seconds += 0.5) {
      await begin();
      lab.cluster.find(102).stopped();
      if (seconds % 1 === 0)
        lab.simulator.faults.inject({ method: 'DELETE' }, { kind: 'reset', carriedOut: true }, 1);
      const job = lab.submit('delete_guest', DEV);
      await lab.clock.advance(seconds * 1_000);
      await lab.kill();
      const { state, error } = await lab.over(job);
      if (state === 'cancelled') assert.equal(error?.code, 'interrupted');
      else
        assert.deepEqual(
          [state, lab.cluster.guest(102)],
          ['succeeded', undefined],
          `after ${seconds} s: ${error?.message}`,
        );
      assert.ok(lab.simulator.faults.count(/^DELETE/) <= 1);
      if (seconds < 4) await lab.end();
    }
  });
});
