import type { Memory } from '../../contract/source.ts';
import type { Smart } from './disk/smart.ts';
import type { DiskRow } from './disk/wire.ts';
import type { Picture } from './picture.ts';
import type { PoolRow, PoolStatus } from './zfs/wire.ts';

/**
 * A node that is off tells nothing of its disks and pools, and they are there all the same: what was read last is kept
 * over restarts of ours, so that they go on being shown, as unavailable.
 */
export interface Kept {
  readonly disks: readonly DiskRow[];
  /** By the disk's vendor path. */
  readonly smart: Smart;
  /** Without what changes with every write: nobody sees it. */
  readonly pools: readonly { readonly row: Pick<PoolRow, 'name'>; readonly status: PoolStatus | undefined }[];
}

/** Keeps what was read, if it differs. @param whose the node, or the disk's vendor path */
export function keep<What extends keyof Kept>(
  memory: Memory,
  what: What,
  whose: string,
  value: Kept[What],
): void {
  const text = JSON.stringify(value);
  const key = `${what}/${whose}`;
  if (memory.get(key) !== text) memory.put(key, text);
}

/** Puts what was kept of nodes that are off into the picture, where nothing was read of them. */
export function recall(picture: Picture, memory: Memory): void {
  const { nodes, disks, pools } = picture;
  const { online } = nodes;
  for (const { node } of nodes.rows) {
    if (online.has(node)) continue;
    const listed = disks.isListed(node) ? undefined : kept(memory, 'disks', node);
    if (listed !== undefined) {
      disks.saw(node, listed);
      for (const path of disks.pathsOn(node, online)) {
        const smart = kept(memory, 'smart', path);
        // So long ago that it is asked anew when it can be.
        if (smart !== undefined) disks.checked(path, smart, Number.NEGATIVE_INFINITY);
      }
    }
    const known = pools.isListed(node) ? undefined : kept(memory, 'pools', node);
    if (known !== undefined)
      pools.saw(
        node,
        known.map((pool) => ({ ...pool, at: Number.NEGATIVE_INFINITY })),
      );
  }
}

/** undefined: nothing was kept, or something else by another version. */
function kept<What extends keyof Kept>(memory: Memory, what: What, whose: string): Kept[What] | undefined {
  try {
    return JSON.parse(memory.get(`${what}/${whose}`) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}
