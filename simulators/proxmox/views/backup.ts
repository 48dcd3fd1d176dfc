import type { BackupJobSpec } from '../spec.ts';

const DAY_S = 86_400;

/** A row of `GET /cluster/backup`. */
export function backupRow(job: BackupJobSpec, now: number): Readonly<Record<string, unknown>> {
  const { id, schedule, storage, enabled = true, all = false, vmid, exclude, comment } = job;
  return {
    id,
    type: 'vzdump',
    schedule,
    storage,
    enabled: enabled ? 1 : 0,
    all: all ? 1 : 0,
    ...(vmid === undefined ? {} : { vmid }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(comment === undefined ? {} : { comment }),
    mode: 'snapshot',
    compress: 'zstd',
    'notes-template': '{{guestname}}',
    // The JSON of an option that is text in the configuration.
    'prune-backups': { 'keep-last': '3', 'keep-weekly': '4' },
    fleecing: { enabled: '0' },
    ...(enabled ? { 'next-run': nextRun(now) } : {}),
  };
}

/** All jobs run at two in the morning, UTC. Seconds since 1970. */
export function nextRun(now: number): number {
  const seconds = Math.floor(now / 1_000);
  const today = seconds - (seconds % DAY_S) + 2 * 3_600;
  return today > seconds ? today : today + DAY_S;
}
