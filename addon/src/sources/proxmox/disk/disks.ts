import type { LabResourceOf } from '../../../kinds/index.ts';
import type { Device } from '../zfs/vdevs.ts';
import { pathsOf } from '../zfs/vdevs.ts';
import { identified, isPathOf, placeOf, type SeenDisk } from './identity.ts';
import { diskOf, isSolid, isVirtual } from './map.ts';
import type { Smart } from './smart.ts';
import type { DiskRow } from './wire.ts';

/** SMART is read again after so long. */
const AGAIN_MS = 6 * 3_600_000;
/** And that of one which said nothing. */
const SILENT_AGAIN_MS = 3_600_000;

interface Checked {
  readonly smart: Smart | undefined;
  /** When it is asked again, by the clock's `elapsed`. */
  readonly due: number;
}

/** Devices of a node's pools, by the pool's name. */
export type PoolDevices = (node: string) => ReadonlyMap<string, readonly Device[]>;

/** What is known of the disks of a cluster's nodes. No I/O. */
export class Disks {
  readonly #lists = new Map<string, readonly DiskRow[]>();
  /** By vendor path. */
  readonly #checked = new Map<string, Checked>();
  /** Where each serial was found first. */
  #holders: ReadonlyMap<string, string> = new Map();

  /** Takes what a node lists. */
  saw(node: string, rows: readonly DiskRow[]): void {
    this.#lists.set(node, rows);
  }

  /** It was read what disks a node has. */
  isListed(node: string): boolean {
    return this.#lists.has(node);
  }

  /** Vendor paths of a node's disks. @param online names of the nodes that run */
  pathsOn(node: string, online: ReadonlySet<string>): readonly string[] {
    return this.#seen(online).flatMap((disk) => (disk.node === node ? [disk.path] : []));
  }

  /** Lets go of nodes that are in the cluster no longer. */
  keep(nodes: ReadonlySet<string>): void {
    for (const node of this.#lists.keys()) if (!nodes.has(node)) this.#lists.delete(node);
  }

  /** Takes what a disk says of itself; undefined: it says nothing. */
  checked(path: string, smart: Smart | undefined, at: number): void {
    // One that was silent for once is as it was.
    const last = this.#checked.get(path)?.smart;
    this.#checked.set(path, { smart: smart ?? last, due: at + (smart ? AGAIN_MS : SILENT_AGAIN_MS) });
  }

  /**
   * Disks of a node that are to be asked how they are. A disk that turns would wake up for that, if nothing lies on it
   * that keeps it awake.
   *
   * @param online names of the nodes that run
   * @param wakes also those
   */
  due(
    node: string,
    { online, pools, wakes }: { online: ReadonlySet<string>; pools: PoolDevices; wakes: boolean },
    now: number,
  ): readonly SeenDisk[] {
    return this.#seen(online).filter(({ node: on, row, path }) => {
      if (on !== node || isVirtual(row)) return false;
      const last = this.#checked.get(path);
      if (last !== undefined && now < last.due) return false;
      return isSolid(row) || wakes || poolOf(row, pools(node)) !== undefined;
    });
  }

  /** @param online names of the nodes that run */
  resources(
    owner: string,
    online: ReadonlySet<string>,
    pools: PoolDevices,
  ): readonly LabResourceOf<'disk'>[] {
    return this.#seen(online).map((disk) =>
      diskOf(disk, {
        owner,
        available: online.has(disk.node),
        smart: this.#checked.get(disk.path)?.smart,
        pool: poolOf(disk.row, pools(disk.node)),
      }),
    );
  }

  /** @param online a disk that moved is where it is now, not where it was when its node went off */
  #seen(online: ReadonlySet<string>): readonly SeenDisk[] {
    const nodes = [...this.#lists.keys()].sort(
      (one, other) => Number(online.has(other)) - Number(online.has(one)) || (one < other ? -1 : 1),
    );
    const lists = new Map(nodes.map((node) => [node, this.#lists.get(node) ?? []]));
    const seen = identified(lists, this.#holders);
    this.#holders = new Map(
      seen.flatMap((disk) => (disk.serial === undefined ? [] : [[disk.serial, placeOf(disk)]])),
    );
    return seen;
  }
}

function poolOf(row: DiskRow, pools: ReadonlyMap<string, readonly Device[]>): string | undefined {
  for (const [name, devices] of pools)
    if (devices.some((device) => pathsOf(device).some((path) => isPathOf(path, row)))) return name;
  return undefined;
}
