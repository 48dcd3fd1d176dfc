import type { LabResource } from '../../kinds/index.ts';
import { BackupRuns } from './cluster/backup-run.ts';
import { Failures } from './cluster/failures.ts';
import { Feed } from './cluster/feed.ts';
import { type ClusterReadings, clusterOf } from './cluster/map.ts';
import { TaskLogs } from './cluster/task-log.ts';
import type { ClusterStatusRow, ResourceRow } from './cluster/wire.ts';
import type { WorkReadings } from './cluster/work.ts';
import { Disks } from './disk/disks.ts';
import { Guests } from './guest/guests.ts';
import type { Surroundings } from './guest/surroundings.ts';
import type { GuestRow } from './guest/wire.ts';
import { clusterId, nodeId } from './ids.ts';
import { Nodes } from './node/nodes.ts';
import type { NodeRow } from './node/wire.ts';
import { Parts } from './parts.ts';
import type { Permissions, Roles } from './permissions.ts';
import { seesDisks } from './protection/rights.ts';
import { Shield } from './protection/shield.ts';
import { Contents } from './storage/contents.ts';
import { storagesOf } from './storage/map.ts';
import { type Place, placesOf } from './storage/place.ts';
import type { StorageRow } from './storage/wire.ts';
import { Pools } from './zfs/pools.ts';

/** What is known of one cluster at this moment, and the resources which that makes. No I/O. */
export class Picture {
  readonly guests = new Guests();
  readonly nodes = new Nodes();
  /** What readers found out about the cluster. */
  readonly cluster = new Parts<ClusterReadings>();
  /** Tasks and jobs: of the cluster, or of the node that is in none. */
  readonly work = new Parts<WorkReadings>();
  readonly feed = new Feed();
  readonly logs = new TaskLogs();
  readonly failures = new Failures();
  readonly backups = new BackupRuns();
  readonly contents = new Contents();
  readonly shield = new Shield();
  readonly pools = new Pools();
  readonly disks = new Disks();
  /** Disks that turn are asked how they are although that wakes them. */
  wakesDisks = false;
  /** What user and token may do; undefined: not known. */
  permissions: Permissions | undefined;
  /** Who asks, as configured: `user@realm!token`, or a user. */
  account = '';
  /** Of a token's user; undefined: nobody tells. */
  userPermissions: Permissions | undefined;
  roles: Roles | undefined;
  /** `<source>/<key>`: under whom it is known. */
  owner: string;
  /** It was found out which cluster it is. */
  isBound = false;
  /** undefined: a node that is in none. */
  #cluster: { readonly name: string; readonly quorate: boolean } | undefined;
  #storages: readonly StorageRow[] = [];

  constructor(owner: string) {
    this.owner = owner;
  }

  /** Nodes that stand for each other, not a single one. */
  get isCluster(): boolean {
    return this.#cluster !== undefined;
  }

  /** Where guests, images and backups are kept; a shared storage once. */
  get places(): readonly Place[] {
    return placesOf(this.#storages, this.nodes.online);
  }

  /** Where a guest is at present. */
  guest(resourceId: string): GuestRow | undefined {
    return this.guests.find(resourceId, this.owner);
  }

  /** Takes a list of the cluster. @returns the guests whose configuration has to be read */
  listed(rows: readonly ResourceRow[], now: number): readonly GuestRow[] {
    this.#storages = rows.filter((row): row is StorageRow => row.type === 'storage');
    this.nodes.listed(
      rows.filter((row): row is NodeRow => row.type === 'node'),
      now,
    );
    const guests = rows.filter((row): row is GuestRow => row.type === 'qemu' || row.type === 'lxc');
    const named = new Set(this.nodes.rows.map(({ node }) => node));
    for (const part of [this.pools, this.disks]) part.keep(named);
    const held = guests.filter(({ lock }) => lock === 'backup');
    this.contents.locked(new Set(held.map(({ vmid }) => vmid)));
    return this.guests.listed(guests, this.nodes.rows, now);
  }

  /** Takes what the cluster says of itself. */
  sawCluster(rows: readonly ClusterStatusRow[]): void {
    const cluster = rows.find((row) => row.type === 'cluster');
    this.#cluster = cluster && { name: cluster.name, quorate: cluster.quorate === 1 };
    this.nodes.addressed(
      new Map(
        rows.flatMap((row) => (row.type === 'node' && row.ip !== undefined ? [[row.name, row.ip]] : [])),
      ),
    );
  }

  /**
   * @param url of the node that answers
   * @param may what user and token may do
   */
  resources(url: string, may: (path: string, privilege: string) => boolean): readonly LabResource[] {
    const { owner, contents } = this;
    const { rows: nodes, online } = this.nodes;
    const guests = this.guests.shown;
    const cluster = this.#cluster && clusterId(owner);
    // Without a cluster there is one node, and its shared storages are its own.
    const sharing = cluster ?? (nodes[0] && nodeId(owner, nodes[0].node));
    return [
      ...(this.#cluster
        ? [
            clusterOf(owner, this.#cluster.name, this.#cluster.quorate, nodes, guests, {
              ...this.cluster.all,
              ...this.work.all,
            }),
          ]
        : []),
      ...this.nodes.resources(owner, url, cluster, guests, this.#cluster ? {} : this.work.all, may),
      ...storagesOf(this.#storages, {
        owner,
        sharing,
        contents,
        online,
        seesDisks: (storage) => seesDisks(may, storage),
      }),
      ...this.pools.resources(owner, online),
      ...this.disks.resources(owner, online, (node) => this.pools.devicesOn(node)),
      ...this.shield.shownOn(this.guests.resources(owner, url, this.#surroundings(may)), {
        places: this.places,
        contents,
        guests,
        owner,
        configOf: (vmid) => this.guests.config(vmid),
        may,
      }),
    ];
  }

  /** A storage, as a node sees it. */
  storageOn(name: string, node: string): StorageRow | undefined {
    return this.#storages.find((row) => row.storage === name && row.node === node);
  }

  /** Names of the storages that a node can put something on. @param content as in `backup` */
  storagesFor(content: string, node: string): readonly string[] {
    return this.#storages
      .filter((row) => row.node === node && row.status === 'available')
      .filter((row) => row.content?.split(',').includes(content))
      .map(({ storage }) => storage);
  }

  #surroundings(may: Surroundings['may']): Surroundings {
    return {
      may,
      storage: (name, node) => this.#storageId(name, node),
      takesBackups: (node) =>
        this.storagesFor('backup', node).some((name) => may(`/storage/${name}`, 'Datastore.AllocateSpace')),
    };
  }

  /** Id of a storage, as a node sees it. */
  #storageId(name: string, node: string): string | undefined {
    const row = this.#storages.find((each) => each.storage === name && each.node === node);
    return row && `${this.owner}/storage/${row.shared ? name : `${node}/${name}`}`;
  }
}
