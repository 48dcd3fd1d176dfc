import type { LabResourceOf } from '../../../kinds/index.ts';
import { alias } from '../../../model/resource.ts';
import { isRunning } from '../guest/map.ts';
import type { GuestRow } from '../guest/wire.ts';
import { nodeId } from '../ids.ts';
import { gib, percent, timeOf } from '../units.ts';
import { compareKernels } from './kernels.ts';
import { updatesOf } from './updates.ts';
import type { NodeRow, NodeStatus, PendingPackage } from './wire.ts';

export type NodeResource = LabResourceOf<'node'>;
export type NodeReadings = NodeResource['readings'];

/** Which controls of a node would not be refused. */
export interface Allowed {
  /** Reboot it, switch it off, wake it. */
  readonly power: boolean;
  /** Start and stop all of its guests. */
  readonly guests: boolean;
}

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
  /** Other nodes of its cluster that run; undefined: it is in none. */
  readonly peers: number | undefined;
  /** Release of the newest kernel that is installed, as in `6.17.2-1-pve`. */
  readonly newestKernel: string | undefined;
  /** Packages that could be newer; undefined: nobody may know. */
  readonly pending: readonly PendingPackage[] | undefined;
  /** What user and token may do. */
  readonly allowed: Allowed;
  /** What readers found out beside that. */
  readonly told: Partial<NodeReadings>;
}

/** A node that is off is unavailable: nothing of it is known. */
export function nodeOf(row: NodeRow, status: NodeStatus | undefined, known: NodeKnowledge): NodeResource {
  const { owner, url, cluster, ip, started, guests, peers, newestKernel, pending, allowed, told } = known;
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
      memory_without_arc: withoutArc(gib(row.mem), told.arc ?? null),
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
      reboot_pending: isOlder(releaseOf(status), newestKernel),
      ...(peers !== undefined && { peers }),
      ...controlsOf(allowed, peers !== undefined),
      ...updatesOf(version ?? null, pending),
      ...UNKNOWN,
      ...told,
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

/** A control is there where it would not be refused; only another node can wake one. */
const controlsOf = (
  { power, guests }: Allowed,
  hasPeers: boolean,
): Pick<NodeReadings, 'can_power' | 'can_wake' | 'can_run_guests'> => ({
  ...(power && { can_power: true, ...(hasPeers && { can_wake: true }) }),
  ...(guests && { can_run_guests: true }),
});

/** Until a reader has told. */
const UNKNOWN = {
  arc: null,
  services_problem: null,
  services_failed: null,
  links_problem: null,
  links_down: null,
  certificate_expires: null,
  subscription: null,
} as const;

const withoutArc = (memory: number | null, arc: number | null): number | null =>
  memory === null || arc === null ? null : Math.max(0, memory - arc);

/** Of the kernel that runs. */
const releaseOf = (status: NodeStatus | undefined): string | undefined =>
  status?.['current-kernel']?.release ?? status?.kversion?.split(' ')[1];

/** Whether one release of a kernel is older than another; null: one of them is unknown. */
function isOlder(running: string | undefined, newest: string | undefined): boolean | null {
  if (running === undefined || newest === undefined) return null;
  return compareKernels(running, newest) < 0;
}
