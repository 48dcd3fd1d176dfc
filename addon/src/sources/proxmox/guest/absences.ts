import type { NodeRow } from '../node/wire.ts';
import type { GuestRow } from './wire.ts';

/** One list may lack a guest that another has: only one that is missing for so long is gone. */
const GONE_MS = 20_000;
/** Timers may be a little early. */
const SLACK_MS = 500;

/** Which guests were in an earlier list and are not in the present one. */
export class Absences {
  /** Since when, by vmid; not of those on a node that does not run. */
  readonly #since = new Map<number, number>();

  /** Some may be gone; another list, this much later (ms), will tell. undefined: none are. */
  get settledIn(): number | undefined {
    return this.#since.size > 0 ? GONE_MS + SLACK_MS : undefined;
  }

  /** @returns those of `before` that are not in `rows` and still count as there */
  kept(
    before: readonly GuestRow[],
    rows: readonly GuestRow[],
    nodes: readonly NodeRow[],
    now: number,
  ): readonly GuestRow[] {
    const there = new Set(rows.map(({ vmid }) => vmid));
    // A node that is in no list any more was taken out of the cluster, and does not come back.
    const silent = new Set(nodes.filter(({ status }) => status !== 'online').map(({ node }) => node));
    for (const vmid of this.#since.keys()) if (there.has(vmid)) this.#since.delete(vmid);
    return before.filter(({ vmid, node }) => {
      if (there.has(vmid)) return false;
      if (silent.has(node)) {
        this.#since.delete(vmid);
        return true;
      }
      const since = this.#since.get(vmid) ?? now;
      this.#since.set(vmid, since);
      if (now - since < GONE_MS) return true;
      this.#since.delete(vmid);
      return false;
    });
  }
}
