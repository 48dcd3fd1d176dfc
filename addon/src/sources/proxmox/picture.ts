import type { LabResource } from '../../kinds/index.ts';
import { startedAt } from './boot-time.ts';
import { clusterId, clusterOf, guestOf, nodeId, nodeOf, storageOf } from './map.ts';
import { type Counted, counted, NO_RATES } from './rates.ts';
import type {
  ClusterStatusRow,
  GuestConfig,
  GuestRow,
  GuestStatus,
  NodeRow,
  NodeStatus,
  ResourceRow,
  StorageRow,
} from './wire.ts';

/** What `status/current` said outranks the older list until that agrees, for so long at most. */
const OUTRANKS_MS = 20_000;

interface Identity {
  /** What tells whether it may be another guest: its type and name. */
  readonly mark: string;
  readonly uptime: number;
  readonly generation: number;
  readonly config: GuestConfig | undefined;
}

/** What is known of one cluster at this moment, and the resources which that makes. No I/O. */
export class Picture {
  owner: string;
  readonly #url: () => string;
  #rows: readonly ResourceRow[] = [];
  #ips: ReadonlyMap<string, string> = new Map();
  /** undefined: a node that is in none. */
  #cluster: { readonly name: string; readonly quorate: boolean } | undefined;
  readonly #nodeStatus = new Map<string, NodeStatus>();
  readonly #identities = new Map<number, Identity>();
  readonly #counters = new Map<number, Counted>();
  /** Milliseconds since 1970, by vmid or node's name. */
  readonly #started = new Map<number | string, number | undefined>();
  readonly #seen = new Map<number, { readonly status: GuestStatus; readonly at: number }>();

  constructor(owner: string, url: () => string) {
    this.owner = owner;
    this.#url = url;
  }

  get onlineNodes(): readonly string[] {
    return this.#nodes.filter(({ status }) => status === 'online').map(({ node }) => node);
  }

  get hasGuests(): boolean {
    return this.#guests.length > 0;
  }

  /** Where a guest is at present. */
  guest(resourceId: string): GuestRow | undefined {
    const vmid = Number(/\/guest\/(\d+)(\.\d+)?$/.exec(resourceId)?.[1]);
    const row = this.#guests.find((candidate) => candidate.vmid === vmid);
    return row !== undefined && this.#idOf(row) === resourceId ? row : undefined;
  }

  /** Takes a list of the cluster. @returns the guests whose configuration has to be read: new ones, and maybe others */
  listed(rows: readonly ResourceRow[], now: number): readonly GuestRow[] {
    this.#rows = rows;
    const there = new Set(this.#guests.map(({ vmid }) => vmid));
    for (const map of [this.#identities, this.#counters, this.#seen]) {
      for (const vmid of map.keys()) if (!there.has(vmid)) map.delete(vmid);
    }
    for (const row of this.#guests) {
      this.#counters.set(row.vmid, counted(this.#counters.get(row.vmid), row));
      this.#started.set(row.vmid, startedAt(this.#started.get(row.vmid), row.uptime, now));
      const seen = this.#seen.get(row.vmid);
      if (seen && (currentOf(row, seen.status).status === row.status || now - seen.at > OUTRANKS_MS))
        this.#seen.delete(row.vmid);
    }
    for (const { node, uptime } of this.#nodes) {
      this.#started.set(node, startedAt(this.#started.get(node), uptime, now));
    }
    const online = new Set(this.onlineNodes);
    return this.#guests.filter((row) => {
      const known = this.#identities.get(row.vmid);
      // Nothing can be asked of a node that is off; its guests stay who they were.
      if (known !== undefined && !online.has(row.node)) return false;
      const uptime = row.uptime ?? 0;
      // Another guest in its place was not running at some time.
      if (known === undefined || known.mark !== markOf(row) || uptime < known.uptime) return true;
      this.#identities.set(row.vmid, { ...known, uptime });
      return false;
    });
  }

  /** Takes which guest bears a vmid. @param config undefined: it could not be read, so all stays as it was */
  identified(row: GuestRow, generation: number, config: GuestConfig | undefined): void {
    const known = this.#identities.get(row.vmid);
    // Not read: it is looked at again with the next list.
    const mark = config === undefined ? '' : markOf(row);
    this.#identities.set(row.vmid, {
      mark,
      uptime: row.uptime ?? 0,
      generation,
      config: config ?? known?.config,
    });
  }

  /** Takes what a guest is at this moment. */
  sawGuest(vmid: number, status: GuestStatus, now: number): void {
    this.#seen.set(vmid, { status, at: now });
  }

  sawNode(node: string, status: NodeStatus): void {
    this.#nodeStatus.set(node, status);
  }

  /** Takes what the cluster says of itself. */
  sawCluster(rows: readonly ClusterStatusRow[]): void {
    const cluster = rows.find((row) => row.type === 'cluster');
    this.#cluster = cluster && { name: cluster.name, quorate: cluster.quorate === 1 };
    this.#ips = new Map(
      rows.flatMap((row): [string, string][] =>
        row.type === 'node' && row.ip !== undefined ? [[row.name, row.ip]] : [],
      ),
    );
  }

  resources(): readonly LabResource[] {
    const nodes = this.#nodes;
    const online = new Set(this.onlineNodes);
    const guests = this.#guests.filter(({ template, vmid }) => !template && this.#identities.has(vmid));
    const shared = new Map<string, StorageRow>();
    for (const row of this.#storages) {
      // Each node lists it; one that can use it knows more.
      const known = shared.get(row.storage);
      const knowsMore = known === undefined || (known.status !== 'available' && online.has(row.node));
      if (row.shared && knowsMore) shared.set(row.storage, row);
    }
    const { owner } = this;
    const cluster = this.#cluster && clusterId(owner);
    // Without a cluster there is one node, and its shared storages are its own.
    const sharing = cluster ?? (nodes[0] && nodeId(owner, nodes[0].node));
    return [
      ...(this.#cluster ? [clusterOf(owner, this.#cluster.name, this.#cluster.quorate, nodes, guests)] : []),
      ...nodes.map((row) =>
        nodeOf(row, this.#nodeStatus.get(row.node), {
          owner,
          url: this.#url(),
          cluster,
          ip: this.#ips.get(row.node),
          started: this.#started.get(row.node),
          guests: guests.filter(({ node }) => node === row.node),
        }),
      ),
      ...this.#storages
        .filter((row) => !row.shared)
        .map((row) => storageOf(row, owner, nodeId(owner, row.node), online.has(row.node))),
      ...[...shared.values()].map((row) => storageOf(row, owner, sharing, online.has(row.node))),
      ...guests.map((row) => this.#resourceOf(row)),
    ];
  }

  #resourceOf(row: GuestRow): LabResource {
    const { generation = 1, config } = this.#identities.get(row.vmid) ?? {};
    const seen = this.#seen.get(row.vmid)?.status;
    const current = seen === undefined ? row : { ...row, ...currentOf(row, seen) };
    const started = current.status === 'stopped' ? undefined : this.#started.get(row.vmid);
    const rates = this.#counters.get(row.vmid)?.rates ?? NO_RATES;
    return guestOf(current, { owner: this.owner, generation, config, rates, started, url: this.#url() });
  }

  #idOf(row: GuestRow): string {
    const generation = this.#identities.get(row.vmid)?.generation ?? 1;
    return `${this.owner}/guest/${generation === 1 ? row.vmid : `${row.vmid}.${generation}`}`;
  }

  get #guests(): readonly GuestRow[] {
    return this.#rows.filter((row): row is GuestRow => row.type === 'qemu' || row.type === 'lxc');
  }

  get #nodes(): readonly NodeRow[] {
    return this.#rows.filter((row): row is NodeRow => row.type === 'node');
  }

  get #storages(): readonly StorageRow[] {
    return this.#rows.filter((row): row is StorageRow => row.type === 'storage');
  }
}

const markOf = ({ type, name = '' }: GuestRow): string => `${type} ${name}`;

function currentOf(
  row: GuestRow,
  { status, qmpstatus, lock }: GuestStatus,
): Pick<GuestRow, 'status' | 'lock'> {
  const held = lock ?? row.lock;
  // The list has QEMU's own word for it.
  return {
    status: status === 'running' ? (qmpstatus ?? status) : status,
    ...(held !== undefined && { lock: held }),
  };
}
