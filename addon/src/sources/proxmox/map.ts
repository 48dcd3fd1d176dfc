import type { LabResourceOf } from '../../kinds/index.ts';
import { type Alias, alias } from '../../model/resource.ts';
import type { Rates } from './rates.ts';
import type { GuestConfig, GuestRow, NodeRow, NodeStatus, StorageRow } from './wire.ts';

const GIB = 1024 ** 3;

export type GuestResource = LabResourceOf<'guest'>;
export type NodeResource = LabResourceOf<'node'>;
export type StorageResource = LabResourceOf<'storage'>;

/** What is known of a guest beside its row. */
export interface GuestKnowledge {
  /** Under whom it is known: `proxmox/<id>`. */
  readonly owner: string;
  /** 1 for the first bearer of its vmid. */
  readonly generation: number;
  readonly config: GuestConfig | undefined;
  readonly rates: Rates;
  /** Milliseconds since 1970; undefined while it does not run. */
  readonly started: number | undefined;
  readonly url: string;
}

export const clusterId = (owner: string): string => `${owner}/cluster/cluster`;
export const nodeId = (owner: string, node: string): string => `${owner}/node/${node}`;

export function guestOf(row: GuestRow, known: GuestKnowledge): GuestResource {
  const { owner, generation, config, rates, started, url } = known;
  const isVm = row.type === 'qemu';
  const state = stateOf(row);
  const runs = state === 'running';
  // What does not run uses nothing; what may run is unknown.
  const isOff = row.status === 'stopped';
  const used = (value: number | null): number | null => (runs ? value : isOff ? 0 : null);
  const path = generation === 1 ? String(row.vmid) : `${row.vmid}.${generation}`;
  return {
    id: `${owner}/guest/${path}`,
    kind: 'guest',
    name: row.name ?? nameIn(config) ?? `${isVm ? 'VM' : 'CT'} ${row.vmid}`,
    parent: nodeId(owner, row.node),
    available: state !== null,
    aliases: config === undefined ? [] : aliasesOf(row, config),
    readings: {
      on: state === null ? null : !isOff,
      state,
      lock: row.lock ?? (state === null ? null : 'none'),
      cpu: used(percent(row.cpu)),
      cpus: row.maxcpu ?? null,
      memory: used(gib(row.mem)),
      memory_total: gib(row.maxmem),
      // The node cannot look into a virtual machine's file systems; its 0 means that.
      ...(!isVm && { disk: runs ? gib(row.disk) : null }),
      disk_total: gib(row.maxdisk),
      network_received: used(rates.netin),
      network_sent: used(rates.netout),
      disk_read: used(rates.diskread),
      disk_written: used(rates.diskwrite),
      started: isOff ? null : timeOf(started),
      node: row.node,
    },
    facts: {
      manufacturer: 'Proxmox VE',
      model: isVm ? 'Virtual machine' : 'Container (LXC)',
      url: `${url}/#v1:0:=${row.type}/${row.vmid}`,
      vmid: row.vmid,
      node: row.node,
      ...(row.tags && { tags: row.tags.split(/[;, ]+/).filter((tag) => tag !== '') }),
      ...(row.pool && { pool: row.pool }),
      ...(row.hastate && { high_availability: row.hastate }),
    },
  };
}

const STATES: Readonly<Record<string, GuestResource['readings']['state']>> = {
  running: 'running',
  stopped: 'stopped',
  paused: 'paused',
  suspended: 'suspended',
  // QEMU's own words for a machine that stands, comes, goes or is stuck.
  prelaunch: 'paused',
  'restore-vm': 'paused',
  'save-vm': 'paused',
  postmigrate: 'paused',
  debug: 'paused',
  inmigrate: 'running',
  'finish-migrate': 'running',
  shutdown: 'running',
  'io-error': 'error',
  'internal-error': 'error',
  'guest-panicked': 'error',
  watchdog: 'error',
};

/** Suspended to disk, it is off as far as its node goes. */
const stateOf = ({ status, lock }: GuestRow): GuestResource['readings']['state'] =>
  status === 'stopped' && lock === 'suspended' ? 'suspended' : (STATES[status] ?? null);

const nameIn = ({ name, hostname }: GuestConfig = {}): string | undefined => {
  const given = name ?? hostname;
  return given === undefined ? undefined : String(given);
};

/** What is known of a node beside its row and status. */
export interface NodeKnowledge {
  readonly owner: string;
  readonly url: string;
  /** Id of its cluster, if it is in one. */
  readonly cluster: string | undefined;
  readonly ip: string | undefined;
  /** Milliseconds since 1970; undefined while it does not run. */
  readonly started: number | undefined;
  readonly guests: readonly GuestRow[];
}

/** A node that is off is unavailable: nothing of it is known. */
export function nodeOf(row: NodeRow, status: NodeStatus | undefined, known: NodeKnowledge): NodeResource {
  const { owner, url, cluster, ip, started, guests } = known;
  const version = status?.pveversion?.split('/')[1];
  const load = (index: number): number | null =>
    status?.loadavg?.[index] === undefined ? null : Number(status.loadavg[index]);
  return {
    id: nodeId(owner, row.node),
    kind: 'node',
    name: row.node,
    ...(cluster !== undefined && { parent: cluster }),
    available: row.status === 'online',
    aliases: [alias('hostname', row.node), ...(ip === undefined ? [] : [alias('ip', ip)])],
    readings: {
      cpu: percent(row.cpu),
      io_wait: percent(status?.wait),
      load: load(0),
      load_5: load(1),
      load_15: load(2),
      memory: gib(row.mem),
      memory_total: gib(row.maxmem),
      swap: gib(status?.swap?.used),
      swap_total: gib(status?.swap?.total),
      disk: gib(status?.rootfs?.used),
      disk_total: gib(status?.rootfs?.total),
      guests_running: guests.filter(isRunning).length,
      guests: guests.length,
      version: version ?? null,
      kernel: status?.kversion?.split(' ').slice(0, 2).join(' ') ?? null,
      started: timeOf(started),
    },
    facts: {
      manufacturer: 'Proxmox VE',
      model: status?.cpuinfo?.model ?? 'Node',
      url,
      ...(version !== undefined && { version }),
      ...(ip !== undefined && { ip }),
    },
  };
}

/** @param quorate undefined while unknown */
export function clusterOf(
  owner: string,
  name: string,
  quorate: boolean | undefined,
  nodes: readonly NodeRow[],
  guests: readonly GuestRow[],
): LabResourceOf<'cluster'> {
  return {
    id: clusterId(owner),
    kind: 'cluster',
    name,
    available: true,
    readings: {
      quorum: quorate ?? null,
      nodes_online: nodes.filter(({ status }) => status === 'online').length,
      nodes: nodes.length,
      guests_running: guests.filter(isRunning).length,
      guests: guests.length,
    },
    facts: { manufacturer: 'Proxmox VE', model: 'Cluster' },
  };
}

const isRunning = ({ status }: GuestRow): boolean => status === 'running';

/**
 * @param parent the node, or what all the nodes that share it are in
 * @param known its node runs: a storage that this cannot use has no status of its own
 */
export function storageOf(
  row: StorageRow,
  owner: string,
  parent: string | undefined,
  known: boolean,
): StorageResource {
  const active = row.status === 'available';
  const used = active ? gib(row.disk) : null;
  const total = active ? gib(row.maxdisk) : null;
  return {
    id: row.shared ? `${owner}/storage/${row.storage}` : `${owner}/storage/${row.node}/${row.storage}`,
    kind: 'storage',
    name: row.storage,
    ...(parent !== undefined && { parent }),
    available: known,
    readings: {
      problem: known ? !active : null,
      usage: used === null || !total ? null : (used / total) * 100,
      used,
      total,
      content: row.content?.split(',').join(', ') ?? null,
    },
    facts: {
      manufacturer: 'Proxmox VE',
      model: row.plugintype ?? 'Storage',
    },
  };
}

/** What tells one bearer of a vmid from the next. A rollback changes `vmgenid`, so the SMBIOS UUID comes first. */
export function fingerprintOf(type: GuestRow['type'], config: GuestConfig): string {
  const uuid = /uuid=([0-9a-f-]+)/i.exec(String(config.smbios1 ?? ''))?.[1];
  return `${type} ${uuid ?? config.vmgenid ?? ''}`.trim();
}

function aliasesOf({ name }: GuestRow, config: GuestConfig): readonly Alias[] {
  const uuid = /uuid=([0-9a-f-]+)/i.exec(String(config.smbios1 ?? ''))?.[1];
  const macs = Object.entries(config).flatMap(([key, value]) =>
    /^net\d+$/.test(key) ? (/\b([0-9a-f]{2}(?::[0-9a-f]{2}){5})\b/i.exec(String(value))?.[1] ?? []) : [],
  );
  return [
    ...(uuid === undefined ? [] : [alias('smbios', uuid)]),
    ...macs.map((mac) => alias('mac', mac)),
    ...(name === undefined ? [] : [alias('hostname', name)]),
  ];
}

const percent = (share: number | undefined): number | null => (share === undefined ? null : share * 100);
const gib = (bytes: number | undefined): number | null => (bytes === undefined ? null : bytes / GIB);
const timeOf = (at: number | undefined): string | null =>
  at === undefined ? null : `${new Date(at).toISOString().slice(0, 19)}+00:00`;
