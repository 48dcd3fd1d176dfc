import type { LabResourceOf } from '../../../kinds/index.ts';
import { type Alias, alias, type Link } from '../../../model/resource.ts';
import { guestId, nodeId } from '../ids.ts';
import { gib, percent, timeOf } from '../units.ts';
import { aboutOf, tagsOf } from './about.ts';
import { macsIn, uuidIn } from './bearer.ts';
import { controlsOf } from './controls.ts';
import type { Rates } from './rates.ts';
import { fixedAddresses, startupOf, storagesIn } from './settings.ts';
import type { Surroundings } from './surroundings.ts';
import type { Told } from './told.ts';
import type { GuestConfig, GuestRow } from './wire.ts';

export type GuestResource = LabResourceOf<'guest'>;
type State = GuestResource['readings']['state'];

/** What is known of a guest beside its row. */
export interface GuestKnowledge {
  /** Under whom it is known: `proxmox/<id>`. */
  readonly owner: string;
  /** 1 for the first bearer of its vmid. */
  readonly generation: number;
  readonly config: GuestConfig | undefined;
  readonly told: Told;
  /** What readers told that look at more than one guest. */
  readonly added?: Partial<GuestResource['readings']>;
  readonly rates: Rates;
  /** Milliseconds since 1970; undefined while it does not run. */
  readonly started: number | undefined;
  readonly url: string;
  readonly lab: Surroundings;
}

export function guestOf(row: GuestRow, known: GuestKnowledge): GuestResource {
  const { owner, generation, config, told, rates, started, url, lab } = known;
  const isVm = row.type === 'qemu';
  const state = stateOf(row);
  const runs = state === 'running';
  // What does not run uses nothing; what may run is unknown.
  const isOff = row.status === 'stopped';
  const used = (value: number | null): number | null => (runs ? value : isOff ? 0 : null);
  const name = row.name ?? nameIn(config) ?? `${isVm ? 'VM' : 'CT'} ${row.vmid}`;
  const addresses = addressesOf(row, config, told);
  const tags = tagsOf(row, config);
  return {
    id: guestId(owner, row.vmid, generation),
    kind: 'guest',
    name,
    parent: nodeId(owner, row.node),
    available: state !== null,
    aliases: config === undefined ? [] : aliasesOf(row, config, addresses ?? []),
    links: linksOf(row, config, lab),
    readings: {
      on: state === null ? null : !isOff,
      state,
      lock: row.lock ?? (state === null ? null : 'none'),
      cpu: used(percent(row.cpu)),
      cpus: row.maxcpu ?? null,
      memory: used(gib(row.mem)),
      ...(row.memhost !== undefined && { memory_host: used(gib(row.memhost)) }),
      memory_total: gib(row.maxmem),
      disk_total: gib(row.maxdisk),
      network_received: used(rates.netin),
      network_sent: used(rates.netout),
      disk_read: used(rates.diskread),
      disk_written: used(rates.diskwrite),
      started: isOff ? null : timeOf(started),
      node: row.node,
      ...aboutOf(row, config, told, addresses),
      ...controlsOf(row, lab),
      ...known.added,
    },
    facts: {
      manufacturer: 'Proxmox VE',
      model: isVm ? 'Virtual machine' : 'Container (LXC)',
      url: `${url}/#v1:0:=${row.type}/${row.vmid}`,
      console: `${url}/?console=${isVm ? 'kvm&novnc=1' : 'lxc&xtermjs=1'}&vmid=${row.vmid}&vmname=${encodeURIComponent(name)}&node=${encodeURIComponent(row.node)}`,
      vmid: row.vmid,
      node: row.node,
      ...(tags.length > 0 && { tags }),
      ...(row.pool && { pool: row.pool }),
      ...(row.hastate && { high_availability: row.hastate }),
      ...startupOf(config),
    },
  };
}

const STATES: Readonly<Record<string, State>> = {
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

/** Suspended to disk, it is off as far as its node goes; so it is while it is cloned, restored, rolled back … */
function stateOf({ status, lock }: GuestRow): State {
  if (status === 'stopped' && lock !== undefined) return lock === 'suspended' ? 'suspended' : 'locked';
  return STATES[status] ?? null;
}

const nameIn = ({ name, hostname }: GuestConfig = {}): string | undefined => {
  const given = name ?? hostname;
  return given === undefined ? undefined : String(given);
};

export const isRunning = ({ status }: GuestRow): boolean => status === 'running';

/** Where others reach it now; null: that is not known. */
function addressesOf(row: GuestRow, config: GuestConfig | undefined, told: Told): readonly string[] | null {
  if (row.status !== 'running') return null;
  if (told.addresses) return told.addresses;
  const fixed = row.type === 'lxc' && config !== undefined ? fixedAddresses(config) : [];
  return fixed.length > 0 ? fixed : null;
}

function aliasesOf({ name }: GuestRow, config: GuestConfig, addresses: readonly string[]): readonly Alias[] {
  const uuid = uuidIn(config);
  return [
    ...(uuid === undefined ? [] : [alias('smbios', uuid)]),
    ...macsIn(config).map((mac) => alias('mac', mac)),
    ...addresses.map((address) => alias('ip', address)),
    ...(name === undefined ? [] : [alias('hostname', name)]),
  ];
}

/** The storages that its disks are on. */
function linksOf({ node }: GuestRow, config: GuestConfig | undefined, lab: Surroundings): readonly Link[] {
  return storagesIn(config ?? {}).flatMap((name) => {
    const to = lab.storage(name, node);
    return to === undefined ? [] : [{ type: 'uses_storage' as const, to }];
  });
}
