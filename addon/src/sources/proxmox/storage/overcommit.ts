import type { Place } from './place.ts';
import type { StorageConfig, VolumeRow } from './wire.ts';

/** Plugins that take space only when it is written to. A file of a disk takes little at first, whatever its format. */
const THIN = new Set(['lvmthin', 'rbd', 'dir', 'nfs', 'cifs', 'cephfs', 'glusterfs', 'btrfs']);

/** Whether disks of guests on a storage may be larger together than it is. */
export function isThin({ plugin, content }: Place, config: StorageConfig | undefined): boolean {
  if (!content.has('images') && !content.has('rootdir')) return false;
  return THIN.has(plugin) || (plugin === 'zfspool' && Number(config?.sparse ?? 0) === 1);
}

/**
 * Sizes of all disks of guests on a storage, as percent of what it holds.
 *
 * @param total bytes
 * @returns null: a size is not known
 */
export function overcommitOf(
  volumes: readonly VolumeRow[] | undefined,
  total: number | undefined,
): number | null {
  if (volumes === undefined || !total) return null;
  const disks = volumes.filter(isDisk);
  const sizes = disks.map(({ size }) => size ?? Number.NaN);
  const sum = sizes.reduce((all, size) => all + size, 0);
  return Number.isNaN(sum) ? null : (sum / total) * 100;
}

const isDisk = ({ content, format = '', vmid }: VolumeRow): boolean =>
  content === undefined
    ? vmid !== undefined && /^(raw|qcow2|vmdk|subvol)$/.test(format)
    : content === 'images' || content === 'rootdir';
