import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { seededCluster } from '../simulators/proxmox/index.ts';
import { provisionLab } from './helpers/provision-lab.ts';

const HOST = 'proxmox/home/guest/101';
/** 2025-11-24 03:15 UTC and an hour later. */
const TIMES = { first: 1_763_954_100, second: 1_763_957_700 };

suite('rolling back', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  afterEach(() => lab.end());

  interface Given {
    readonly self?: string;
    /** Of which plugin the storage of its disks is. */
    readonly plugin?: string;
    /** The newer snapshot has the memory. */
    readonly vmstate?: boolean;
  }

  async function begin({ self, plugin = 'zfspool', vmstate = false }: Given = {}): Promise<void> {
    lab = await provisionLab(
      (given) => {
        const made = seededCluster(given);
        const settings = { name: 'docker-host', cores: 2, memory: 8 * 1024 ** 3, disk: 256 * 1024 ** 3 };
        const snapshots = [
          { name: 'first', time: TIMES.first, settings },
          { name: 'second', time: TIMES.second, settings, vmstate },
        ];
        made.configure(101, { snapshots });
        made.setStorage('local-zfs', { type: plugin });
        return made;
      },
      self === undefined ? {} : { self },
    );
    await lab.until('the right', () => lab.find('guest', '101')?.readings.snapshotable);
  }
  const host = () => lab.cluster.find(101);
  const ask = (input: object) => lab.submit('rollback', HOST, input);
  const plan = (input: object) => lab.plan('rollback', HOST, input);
  const sent = (): number => lab.simulator.faults.count(/^POST .*rollback$/);

  test('takes a guest back to what it was, and leaves it off without its memory', async () => {
    await begin();
    const before = lab.find('guest', '101')?.id;
    const job = await lab.over(ask({ snapshot: 'second' }));
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.deepEqual([host().spec.cores, host().running], [2, false]);
    await lab.until('its CPUs', () => lab.find('guest', '101')?.readings.cpus === 2);
    await lab.until('its state', () => lab.find('guest', '101')?.readings.state === 'stopped');
    assert.equal(lab.find('guest', '101')?.id, before, 'it is no other guest, although its vmgenid differs');
  });

  test('starts it afterwards, if asked to', async () => {
    await begin();
    await lab.over(ask({ snapshot: 'second', start: true }));
    await lab.until('its start', () => host().running);
  });

  test('says before what is lost, what is cut off and that it stays off', async () => {
    await begin();
    const { warnings, steps, checks } = await plan({ snapshot: 'second' });
    assert.deepEqual(warnings, [
      'all that docker-host wrote to its disks since 2025-11-24 04:15 UTC is lost, and its settings are again those of then',
      'docker-host runs: it is cut off, as if its power were gone',
      'docker-host is off afterwards: the snapshot has no memory, and “start” is not set',
    ]);
    assert.deepEqual(steps[0]?.calls, ['POST /nodes/pve1/qemu/101/snapshot/second/rollback']);
    assert.deepEqual(
      checks?.map(({ name, ok }) => [name, ok]),
      [
        ['Right', true],
        ['Snapshot', true],
        ['Newest on local-zfs', true],
      ],
    );
    assert.equal(sent(), 0);
  });

  test('says that it runs on where the snapshot has its memory', async () => {
    await begin({ vmstate: true });
    const { warnings } = await plan({ snapshot: 'second' });
    assert.equal(warnings?.at(-1), 'docker-host runs afterwards: the snapshot has its memory');
    await lab.over(ask({ snapshot: 'second' }));
    assert.ok(host().running);
  });

  test('goes to the newest snapshot only on ZFS, and says how to get at an older one', async () => {
    await begin();
    const { error } = await lab.over(ask({ snapshot: 'first' }));
    assert.equal(error?.code, 'check_failed');
    assert.match(error?.message ?? '', /newest snapshot only; newer than first: second$/);
    assert.match(
      error?.hint ?? '',
      /zfs clone rpool\/data\/vm-101-disk-0@first rpool\/data\/vm-101-disk-0-first /,
    );
    assert.equal(sent(), 0);
  });

  test('goes to an older one elsewhere, and says which stay', async () => {
    await begin({ plugin: 'lvmthin' });
    const { warnings } = await plan({ snapshot: 'first' });
    assert.equal(warnings?.[1], 'newer snapshots stay, as another branch: second');
    const job = await lab.over(ask({ snapshot: 'first' }));
    assert.equal(job.state, 'succeeded');
    assert.deepEqual([host().spec.parent, host().spec.snapshots?.length], ['first', 2]);
  });

  test('is not begun when a snapshot was made since its dry run, or another guest has the number', async () => {
    for (const change of [
      () =>
        lab.cluster.configure(101, {
          snapshots: [...(host().spec.snapshots ?? []), { name: 'third', time: 1_764_000_000 }],
        }),
      () => lab.cluster.recreate(101),
    ]) {
      await begin();
      await lab.plan('rollback', HOST, { snapshot: 'second' }, { requestId: 'r1' });
      change();
      const job = await lab.over(lab.submit('rollback', HOST, { snapshot: 'second' }, { requestId: 'r1' }));
      assert.ok(['target_changed', 'check_failed'].includes(job.error?.code ?? ''), job.error?.message);
      assert.equal(sent(), 0);
      await lab.end();
    }
    await begin();
  });

  test('of what Labkeeper runs on is refused', async () => {
    await begin({ self: HOST });
    assert.throws(() => ask({ snapshot: 'second' }), { code: 'lifeline' });
    await assert.rejects(plan({ snapshot: 'second' }), { code: 'lifeline' });
  });

  test('wants the name of the guest', async () => {
    await begin();
    assert.throws(() => lab.submit('rollback', HOST, { snapshot: 'second' }, { confirm: true }), {
      code: 'confirm_missing',
    });
  });

  test('that fails half-way says why, and is not tried again', async () => {
    await begin();
    const job = ask({ snapshot: 'second' });
    await lab.until('its task', () => host().lock === 'rollback');
    host().heldBy?.interrupt();
    const { state, error } = await lab.over(job);
    assert.equal(state, 'failed');
    assert.match(error?.message ?? '', /qmrollback of 101 failed: received interrupt/);
    assert.equal(sent(), 1);
  });

  test('is done once whenever Labkeeper is killed, and whichever answer is lost', async () => {
    for (let seconds = 0; seconds <= 4.5; seconds += 0.5) {
      await begin();
      if (seconds % 1 === 0) {
        lab.simulator.faults.inject(
          { method: 'POST', path: /rollback$/ },
          { kind: 'reset', carriedOut: true },
          1,
        );
      }
      const job = ask({ snapshot: 'second' });
      await lab.clock.advance(seconds * 1_000);
      await lab.kill();
      const { state, error } = await lab.over(job);
      if (state === 'cancelled') assert.equal(error?.code, 'interrupted');
      else
        assert.deepEqual(
          [state, host().spec.parent],
          ['succeeded', 'second'],
          `after ${seconds} s: ${error?.message}`,
        );
      assert.ok(sent() <= 1, `${sent()} were sent`);
      if (seconds < 4.5) await lab.end();
    }
  });
});
