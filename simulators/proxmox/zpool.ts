import { check } from './access.ts';
import { badParameters, died } from './errors.ts';
import type { DiskSpec, VdevSpec } from './hardware.ts';
import type { Maker } from './making.ts';
import { isSet, textOf } from './parameters.ts';
import type { SimTask } from './tasks.ts';

const LEAST: Readonly<Record<string, number>> = {
  single: 1,
  mirror: 2,
  raid10: 4,
  raidz: 3,
  raidz2: 4,
  raidz3: 5,
};

/** `POST /nodes/{node}/disks/zfs`. @throws PveError for what is refused before there is a task */
export function createPool({ cluster, node, who, values }: Maker): SimTask {
  const { hardware } = cluster.node(node);
  const name = textOf(values, 'name') ?? '';
  const level = textOf(values, 'raidlevel') ?? '';
  const find = (path: string): DiskSpec => {
    const disk = hardware.disks.find(
      ({ device, link }) => path === `/dev/${device}` || path === `/dev/disk/by-id/${link}`,
    );
    if (disk === undefined) throw died(`failed to get absolute path to ${path}`);
    if (disk.used !== undefined) throw died(`device '/dev/${disk.device}' is already in use`);
    return disk;
  };
  const disks = (textOf(values, 'devices') ?? '').split(/[,; ]+/).map(find);
  if (isSet(values, 'add_storage')) {
    check(who, '/storage', ['Datastore.Allocate']);
    if (cluster.storages.some(({ storage }) => storage === name))
      throw badParameters({ storage: `storage ID '${name}' already defined` });
  }
  if (hardware.pools.some((pool) => pool.name === name))
    throw died(`pool '${name}' already exists on node '${node}'`);
  const least = LEAST[level] ?? 1;
  if (level === 'raid10' && disks.length % 2 !== 0) throw died('raid10 needs an even number of disks');
  if (disks.length < least) throw died(`${level} needs at least ${least} disks`);
  return cluster.tasks.start({
    ...{ node, type: 'zfscreate', id: name, user: who.id },
    run: async (task) => {
      await task.pause(3_000);
      if (cluster.makeError !== undefined) throw new Error(cluster.makeError);
      for (const { device } of disks) find(`/dev/${device}`);
      const vdevs: readonly VdevSpec[] = disks.map(({ link, device }) => ({
        ...{ name: link === undefined ? `/dev/${device}` : `/dev/disk/by-id/${link}-part1`, state: 'ONLINE' },
        errors: [0, 0, 0],
      }));
      const size = Math.min(...disks.map((disk) => disk.size));
      const pool = { name, size, alloc: 0, frag: 0, dedup: 1, health: 'ONLINE' };
      const tree =
        level === 'single'
          ? vdevs
          : [{ name: `${level}-0`, state: 'ONLINE', errors: [0, 0, 0] as const, children: vdevs }];
      hardware.pools = [...hardware.pools, { ...pool, vdevs: tree }];
      for (const { device } of disks) hardware.setDisk(device, { used: 'ZFS' });
      if (!isSet(values, 'add_storage')) return;
      const storage = {
        storage: name,
        type: 'zfspool',
        content: 'images,rootdir',
        total: size,
        used: 0,
        nodes: [node],
      };
      cluster.storages = [...cluster.storages, { ...storage, more: { pool: name } }];
    },
  });
}
