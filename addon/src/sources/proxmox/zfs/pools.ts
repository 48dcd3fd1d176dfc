import type { LabResourceOf } from '../../../kinds/index.ts';
import { type PoolKnowledge, poolOf } from './map.ts';
import { scanOf, wallTime } from './scan.ts';
import { type Device, devicesOf, errorsIn } from './vdevs.ts';
import type { PoolRow, PoolStatus } from './wire.ts';

/** What a pool in which nothing is amiss and nothing goes on says of its devices is read again after so long. */
const AGAIN_MS = 14 * 60_000;

interface Seen extends PoolKnowledge {
  /** When its devices were read, by the clock's `elapsed`. */
  readonly at: number;
}

/** A pool as it was read now; `at` says since when its `status` is known. */
export type PoolNews = Omit<Seen, 'scrub'>;

/** What is known of the ZFS pools of a cluster's nodes. No I/O. */
export class Pools {
  readonly #pools = new Map<string, readonly Seen[]>();
  readonly #zones = new Map<string, string>();

  /** The zone of a node's wall clock, as in `Europe/Berlin`; undefined: not known. */
  zoneOf(node: string): string | undefined {
    return this.#zones.get(node);
  }

  isIn(node: string, zone: string): void {
    this.#zones.set(node, zone);
  }

  /** Takes a node's pools, each with what it says of itself. */
  saw(node: string, pools: readonly PoolNews[]): void {
    const before = this.#pools.get(node) ?? [];
    this.#pools.set(
      node,
      pools.map(({ row, status, at }) => {
        // A resilver takes the place of what was said about the last scrub.
        const known = before.find((pool) => pool.row.name === row.name)?.scrub;
        return { row, status, at, scrub: scrubIn(status, this.#zones.get(node)) ?? known };
      }),
    );
  }

  /** It was read what pools a node has. */
  isListed(node: string): boolean {
    return this.#pools.has(node);
  }

  /** What was read of a pool's devices, if that goes on being so; undefined: it is to be read again. */
  settled(node: string, row: PoolRow, now: number): PoolNews | undefined {
    const known = this.#pools.get(node)?.find((pool) => pool.row.name === row.name);
    if (known?.status === undefined || now - known.at >= AGAIN_MS) return undefined;
    const { state } = scanOf(known.status.scan);
    const isBusy = state === 'scrubbing' || state === 'resilvering' || state === 'paused';
    const isWell = row.health === 'ONLINE' && known.row.health === 'ONLINE' && errorsIn(known.status) === 0;
    return isWell && !isBusy ? { row, status: known.status, at: known.at } : undefined;
  }

  /** Devices of a node's pools, by the pool's name. */
  devicesOn(node: string): ReadonlyMap<string, readonly Device[]> {
    const pools = this.#pools.get(node) ?? [];
    return new Map(pools.map(({ row, status }) => [row.name, status === undefined ? [] : devicesOf(status)]));
  }

  /** Lets go of nodes that are in the cluster no longer. */
  keep(nodes: ReadonlySet<string>): void {
    for (const node of this.#pools.keys()) if (!nodes.has(node)) this.#pools.delete(node);
  }

  /** @param online names of the nodes that run */
  resources(owner: string, online: ReadonlySet<string>): readonly LabResourceOf<'pool'>[] {
    return [...this.#pools].flatMap(([node, pools]) =>
      pools.map((pool) => poolOf(pool, { owner, node, available: online.has(node) })),
    );
  }
}

function scrubIn(status: PoolStatus | undefined, zone: string | undefined): PoolKnowledge['scrub'] {
  const { scrubbed, errors } = scanOf(status?.scan);
  if (scrubbed === undefined) return undefined;
  return { at: zone === undefined ? undefined : wallTime(scrubbed, zone), errors };
}
