import type { LabResourceOf } from '../../kinds/index.ts';
import { timeOf } from './units.ts';
import type { JobRow } from './wire.ts';

export const JOB_KINDS = ['gc', 'verify', 'prune', 'sync'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export type Job = NonNullable<LabResourceOf<'datastore'>['readings']['jobs']>[number];

const TITLES: Readonly<Record<JobKind, string>> = {
  gc: 'Garbage collection',
  verify: 'Verification',
  prune: 'Pruning',
  sync: 'Sync',
};

/** The jobs of a datastore, as lists of each kind tell them. */
export function jobsOf(store: string, lists: ReadonlyMap<JobKind, readonly JobRow[]>): readonly Job[] {
  return JOB_KINDS.flatMap((kind) => {
    const own = (lists.get(kind) ?? []).filter((row) => row.store === store);
    return own.map((row) => jobOf(kind, row, own.length > 1));
  });
}

function jobOf(kind: JobKind, row: JobRow, hasOthers: boolean): Job {
  const { id, ns, schedule, remote, disable } = row;
  const state = row['last-run-state'];
  const result = resultOf(row);
  const of = [kind === 'sync' && (remote ?? ''), ns, hasOthers && id].filter(Boolean);
  return {
    key: keyOf(kind, id),
    title: of.length > 0 ? `${TITLES[kind]} (${of.join(', ')})` : TITLES[kind],
    kind,
    schedule: schedule ?? null,
    problem: result === null ? null : result === 'failed',
    last_result: result,
    last_run: timeOf(row['last-run-endtime']),
    next_run: disable === true ? null : timeOf(row['next-run']),
    error: result === 'failed' ? (state ?? null) : 'none',
  };
}

/** Ids are the user's, and may hold whatever Proxmox Backup Server allows: letters, digits, `_`, `.`, `-`. */
const keyOf = (kind: JobKind, id: string | undefined): string =>
  id === undefined ? kind : `${kind}_${id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}`;

function resultOf(row: JobRow): Job['last_result'] {
  const state = row['last-run-state'];
  if (state === undefined) {
    // It has a task, and that has not ended.
    if (row['last-run-upid'] !== undefined && row['last-run-endtime'] === undefined) return 'running';
    return row['last-run-endtime'] === undefined ? 'never' : null;
  }
  if (state === 'OK') return 'ok';
  if (state.startsWith('WARNINGS')) return 'warnings';
  return state === 'unknown' ? null : 'failed';
}
