import { StartTimes } from '../boot-time.ts';
import type { GuestRow } from '../guest/wire.ts';
import { nodePath } from '../ids.ts';
import { Parts } from '../parts.ts';
import { type NodeReadings, type NodeResource, nodeOf } from './map.ts';
import type { NodeRow, NodeStatus, PendingPackage } from './wire.ts';

/** What is known of the nodes of a cluster. No I/O. */
export class Nodes {
  #rows: readonly NodeRow[] = [];
  #ips: ReadonlyMap<string, string> = new Map();
  readonly #status = new Map<string, NodeStatus>();
  readonly #started = new StartTimes<string>();
  readonly #kernels = new Map<string, string>();
  readonly #pending = new Map<string, readonly PendingPackage[]>();
  readonly #parts = new Map<string, Parts<NodeReadings>>();

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

  /** Takes the newest kernel that is installed on a node. */
  hasKernel(node: string, release: string): void {
    this.#kernels.set(node, release);
  }

  /** Takes which packages could be newer. @param packages undefined: nobody may know */
  hasPending(node: string, packages: readonly PendingPackage[] | undefined): void {
    if (packages === undefined) this.#pending.delete(node);
    else this.#pending.set(node, packages);
  }

  /** Takes what a reader found out about a node. */
  tell(node: string, reader: string, readings: Partial<NodeReadings>): void {
    const parts = this.#parts.get(node) ?? new Parts<NodeReadings>();
    this.#parts.set(node, parts);
    parts.tell(reader, readings);
  }

  /** What a reader found out about a node is not known any more. */
  fade(node: string, reader: string): void {
    this.#parts.get(node)?.fade(reader);
  }

  /** Main version of Proxmox VE on a node, as in 9; undefined while unknown. */
  mainVersion(node: string): number | undefined {
    const version = Number.parseInt(this.#status.get(node)?.pveversion?.split('/')[1] ?? '', 10);
    return Number.isNaN(version) ? undefined : version;
  }

  /** Milliseconds since 1970; undefined while it does not run. */
  startedAt(node: string): number | undefined {
    return this.#started.get(node);
  }

  /**
   * @param cluster id of their cluster, if they are in one
   * @param may what user and token may do
   * @param work tasks and jobs, where there is no cluster that they are of
   */
  resources(
    owner: string,
    url: string,
    cluster: string | undefined,
    guests: readonly GuestRow[],
    work: Partial<NodeReadings>,
    may: (path: string, privilege: string) => boolean,
  ): readonly NodeResource[] {
    const running = this.online;
    return this.#rows.map((row) =>
      nodeOf(row, this.#status.get(row.node), {
        owner,
        url,
        cluster,
        ip: this.#ips.get(row.node),
        started: this.#started.get(row.node),
        guests: guests.filter(({ node }) => node === row.node),
        peers: cluster === undefined ? undefined : running.size - (running.has(row.node) ? 1 : 0),
        newestKernel: this.#kernels.get(row.node),
        pending: this.#pending.get(row.node),
        allowed: {
          power: may(nodePath(row.node), 'Sys.PowerMgmt'),
          guests: may('/', 'VM.PowerMgmt'),
        },
        told: { ...this.#parts.get(row.node)?.all, ...work },
      }),
    );
  }
}
