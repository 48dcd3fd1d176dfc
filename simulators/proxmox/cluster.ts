import type { Clock } from '../../addon/src/core/clock.ts';
import { realClock } from '../clock.ts';
import { AccessControl } from './access.ts';
import { Broadcast } from './broadcast.ts';
import { type Chance, chanceOf } from './chance.ts';
import { died } from './errors.ts';
import { SimGuest } from './guest.ts';
import type { LoadCurve } from './load.ts';
import { SimNode } from './node.ts';
import type { BackupJobSpec, GuestSpec, NodeSpec, PciMapping, StorageSpec } from './spec.ts';
import { TaskBoard } from './tasks.ts';
import type { CephSpec } from './views/ceph.ts';
import type { ReplicationSpec } from './views/replication.ts';
import type { Archive, StoredFile } from './views/volumes.ts';

export interface ClusterOptions {
  readonly clock?: Clock;
  /** Decides ids, process ids and whatever else is chance. Default 1. */
  readonly seed?: number;
  /** Left out: a single node that is in no cluster. */
  readonly name?: string;
  readonly nodes: readonly NodeSpec[];
  readonly storages: readonly StorageSpec[];
  readonly guests?: readonly GuestSpec[];
  readonly backups?: readonly BackupJobSpec[];
  /** As `GET /version` says it. */
  readonly version?: { readonly version: string; readonly release: string; readonly repoid: string };
}

const VERSION = { version: '9.1.1', release: '9.1', repoid: '42db4a6cf33dac83' };

/**
 * A Proxmox VE cluster without machines: its state, its tasks and its refusals. What goes over the API is in the
 * tables of `methods/`; the methods here are handles for tests and the demo, and change things at once.
 */
export class ProxmoxCluster {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly name: string | undefined;
  readonly version: NonNullable<ClusterOptions['version']>;
  readonly access: AccessControl;
  readonly tasks: TaskBoard;
  readonly broadcast: Broadcast;
  readonly nodes: readonly SimNode[];
  storages: readonly StorageSpec[];
  backups: readonly BackupJobSpec[];
  /** Backups that lie on storages. */
  archives: readonly Archive[] = [];
  replications: readonly ReplicationSpec[] = [];
  pciMappings: readonly PciMapping[] = [];
  /** Images and templates that lie on storages, beside those that are always there. */
  files: readonly StoredFile[] = [];
  /** Of guests, by name. */
  pools: readonly string[] = [];
  /** How long it takes to make a guest, and to copy one. */
  makeMs = 4_000;
  cloneMs = 12_000;
  /** What each guest that is being made or copied fails with half-way, from now on. */
  makeError: string | undefined;
  /** How long a download takes, and what each fails with. */
  downloadMs = 6_000;
  downloadError: string | undefined;
  /** undefined: it is not installed. */
  ceph: CephSpec | undefined;
  readonly #guests = new Map<number, SimGuest>();
  readonly #listeners = new Set<(node: SimNode) => void>();

  constructor({ clock = realClock, seed = 1, name, version = VERSION, ...options }: ClusterOptions) {
    this.clock = clock;
    this.chance = chanceOf(seed);
    this.name = name;
    this.version = version;
    this.access = new AccessControl(clock, this.chance.hex(64));
    const now = clock.now();
    this.nodes = options.nodes.map((spec, index) => new SimNode(spec, index + 1, now));
    this.tasks = new TaskBoard(clock, this.chance, (node) => this.node(node).bootedAt);
    this.storages = options.storages;
    this.backups = options.backups ?? [];
    this.broadcast = new Broadcast(clock, this);
    for (const spec of options.guests ?? []) this.create(spec);
    this.pools = [...new Set(this.guests.flatMap(({ spec: { pool } }) => pool ?? []))];
    this.broadcast.tell();
  }

  /** By vmid, ascending. */
  get guests(): readonly SimGuest[] {
    return [...this.#guests.values()].sort((a, b) => a.vmid - b.vmid);
  }

  guestsOn(node: string): readonly SimGuest[] {
    return this.guests.filter((guest) => guest.node === node);
  }

  /** As in 9. */
  get mainVersion(): number {
    return Number.parseInt(this.version.version, 10);
  }

  get quorate(): boolean {
    return this.nodes.filter(({ online }) => online).length * 2 > this.nodes.length;
  }

  /** @throws PveError: without a majority of nodes the cluster's file system is read-only */
  checkQuorum(): void {
    if (!this.quorate) throw died('cluster not ready - no quorum?');
  }

  /** @throws PveError as Proxmox VE when it cannot look the name up */
  node(name: string): SimNode {
    const found = this.nodes.find((node) => node.name === name);
    if (found !== undefined) return found;
    const why = `failed to get address info for: ${name}: Name or service not known`;
    throw died(`hostname lookup '${name}' failed - ${why}`);
  }

  guest(vmid: number): SimGuest | undefined {
    return this.#guests.get(vmid);
  }

  /** For tests: the guest must be there. */
  find(vmid: number): SimGuest {
    const found = this.#guests.get(vmid);
    if (found === undefined) throw new Error(`no guest ${vmid}`);
    return found;
  }

  // Handles. A guest's existence, place, tags and lock show at once, as the cluster's file system carries them;
  // its name, status and numbers with the next broadcast.

  create(spec: GuestSpec): SimGuest {
    if (this.#guests.has(spec.vmid)) throw new Error(`vmid ${spec.vmid} is taken`);
    this.node(spec.node);
    const guest = new SimGuest(spec, this.chance, this.clock.now());
    this.#guests.set(spec.vmid, guest);
    return guest;
  }

  /** Gone without a task, as with `qm destroy` in a shell. */
  remove(vmid: number): void {
    this.find(vmid).heldBy?.interrupt();
    this.#guests.delete(vmid);
    this.broadcast.forget(vmid);
  }

  /** Another guest in its place: same vmid, new UUIDs and MAC, and what `changes` says. */
  recreate(vmid: number, changes: Partial<Omit<GuestSpec, 'vmid'>> = {}): SimGuest {
    const { mac: _mac, uuid: _uuid, vmgenid: _vmgenid, ...spec } = this.find(vmid).spec;
    this.remove(vmid);
    return this.create({ ...spec, ...changes, vmid });
  }

  /** Changes a guest's configuration: name, tags, memory … */
  configure(vmid: number, changes: Partial<Omit<GuestSpec, 'vmid' | 'type' | 'node'>>): void {
    const guest = this.find(vmid);
    guest.spec = { ...guest.spec, ...changes };
  }

  setLoad(vmid: number, load: LoadCurve): void {
    const guest = this.find(vmid);
    guest.count(this.clock.now());
    guest.load = load;
  }

  setStorage(storage: string, changes: Partial<Omit<StorageSpec, 'storage'>>): void {
    this.storages = this.storages.map((each) => (each.storage === storage ? { ...each, ...changes } : each));
  }

  /** Power off, or the network gone: its guests are dead, its tasks end without a word. */
  cut(name: string): void {
    const node = this.node(name);
    node.cancelPower();
    if (!node.online) return;
    node.online = false;
    for (const task of this.tasks.all) if (task.about.node === name) task.vanish();
    for (const guest of this.guestsOn(name)) guest.stopped();
    this.#changed(node);
  }

  /** Running again, just booted; its guests are still off. */
  restore(name: string): void {
    const node = this.node(name);
    node.cancelPower();
    if (node.online) return;
    node.online = true;
    node.bootedAt = this.clock.now();
    node.condition.booted();
    this.#changed(node);
  }

  /** @returns how to stop hearing of nodes that went on or off */
  onNode(listener: (node: SimNode) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(node: SimNode): void {
    for (const listener of this.#listeners) listener(node);
  }
}
