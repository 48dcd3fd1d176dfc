import type { LabResourceOf } from '../../../kinds/index.ts';
import { gib, timeOf } from '../units.ts';
import { pciDevicesIn } from './pci.ts';
import { hasAgent, isSet, passedThrough, systemIn } from './settings.ts';
import type { Told } from './told.ts';
import type { GuestConfig, GuestRow, SnapshotRow } from './wire.ts';

type Readings = LabResourceOf<'guest'>['readings'];

const NONE = 'none';
/** Of a note, in letters. */
const MOST_WORDS = 300;
const listed = (values: readonly string[]): string => values.join(', ') || NONE;

/** What describes a guest, from its configuration, its agent and its snapshots. Unknown stays unknown. */
export function aboutOf(
  row: GuestRow,
  config: GuestConfig | undefined,
  told: Told,
  addresses: readonly string[] | null,
) {
  const { snapshots, pending } = told;
  const pci = config === undefined ? undefined : pciDevicesIn(config);
  const times = snapshots?.flatMap(({ snaptime }) => snaptime ?? []).sort((one, other) => one - other) ?? [];
  const at = (seconds: number | undefined): string | null =>
    timeOf(seconds === undefined ? undefined : seconds * 1_000);
  const tags = tagsOf(row, config);
  return {
    ...(row.type === 'qemu' ? machineOf(row, config, told) : containerOf(row)),
    ...((row.type === 'lxc' || isAsked(config)) && {
      ip: addresses === null ? null : (addresses[0] ?? NONE),
      ips: addresses === null ? null : listed(addresses),
    }),
    os: (told.os || null) ?? (config === undefined ? null : systemIn(config, row.type)),
    ...(row.hastate && { high_availability: row.hastate }),
    on_boot: config === undefined ? null : isSet(config.onboot),
    protection: config === undefined ? null : isSet(config.protection),
    tags: row.tags === undefined && config === undefined ? null : listed(tags),
    ...(row.pool && { pool: row.pool }),
    pending: pending === undefined ? null : pending.length > 0,
    pending_changes: pending === undefined ? null : listed(pending),
    snapshots: snapshots?.length ?? null,
    snapshot_latest: at(times.at(-1)),
    snapshot_oldest: at(times[0]),
    passthrough: config === undefined ? null : listed(passedThrough(config)),
    ...(snapshots !== undefined && { snapshot_list: snapshots.map(snapshotOf).sort(byTime) }),
    ...(pci !== undefined && { pci_devices: pci }),
  } satisfies Partial<Readings>;
}

type Snapshot = NonNullable<Readings['snapshot_list']>[number];

const snapshotOf = ({ name, snaptime, vmstate, description, parent }: SnapshotRow): Snapshot => ({
  ...{ key: name, title: name, taken: timeOf(snaptime === undefined ? undefined : snaptime * 1_000) },
  memory: Boolean(vmstate),
  about: description?.trim().slice(0, MOST_WORDS) || NONE,
  parent: parent ?? NONE,
});

const byTime = (one: Snapshot, other: Snapshot): number =>
  (one.taken ?? '') < (other.taken ?? '') ? -1 : Number(one.taken !== other.taken);

/** Older versions list no tags beside what else they tell of guests. */
export function tagsOf(row: GuestRow, config: GuestConfig | undefined): readonly string[] {
  const tags = row.tags ?? config?.tags;
  return tags === undefined
    ? []
    : String(tags)
        .split(/[;, ]+/)
        .filter((tag) => tag !== '');
}

const isAsked = (config: GuestConfig | undefined): boolean => config !== undefined && hasAgent(config);

/** A node cannot look into a machine's file systems; its 0 means that. */
function machineOf(row: GuestRow, config: GuestConfig | undefined, { agent, filling }: Told) {
  const runs = row.status === 'running';
  const answers = agent === undefined || agent === null || !runs ? null : agent ? 'answers' : 'silent';
  const full = runs ? filling : null;
  return {
    qemu_state: row.status === 'unknown' ? null : row.status,
    agent: config === undefined ? null : hasAgent(config) ? answers : 'off',
    ...(isAsked(config) && {
      disk: gib(full?.used),
      disk_usage: full ? (full.used / full.total) * 100 : null,
    }),
  } satisfies Partial<Readings>;
}

function containerOf({ status, disk, maxdisk }: GuestRow) {
  const runs = status === 'running' && disk !== undefined;
  return {
    disk: runs ? gib(disk) : null,
    disk_usage: runs && maxdisk ? (disk / maxdisk) * 100 : null,
  } satisfies Partial<Readings>;
}
