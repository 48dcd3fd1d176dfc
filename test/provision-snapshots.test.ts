import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { seededCluster } from '../simulators/proxmox/index.ts';
import { provisionLab } from './helpers/provision-lab.ts';

const HOST = 'proxmox/home/guest/101';

suite('deleting a snapshot', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  afterEach(() => lab.end());

  async function begin(options: Parameters<typeof provisionLab>[1] = {}): Promise<void> {
    lab = await provisionLab((given) => {
      const made = seededCluster(given);
      const snapshots = ['before', 'after'].map((name, index) => ({ name, time: 1_760_000_000 + index }));
      made.configure(101, { snapshots });
      return made;
    }, options);
    await lab.until('the right', () => lab.find('guest', '101')?.readings.snapshotable);
  }
  const left = (): readonly string[] => lab.cluster.find(101).spec.snapshots?.map(({ name }) => name) ?? [];
  const ask = (snapshot = 'before') => lab.submit('delete_snapshot', HOST, { snapshot });
  const deletes = (): number => lab.simulator.faults.count(/^DELETE/);

  test('takes away that one, and says so in the lab', async () => {
    await begin();
    const job = await lab.over(ask());
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.deepEqual(left(), ['after']);
    await lab.until('its count', () => lab.find('guest', '101')?.readings.snapshots === 1);
  });

  test('says before what it would send, and what stays', async () => {
    await begin();
    const plan = await lab.plan('delete_snapshot', HOST, { snapshot: 'before' });
    assert.deepEqual(plan.steps[0], {
      name: 'Delete the snapshot before',
      calls: ['DELETE /nodes/pve1/qemu/101/snapshot/before'],
    });
    assert.deepEqual(
      plan.checks?.map(({ name, ok }) => [name, ok]),
      [
        ['Right', true],
        ['Snapshot', true],
      ],
    );
    assert.match(plan.warnings?.[0] ?? '', /^after came after it, and stay/);
    assert.equal(deletes(), 0);
  });

  test('of one that is not there, or of a guest that is busy, sends nothing', async () => {
    await begin();
    const missing = await lab.over(ask('other'));
    assert.deepEqual([missing.error?.code, missing.error?.hint], ['check_failed', 'it has: before, after']);
    lab.cluster.find(101).lock = 'backup';
    const busy = await lab.over(ask());
    assert.match(busy.error?.message ?? '', /docker-host is locked \(backup\)/);
    assert.equal(deletes(), 0);
  });

  test('is not carried out on what is configured otherwise since its dry run', async () => {
    await begin();
    await lab.plan('delete_snapshot', HOST, { snapshot: 'before' }, { requestId: 'r1' });
    lab.cluster.configure(101, { cores: 8 });
    const job = await lab.over(
      lab.submit('delete_snapshot', HOST, { snapshot: 'before' }, { requestId: 'r1' }),
    );
    assert.equal(job.error?.code, 'target_changed');
    assert.equal(deletes(), 0);
  });

  test('is done once whenever Labkeeper is killed, and whichever answer is lost', async () => {
    for (let seconds = 0; seconds <= 4; seconds += 0.5) {
      await begin();
      if (seconds % 1 === 0) {
        lab.simulator.faults.inject({ method: 'DELETE' }, { kind: 'reset', carriedOut: true }, 1);
      }
      const job = ask();
      await lab.clock.advance(seconds * 1_000);
      await lab.kill();
      const { state, error } = await lab.over(job);
      // Killed before it had looked at anything, it is not begun at all.
      if (state === 'cancelled') assert.equal(error?.code, 'interrupted');
      else
        assert.deepEqual(
          [state, left()],
          ['succeeded', ['after']],
          `killed after ${seconds} s: ${error?.message}`,
        );
      assert.ok(deletes() <= 1, `${deletes()} were sent`);
      if (seconds < 4) await lab.end();
    }
  });
});
