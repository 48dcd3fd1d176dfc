import type { LabResourceOf } from '../../../kinds/index.ts';
import { type Alias, alias } from '../../../model/resource.ts';
import { guestId, nodeId } from '../ids.ts';
import { gib, percent, timeOf } from '../units.ts';
import { macsIn, uuidIn } from './bearer.ts';
import type { Rates } from './rates.ts';
import type { GuestConfig, GuestRow } from './wire.ts';

export type GuestResource = LabResourceOf<'guest'>;

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

export function guestOf(row: GuestRow, known: GuestKnowledge): GuestResource {
  const { owner, generation, config, rates, started, url } = known;
  const isVm = row.type === 'qemu';
  const state = stateOf(row);
  const runs = state === 'running';
  // What does not run uses nothing; what may run is unknown.
  const isOff = row.status === 'stopped';
  const used = (value: number | null): number | null => (runs ? value : isOff ? 0 : null);
  return {
    id: guestId(owner, row.vmid, generation),
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

export const isRunning = ({ status }: GuestRow): boolean => status === 'running';

function aliasesOf({ name }: GuestRow, config: GuestConfig): readonly Alias[] {
  const uuid = uuidIn(config);
  return [
    ...(uuid === undefined ? [] : [alias('smbios', uuid)]),
    ...macsIn(config).map((mac) => alias('mac', mac)),
    ...(name === undefined ? [] : [alias('hostname', name)]),
  ];
}
