import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { Value } from 'typebox/value';
import { KINDS } from '../addon/src/kinds/index.ts';
import { linksOf } from '../addon/src/model/resource.ts';
import { Contents } from '../addon/src/sources/proxmox/storage/contents.ts';
import { isThin, overcommitOf } from '../addon/src/sources/proxmox/storage/overcommit.ts';
import { placesOf } from '../addon/src/sources/proxmox/storage/place.ts';
import type { StorageRow } from '../addon/src/sources/proxmox/storage/wire.ts';
import { seededCluster, threeNodeCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

const GIB = 1024 ** 3;
const HALF_AN_HOUR = 30 * 60_000;

const row = (change: Partial<StorageRow> = {}): StorageRow => ({
  type: 'storage',
  node: 'pve1',
  storage: 'local',
  status: 'available',
  plugintype: 'dir',
  content: 'iso,backup',
  ...change,
});

suite('storages of a list', () => {
  const online = new Set(['pve1', 'pve2']);

  test('are one where they are shared, asked of a node that can use it', () => {
    const places = placesOf(
      [
        row({ storage: 'nas', shared: 1, node: 'pve3', status: 'unknown' }),
        row({ storage: 'nas', shared: 1, status: 'unknown' }),
        row({ storage: 'nas', shared: 1, node: 'pve2' }),
        row(),
        row({ node: 'pve2' }),
      ],
      online,
    );
    assert.deepEqual(
      places.map(({ path, node, active }) => [path, node, active]),
      [
        ['nas', 'pve2', true],
        ['pve1/local', 'pve1', true],
        ['pve2/local', 'pve2', true],
      ],
    );
  });

  test('are read every half an hour, sooner when it failed, and after the last of several backups', () => {
    const contents = new Contents();
    const [local, images] = placesOf([row(), row({ storage: 'data', content: 'images' })], online);
    assert.ok(local && images);
    const kinds = new Set(['backup', 'images']);
    const due = (now: number): readonly string[] =>
      contents.due([local, images], kinds, now).map(({ storage }) => storage);
    assert.deepEqual(due(0), ['local', 'data']);
    contents.saw(local.path, [], 0);
    contents.failed(images.path, 0);
    assert.deepEqual(due(5 * 60_000), ['data']);
    contents.saw(images.path, [], 5 * 60_000);
    contents.locked(new Set([100]));
    contents.locked(new Set([101]));
    assert.deepEqual(due(6 * 60_000), [], 'the next guest is being backed up');
    contents.locked(new Set());
    assert.deepEqual(due(7 * 60_000), ['local']);
    assert.deepEqual(due(8 * 60_000), []);
    contents.backupEnded();
    assert.deepEqual(due(9 * 60_000), ['local']);
    assert.deepEqual(due(HALF_AN_HOUR + 5 * 60_000), ['local', 'data']);
  });

  test('that nobody can use are not asked, and what was on them counts as still there', () => {
    const contents = new Contents();
    const volume = { volid: 'local:backup/vzdump-qemu-100-x.vma.zst', content: 'backup', size: 2 };
    const [gone] = placesOf([row({ status: 'unknown' })], online);
    assert.ok(gone);
    assert.deepEqual(contents.due([gone], new Set(['backup']), 0), []);
    contents.saw(gone.path, [volume], 0);
    contents.failed(gone.path, 1);
    assert.deepEqual(contents.volumesOn(gone.path), [volume]);
    assert.equal(contents.isFresh(gone.path), false);
  });

  test('promise more than they hold only where they are thin', () => {
    const thin = (change: Partial<StorageRow>, sparse?: number): boolean => {
      const [place] = placesOf([row(change)], online);
      assert.ok(place);
      return isThin(place, { storage: 'x', ...(sparse !== undefined && { sparse }) });
    };
    assert.equal(thin({ plugintype: 'lvmthin', content: 'images,rootdir' }), true);
    assert.equal(thin({ plugintype: 'zfspool', content: 'images' }), false);
    assert.equal(thin({ plugintype: 'zfspool', content: 'images' }, 1), true);
    assert.equal(thin({ plugintype: 'lvm', content: 'images' }), false);
    assert.equal(thin({ plugintype: 'dir', content: 'backup' }), false);
    const disk = (size: number | undefined) => ({
      volid: 'a',
      content: 'images',
      ...(size !== undefined && { size }),
    });
    const iso = { volid: 'b', content: 'iso', size: 900 };
    assert.equal(overcommitOf([disk(60), disk(90), iso], 100), 150);
    assert.equal(overcommitOf([disk(60), disk(undefined)], 100), null);
    assert.equal(overcommitOf(undefined, 100), null);
    // Older versions do not say what kind of volume it is.
    assert.equal(overcommitOf([{ volid: 'c', format: 'raw', vmid: 100, size: 50 }], 100), 50);
  });
});

suite('storages of a cluster', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());
  const readings = (path: string) => lab.find('storage', path)?.readings;

  test('tell whether they can be used, and what thin ones promise, to who may see all disks', async () => {
    lab = await proxmoxLab(threeNodeCluster, {
      options: () => ({
        token_id: undefined,
        token_secret: undefined,
        username: 'root@pam',
        password: 'labkeeper',
      }),
    });
    await lab.until('what is promised', () => readings('pve1/local-zfs')?.overcommit);
    const zfs = readings('pve1/local-zfs');
    const promised = lab.cluster.guestsOn('pve1').reduce((sum, { spec }) => sum + spec.disk, 0);
    const total = lab.cluster.storages.find(({ storage }) => storage === 'local-zfs')?.total ?? 0;
    assert.equal(zfs?.overcommit, (promised / total) * 100);
    assert.deepEqual([zfs?.active, zfs?.shared, zfs?.problem], [true, false, false]);
    await lab.until('its pool', () => linksOf(lab.find('storage', 'pve1/local-zfs') as never).length > 0);
    assert.deepEqual(linksOf(lab.find('storage', 'pve1/local-zfs') as never), [
      { type: 'uses_storage', to: 'proxmox/home/pool/pve1/rpool' },
    ]);
    assert.equal(readings('backup')?.shared, true);
    assert.equal('overcommit' in (readings('backup') ?? {}), false);
    for (const { kind, readings: all, id } of lab.store.all())
      assert.deepEqual([...Value.Errors(KINDS[kind].readings, all)], [], id);
  });

  test('that are LVM-thin are a problem when their metadata runs out, however much space is left', async () => {
    lab = await proxmoxLab(threeNodeCluster);
    await lab.until('metadata', () => readings('pve2/local-lvm')?.metadata_usage, 700);
    assert.equal(readings('pve2/local-lvm')?.problem, false);
    assert.equal('metadata_usage' in (readings('pve1/local-zfs') ?? {}), false);
    assert.equal(readings('pve2/local-lvm')?.overcommit, null, 'it may not see all disks');
    const { hardware } = lab.cluster.node('pve2');
    hardware.thinPools = hardware.thinPools.map((pool) => ({
      ...pool,
      metadataUsed: 0.95 * pool.metadataSize,
    }));
    await lab.until('the problem', () => readings('pve2/local-lvm')?.problem === true, 1_500);
    assert.equal(Math.round(readings('pve2/local-lvm')?.metadata_usage ?? 0), 95);
    assert.equal(readings('pve3/local-lvm')?.problem, false);
  });

  test('cost a call each in half an hour', async () => {
    lab = await proxmoxLab(seededCluster);
    await lab.until('contents', () => lab.find('guest', '100')?.readings.last_backup);
    const count = () => lab.simulator.faults.count(/\/storage\/[^/]+\/content/);
    const before = count();
    // Beside those that nothing is asked of.
    assert.equal(before, 2 + 1);
    await lab.pass(29 * 60);
    assert.equal(count(), before);
    await lab.pass(2 * 60);
    assert.equal(count(), 2 * before);
  });
});

suite('a shared storage', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());

  test('is read once, not of each node', async () => {
    lab = await proxmoxLab(threeNodeCluster);
    await lab.until('contents', () => lab.find('guest', '100')?.readings.last_backup);
    assert.equal(lab.simulator.faults.count(/\/storage\/backup\/content/), 1);
    const size = lab.find('guest', '100')?.readings.backup_size;
    assert.equal(Math.round(size ?? 0), Math.round((64 * GIB * 0.31) / GIB));
  });
});
