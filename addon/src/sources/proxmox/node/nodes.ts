import { StartTimes } from '../boot-time.ts';
import type { GuestRow } from '../guest/wire.ts';
import { type NodeResource, nodeOf } from './map.ts';
import type { NodeRow, NodeStatus } from './wire.ts';

/** What is known of the nodes of a cluster. No I/O. */
export class Nodes {
  #rows: readonly NodeRow[] = [];
  #ips: ReadonlyMap<string, string> = new Map();
  readonly #status = new Map<string, NodeStatus>();
  readonly #started = new StartTimes<string>();

  get rows(): readonly NodeRow[] {
    return this.#rows;
  }

  /** Names of those that run. */
  get online(): ReadonlySet<string> {
    return new Set(this.#rows.filter(({ status }) => status === 'online').map(({ node }) => node));
  }

  /** Takes a list of the cluster. */
  listed(rows: readonly NodeRow[], now: number): void {
    this.#rows = rows;
    for (const { node, uptime } of rows) this.#started.heard(node, uptime, now);
  }

  /** Takes the nodes' addresses, by name. */
  addressed(ips: ReadonlyMap<string, string>): void {
    this.#ips = ips;
  }

  /** Takes what a node says of itself. */
  saw(node: string, status: NodeStatus): void {
    this.#status.set(node, status);
  }

  /** @param cluster id of their cluster, if they are in one */
  resources(
    owner: string,
    url: string,
    cluster: string | undefined,
    guests: readonly GuestRow[],
  ): readonly NodeResource[] {
    return this.#rows.map((row) =>
      nodeOf(row, this.#status.get(row.node), {
        owner,
        url,
        cluster,
        ip: this.#ips.get(row.node),
        started: this.#started.get(row.node),
        guests: guests.filter(({ node }) => node === row.node),
      }),
    );
  }
}
