import type { BackupJobRow } from '../cluster/wire.ts';
import type { GuestRow } from '../guest/wire.ts';

/** What decides which guests are backed up regularly. */
export interface Jobs {
  readonly jobs: readonly (BackupJobRow & Limits)[];
  /** Guests that are in no job, by `cluster/backup-info/not-backed-up`; undefined: not read. */
  readonly left: ReadonlySet<number> | undefined;
}

export interface Limits {
  /** Guests that are left out of `all`. */
  readonly exclude?: string;
  /** The job runs on this node alone. */
  readonly node?: string;
}

/**
 * Whether a guest is in a job that is switched on. Proxmox VE itself counts jobs that are switched off as well, and
 * knows guests of nested pools: only what both say is true.
 *
 * @returns undefined: the jobs are not known
 */
export function isCovered(guest: GuestRow, known: Jobs | undefined): boolean | undefined {
  if (known === undefined) return undefined;
  if (known.left?.has(guest.vmid)) return false;
  return known.jobs.some((job) => Number(job.enabled ?? 1) === 1 && isIn(guest, job));
}

function isIn({ vmid, node, pool }: GuestRow, job: BackupJobRow & Limits): boolean {
  if (job.node !== undefined && job.node !== node) return false;
  if (job.pool !== undefined) return pool === job.pool || pool?.startsWith(`${job.pool}/`) === true;
  if (Number(job.all ?? 0) === 1 || (job.vmid === undefined && job.exclude !== undefined))
    return !listed(job.exclude, vmid);
  return listed(job.vmid, vmid);
}

const listed = (list: string | undefined, vmid: number): boolean =>
  list?.split(/[\s,;]+/).includes(String(vmid)) ?? false;
