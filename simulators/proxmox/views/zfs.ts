import type { PoolSpec, VdevSpec } from '../hardware.ts';

type Row = Readonly<Record<string, unknown>>;

/** A row of `GET /nodes/{node}/disks/zfs`. */
export const poolRow = ({ name, size, alloc, frag, dedup, health }: PoolSpec): Row => ({
  ...{ name, size, alloc, frag, dedup, health },
  free: size - alloc,
});

/** `GET /nodes/{node}/disks/zfs/{name}`: as `zpool status -P`, read by Proxmox VE. */
export function poolStatus(pool: PoolSpec): Row {
  const { name, health, status, action, scan, errors = 'No known data errors', vdevs } = pool;
  return {
    name,
    state: health,
    ...(status === undefined ? {} : { status }),
    ...(action === undefined ? {} : { action }),
    ...(scan === undefined ? {} : { scan }),
    errors,
    leaf: 0,
    children: treeOf(name, health, vdevs),
  };
}

/** The pool heads its devices; logs, caches and spares stand beside it. */
function treeOf(name: string, state: string, vdevs: readonly VdevSpec[]): readonly Row[] {
  const isSection = ({ state: known }: VdevSpec): boolean => known === undefined;
  return [
    vdevRow({ name, state, errors: [0, 0, 0], children: vdevs.filter((vdev) => !isSection(vdev)) }),
    ...vdevs.filter(isSection).map(vdevRow),
  ];
}

function vdevRow({ name, state, errors, msg = '', children = [] }: VdevSpec): Row {
  const [read, write, cksum] = errors ?? [];
  return {
    name,
    msg,
    ...(state === undefined ? {} : { state }),
    ...(errors === undefined ? {} : { read, write, cksum }),
    leaf: children.length === 0 ? 1 : 0,
    ...(children.length === 0 ? {} : { children: children.map(vdevRow) }),
  };
}
