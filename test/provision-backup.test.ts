import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { SELF_ID } from '../addon/src/lab/self.ts';
import { type ProxmoxCluster, seededCluster } from '../simulators/proxmox/index.ts';
import { VERSIONS } from '../simulators/proxmox/seed.ts';
import { provisionLab } from './helpers/provision-lab.ts';
import type { LabOptions } from './helpers/proxmox-lab.ts';

const HOST = 'proxmox/home/guest/101';
const PULSE = 'proxmox/home/guest/110';

suite('backing a guest up', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  afterEach(() => lab.end());

  async function begin(
    options: Omit<LabOptions, 'database'> = {},
    make: (given: Parameters<typeof seededCluster>[0]) => ProxmoxCluster = seededCluster,
  ): Promise<void> {
    lab = await provisionLab(make, options);
    await lab.until('the guests', () => lab.find('guest', '101')?.available);
    await lab.until('the node', () => lab.find('node', 'pve1')?.readings.version);
  }
  const ask = (id = PULSE, input: object = {}, more: object = {}) =>
    lab.submit('backup_now', id, input, more);
  const sent = (): number => lab.simulator.faults.count(/^POST .*vzdump$/);
  const archives = (vmid: number): number =>
    lab.cluster.archives.filter((archive) => archive.vmid === vmid).length;

  test('goes to where its job does, with notes, and leaves older backups alone', async () => {
    await begin();
    const before = archives(101);
    const { steps, checks } = await lab.plan('backup_now', HOST, { about: 'Before\nthe {{update}}' });
    assert.deepEqual(steps[0]?.calls, [
      'POST /nodes/pve1/vzdump vmid=101 storage=backup mode=snapshot compress=zstd remove=0 ' +
        'notes-template={{guestname}} · Before the update · Labkeeper',
    ]);
    assert.deepEqual(
      checks?.map(({ name, ok }) => [name, ok]),
      [
        ['Rights', true],
        ['Storage', true],
      ],
    );
    const job = await lab.over(ask(HOST), 3_000);
    assert.deepEqual([job.state, job.error, job.result], ['succeeded', undefined, { storage: 'backup' }]);
    assert.equal(archives(101), before + 1);
    assert.equal(lab.cluster.find(101).lock, undefined);
  });

  test('goes to where the option says, and nowhere if that takes none', async () => {
    await begin({ options: () => ({ backup_storage: 'local' }) });
    assert.deepEqual((await lab.over(ask(), 3_000)).result, { storage: 'local' });
    await lab.end();
    await begin({ options: () => ({ backup_storage: 'local-zfs' }) });
    const { error } = await lab.over(ask());
    assert.equal(error?.code, 'check_failed');
    assert.match(error?.message ?? '', /pulse cannot be backed up to local-zfs/);
    assert.match(error?.hint ?? '', /those that do: .*backup/);
    assert.equal(sent(), 0);
  });

  test('sends an older version nothing that it does not know', async () => {
    await begin({}, (options) => seededCluster({ ...options, version: VERSIONS[7] }));
    const { steps } = await lab.plan('backup_now', PULSE);
    assert.doesNotMatch(steps[0]?.calls?.[0] ?? '', /notes-template/);
    assert.equal((await lab.over(ask(), 3_000)).state, 'succeeded');
  });

  test('of one that is locked sends nothing', async () => {
    await begin();
    lab.cluster.find(110).lock = 'migrate';
    assert.match((await lab.over(ask())).error?.message ?? '', /pulse is locked \(migrate\)/);
    assert.equal(sent(), 0);
  });

  test('says which right is missing', async () => {
    await begin({}, (options) => {
      const made = seededCluster(options);
      for (const id of ['labkeeper@pve', 'labkeeper@pve!app'])
        made.access.changeAcl(id, (acl) =>
          acl === 'all' ? acl : { '/': (acl['/'] ?? []).filter((each) => each !== 'VM.Backup') },
        );
      return made;
    });
    const { error } = await lab.over(ask());
    assert.match(error?.message ?? '', /VM\.Backup at \/vms\/110 is missing/);
    assert.equal(sent(), 0);
  });

  test('is not begun on what was configured otherwise since its dry run', async () => {
    await begin();
    await lab.plan('backup_now', PULSE, {}, { requestId: 'r1' });
    lab.cluster.configure(110, { cores: 4 });
    const job = await lab.over(ask(PULSE, {}, { requestId: 'r1' }));
    assert.equal(job.error?.code, 'target_changed');
    assert.equal(sent(), 0);
  });

  test('is stopped when it is cancelled, and nothing of it is kept', async () => {
    await begin();
    const before = archives(101);
    const job = ask(HOST);
    await lab.until('its task', () => lab.executor.job(job.id)?.vendor_ref);
    await lab.pass(20);
    lab.submit('cancel_job', SELF_ID, { job: job.id });
    const { state, error } = await lab.over(job);
    assert.deepEqual([state, error?.code], ['cancelled', 'cancelled']);
    assert.deepEqual([archives(101), lab.cluster.find(101).lock], [before, undefined]);
  });

  test('says what its task said when it fails', async () => {
    await begin();
    const job = ask(HOST);
    await lab.until('its task', () => lab.cluster.find(101).lock === 'backup');
    for (const task of lab.cluster.tasks.all)
      if (task.about.type === 'vzdump' && task.running) task.interrupt();
    const { state, error } = await lab.over(job);
    assert.equal(state, 'failed');
    assert.match(error?.message ?? '', /^vzdump of 101 failed: /);
  });

  test('is done once whenever Labkeeper is killed, and whichever answer is lost', {
    timeout: 300_000,
  }, async () => {
    for (let seconds = 0; seconds <= 24; seconds += 2) {
      await begin();
      const before = archives(110);
      if (seconds % 4 === 0)
        lab.simulator.faults.inject(
          { method: 'POST', path: /vzdump$/ },
          { kind: 'reset', carriedOut: true },
          1,
        );
      const job = ask();
      await lab.clock.advance(seconds * 1_000);
      await lab.kill();
      const { state, error } = await lab.over(job);
      if (state === 'cancelled') assert.equal(error?.code, 'interrupted');
      else
        assert.deepEqual(
          [state, archives(110) - before],
          ['succeeded', 1],
          `after ${seconds} s: ${error?.message}`,
        );
      assert.ok(sent() <= 1, `${sent()} were sent`);
      if (seconds < 24) await lab.end();
    }
  });
});
