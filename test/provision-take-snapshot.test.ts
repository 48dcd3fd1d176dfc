import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { tooMany } from '../addon/src/sources/proxmox/provision/prune-snapshots.ts';
import type { ProxmoxCluster } from '../simulators/proxmox/index.ts';
import { seededCluster } from '../simulators/proxmox/index.ts';
import { provisionLab } from './helpers/provision-lab.ts';

const HOST = 'proxmox/home/guest/101';
const PULSE = 'proxmox/home/guest/110';
const TIB = 1024 ** 4;

type Lab = Awaited<ReturnType<typeof provisionLab>>;

async function beginWith(change: (cluster: ProxmoxCluster) => void = () => {}): Promise<Lab> {
  const lab = await provisionLab((given) => {
    const made = seededCluster(given);
    made.configure(101, { snapshots: [] });
    change(made);
    return made;
  });
  await lab.until('the right', () => lab.find('guest', '101')?.readings.snapshotable);
  return lab;
}

suite('taking a snapshot', () => {
  let lab: Lab;
  afterEach(() => lab.end());

  const ask = (input: object = {}, id = HOST) => lab.submit('snapshot', id, input);
  const taken = () => lab.cluster.find(101).spec.snapshots ?? [];
  const sent = (): number => lab.simulator.faults.count(/^POST .*snapshot$/);
  const refused = async (input: object, id = HOST): Promise<string> => {
    const { error } = await lab.over(ask(input, id));
    assert.equal(error?.code, 'check_failed', error?.message);
    assert.equal(sent(), 0);
    return error?.message ?? '';
  };

  test('gives it a name with date and time, and keeps who wanted it and what for', async () => {
    lab = await beginWith();
    const job = await lab.over(ask({ about: 'Before\nthe update' }));
    assert.equal(job.state, 'succeeded', job.error?.message);
    const [one] = taken();
    assert.match(one?.name ?? '', /^labkeeper-\d{8}-\d{6}$/);
    assert.equal(one?.description, 'Before the update · Labkeeper (homeassistant, anna)');
    assert.deepEqual(job.result, { snapshot: one?.name });
    await lab.until('its count', () => lab.find('guest', '101')?.readings.snapshots === 1);
  });

  test('takes the name that it is given, once', async () => {
    lab = await beginWith((cluster) => cluster.configure(101, { snapshots: [{ name: 'there', time: 1 }] }));
    assert.match(await refused({ name: 'there' }), /docker-host has “there” already/);
    assert.match(await refused({ name: 'current' }), /has “current” already/);
    await lab.over(ask({ name: 'before-upgrade' }));
    assert.deepEqual(
      taken().map(({ name }) => name),
      ['there', 'before-upgrade'],
    );
  });

  test('keeps the memory of a machine that runs, if asked to', async () => {
    lab = await beginWith();
    const { steps } = await lab.plan('snapshot', HOST, { name: 'ram', memory: true });
    assert.match(
      steps[0]?.calls?.[0] ?? '',
      /^POST \/nodes\/pve1\/qemu\/101\/snapshot snapname=ram .* vmstate=1$/,
    );
    await lab.over(ask({ name: 'ram', memory: true }));
    assert.equal(taken()[0]?.vmstate, true);
  });

  test('keeps no memory of one with a device of the node, nor of a container', async () => {
    lab = await beginWith((cluster) => cluster.configure(101, { hostpci: ['0000:3b:00'] }));
    assert.match(await refused({ memory: true }), /it has hostpci0: what such a device holds cannot be kept/);
    assert.match(await refused({ memory: true }, PULSE), /memory of a container cannot be kept/);
    assert.equal((await lab.over(ask())).state, 'succeeded', 'of its disks it does');
  });

  test('is refused where the storage is too full, or would be with its memory', async () => {
    lab = await beginWith();
    lab.cluster.setStorage('local-zfs', { total: TIB, used: 0.86 * TIB });
    assert.match(await refused({}), /Space on local-zfs: 86 % of 1024 GiB used: more than 85 %/);
    lab.cluster.setStorage('local-zfs', { total: TIB, used: 0.84 * TIB });
    assert.match(await refused({ memory: true }), /84 % of 1024 GiB used; with 32 GiB more 87 %/);
    assert.equal((await lab.over(ask())).state, 'succeeded');
  });

  test('is taken once whenever Labkeeper is killed, and whichever answer is lost', async () => {
    for (let seconds = 0; seconds <= 4; seconds += 0.5) {
      lab = await beginWith();
      if (seconds % 1 === 0)
        lab.simulator.faults.inject(
          { method: 'POST', path: /snapshot$/ },
          { kind: 'reset', carriedOut: true },
          1,
        );
      const job = ask();
      await lab.clock.advance(seconds * 1_000);
      await lab.kill();
      const { state, error } = await lab.over(job);
      if (state === 'cancelled') assert.equal(error?.code, 'interrupted');
      else
        assert.deepEqual([state, taken().length], ['succeeded', 1], `after ${seconds} s: ${error?.message}`);
      assert.ok(sent() <= 1, `${sent()} were sent`);
      if (seconds < 4) await lab.end();
    }
  });
});

suite('pruning snapshots', () => {
  let lab: Lab;
  const ours = (day: number): string => `labkeeper-2026112${day}-031500`;
  const row = (name: string, snaptime: number, parent?: string) => ({
    ...{ name, snaptime },
    ...(parent !== undefined && { parent }),
  });

  test('gives up the oldest of our own, and never what another’s was made after', () => {
    const rows = [
      row(ours(1), 1),
      row('mine', 2, ours(1)),
      row(ours(2), 3, 'mine'),
      row('labkeeper-x', 4, ours(2)),
      row(ours(3), 5, 'labkeeper-x'),
      row(ours(4), 6, ours(3)),
      row(ours(5), 7, ours(4)),
    ];
    assert.deepEqual(tooMany(rows, 1), { go: [ours(3), ours(4)], held: [ours(1), ours(2)] });
    assert.deepEqual(tooMany(rows, 4), { go: [], held: [ours(1)] });
    assert.deepEqual(tooMany(rows, 9), { go: [], held: [] });
    assert.deepEqual(tooMany(rows.toReversed(), 0).go, [ours(3), ours(4), ours(5)]);
    assert.deepEqual(tooMany([row('mine', 1), row('auto-1', 2)], 0), { go: [], held: [] });
  });

  const three = (cluster: ProxmoxCluster): void =>
    cluster.configure(101, {
      snapshots: ['mine', ours(1), ours(2), ours(3)].map((name, index) => ({
        name,
        time: 1_760_000_000 + index,
      })),
    });
  const left = (): readonly string[] => lab.cluster.find(101).spec.snapshots?.map(({ name }) => name) ?? [];

  test('says which before, and gives up these', async () => {
    lab = await beginWith(three);
    const { steps } = await lab.plan('prune_snapshots', HOST, { keep: 1 });
    assert.deepEqual(
      steps.slice(0, -1).map(({ name }) => name),
      [`Delete the snapshot ${ours(1)}`, `Delete the snapshot ${ours(2)}`],
    );
    const job = await lab.over(lab.submit('prune_snapshots', HOST, { keep: 1 }));
    assert.deepEqual([job.state, left()], ['succeeded', ['mine', ours(3)]], job.error?.message);
    await lab.end();
  });

  test('wants the name of the guest, since nothing brings them back', async () => {
    lab = await beginWith(three);
    assert.throws(() => lab.submit('prune_snapshots', HOST, { keep: 0 }, { confirm: undefined }), {
      code: 'confirm_missing',
    });
    await lab.end();
  });

  test('gives up each once whenever Labkeeper is killed, and whichever answer is lost', async () => {
    for (let seconds = 0; seconds <= 7; seconds += 0.5) {
      lab = await beginWith(three);
      if (seconds % 1 === 0)
        lab.simulator.faults.inject({ method: 'DELETE' }, { kind: 'reset', carriedOut: true }, 2);
      const job = lab.submit('prune_snapshots', HOST, { keep: 1 });
      await lab.clock.advance(seconds * 1_000);
      await lab.kill();
      const { state, error } = await lab.over(job);
      if (state === 'cancelled') assert.equal(error?.code, 'interrupted');
      else
        assert.deepEqual(
          [state, left()],
          ['succeeded', ['mine', ours(3)]],
          `after ${seconds} s: ${error?.message}`,
        );
      assert.ok(lab.simulator.faults.count(/^DELETE/) <= 2);
      await lab.end();
    }
  });
});
