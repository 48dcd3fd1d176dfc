import type { LabResourceOf } from '../../../kinds/index.ts';
import { nodeId, poolId } from '../ids.ts';
import { gib, timeOf } from '../units.ts';
import { scanOf } from './scan.ts';
import { type Device, devicesOf, errorsIn, isAiling, nameOf } from './vdevs.ts';
import type { PoolRow, PoolStatus } from './wire.ts';

export type PoolResource = LabResourceOf<'pool'>;

export interface PoolKnowledge {
  readonly row: PoolRow;
  /** undefined: it could not be read. */
  readonly status: PoolStatus | undefined;
  /** The last scrub that ended; `at` is undefined where the zone of the node's clock is not known. */
  readonly scrub: { readonly at: number | undefined; readonly errors: number | undefined } | undefined;
}

/** Percent of a pool from which ZFS has to look for free space. */
const FULL = 80;

const HEALTH: Readonly<Record<string, PoolResource['readings']['health']>> = {
  ONLINE: 'online',
  DEGRADED: 'degraded',
  FAULTED: 'faulted',
  OFFLINE: 'offline',
  REMOVED: 'removed',
  UNAVAIL: 'unavailable',
  SUSPENDED: 'suspended',
};

export function poolOf(
  { row, status, scrub }: PoolKnowledge,
  { owner, node, available }: { readonly owner: string; readonly node: string; readonly available: boolean },
): PoolResource {
  const health = HEALTH[row.health ?? status?.state ?? ''] ?? null;
  // A pool that cannot be opened has no size.
  const size = row.size ? row.size : undefined;
  const usage = size === undefined || row.alloc === undefined ? null : (row.alloc / size) * 100;
  const devices = status === undefined ? [] : devicesOf(status);
  const errors = status === undefined ? null : errorsIn(status);
  const wrong = wrongWith(row, status, devices, usage);
  const scan = scanOf(status?.scan);
  return {
    id: poolId(owner, node, row.name),
    kind: 'pool',
    name: row.name,
    parent: nodeId(owner, node),
    available,
    readings: {
      problem: health === null && wrong.length === 0 ? null : wrong.length > 0,
      health,
      detail: wrong.length > 0 ? wrong.join('; ') : status === undefined ? null : 'none',
      usage,
      allocated: size === undefined ? null : gib(row.alloc),
      size: gib(size) ?? null,
      fragmentation: size === undefined ? null : (row.frag ?? null),
      dedup: row.dedup ? row.dedup : null,
      errors,
      scan: status === undefined ? null : scan.state,
      scan_progress: status === undefined ? null : (scan.progress ?? progressOf(scan.state)),
      last_scrub: timeOf(scrub?.at),
      scrub_errors: scrub?.errors ?? null,
      vdevs: itemsOf(devices),
    },
    facts: { manufacturer: 'OpenZFS', model: 'ZFS pool', node, ...layoutOf(devices) },
  };
}

const progressOf = (state: string): number =>
  state === 'scrubbing' || state === 'resilvering' || state === 'paused' ? 0 : 100;

/** What is wrong, the most urgent first: Home Assistant shows the first 255 letters. */
function wrongWith(
  { health }: PoolRow,
  status: PoolStatus | undefined,
  devices: readonly Device[],
  usage: number | null,
): readonly string[] {
  const ailing = devices.filter(isAiling).map((device) => {
    const { within, state = '', errors } = device;
    const what = [
      ...(state === '' || state === 'ONLINE' ? [] : [state]),
      ...(errors > 0 ? [`${errors} errors`] : []),
    ];
    return `${nameOf(device)}${within === undefined ? '' : ` (${within})`} ${what.join(', ')}`;
  });
  const lost = status?.errors !== undefined && !/^No known data errors/i.test(status.errors);
  return [
    ...(health === undefined || health === 'ONLINE' ? [] : [health]),
    ...ailing,
    ...(ailing.length === 0 && status !== undefined && errorsIn(status) > 0
      ? [`${errorsIn(status)} errors`]
      : []),
    ...(lost ? [status.errors ?? ''] : []),
    ...(usage !== null && usage > FULL ? [`${Math.round(usage)} % full`] : []),
  ];
}

/** As in `mirror-0, mirror-1`. */
function layoutOf(devices: readonly Device[]): { readonly layout?: string } {
  const groups = [...new Set(devices.flatMap(({ within }) => within ?? []))];
  return groups.length === 0 ? {} : { layout: groups.join(', ') };
}

function itemsOf(devices: readonly Device[]): PoolResource['readings']['vdevs'] {
  const seen = new Map<string, number>();
  return devices.map((device) => {
    const title = nameOf(device);
    const plain = `vdev_${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}`;
    const times = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, times);
    const key = times === 1 ? plain : `${plain}_${times}`;
    return {
      key,
      title,
      problem: device.state === undefined ? null : isAiling(device),
      errors: device.errors,
    };
  });
}
