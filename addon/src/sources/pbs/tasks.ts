import type { SourceEvent } from '../../contract/source.ts';
import type { LabResourceOf } from '../../kinds/index.ts';
import { timeOf } from './units.ts';
import type { TaskRow } from './wire.ts';

type Work = LabResourceOf<'backupserver'>['readings'];

const DAY_S = 86_400;

/** Tasks of a backup server, from one list to the next. No I/O. */
export class Tasks {
  #running: readonly TaskRow[] = [];
  /** Failed within a day, by UPID. */
  readonly #failed = new Map<string, TaskRow>();
  /** undefined: nothing was read yet. */
  #ended: ReadonlySet<string> | undefined;

  /** Takes the list of tasks. @param now seconds since 1970 @returns what ended since the list before */
  take(rows: readonly TaskRow[], now: number): readonly TaskRow[] {
    const ended = rows.filter(({ endtime }) => endtime !== undefined);
    const before = this.#ended;
    this.#ended = new Set(ended.map(({ upid }) => upid));
    this.#running = rows
      .filter(({ endtime }) => endtime === undefined)
      .toSorted((one, other) => one.starttime - other.starttime);
    this.failed(ended, now);
    return before === undefined ? [] : ended.filter(({ upid }) => !before.has(upid));
  }

  /** Takes tasks among which are some that failed. */
  failed(rows: readonly TaskRow[], now: number): void {
    for (const row of rows) if (hasFailed(row)) this.#failed.set(row.upid, row);
    for (const [upid, { endtime = 0 }] of this.#failed) if (endtime <= now - DAY_S) this.#failed.delete(upid);
  }

  /** Those that failed after a time (seconds since 1970), the first one first. */
  failedSince(at: number): readonly TaskRow[] {
    return [...this.#failed.values()]
      .filter(({ endtime = 0 }) => endtime > at)
      .toSorted((one, other) => (one.endtime ?? 0) - (other.endtime ?? 0));
  }

  get readings(): Pick<
    Work,
    'tasks_running' | 'task' | 'running_tasks' | 'tasks_failed' | 'last_failure' | 'last_failure_at'
  > {
    const last = this.failedSince(0).at(-1);
    const [oldest] = this.#running;
    return {
      tasks_running: this.#running.length,
      task: oldest === undefined ? 'none' : titleOf(oldest),
      running_tasks: this.#running.map((row) => ({
        key: row.upid,
        title: titleOf(row),
        node: 'localhost',
        user: row.user ?? '',
        started: timeOf(row.starttime) ?? '',
        // Only its log could tell, which is of another form for each kind of task.
        progress: null,
      })),
      tasks_failed: this.#failed.size,
      last_failure: last === undefined ? 'none' : `${titleOf(last)}: ${last.status ?? ''}`,
      last_failure_at: timeOf(last?.endtime),
    };
  }
}

/** What is told of a task that failed. */
export const failureOf = (row: TaskRow): SourceEvent => ({
  event_type: 'failed',
  task: titleOf(row),
  text: row.status ?? '',
  datastore: datastoreIn(row) ?? null,
  user: row.user ?? null,
  ended: timeOf(row.endtime),
});

/** The datastore that a task is about; undefined: none. */
export function datastoreIn({ worker_id: id }: TaskRow): string | undefined {
  const [store] = plain(id ?? '').split(/[:/]/, 1);
  return store === '' ? undefined : store;
}

/** What a task is called: `backup store1:vm/101`. */
const titleOf = ({ worker_type: type, worker_id: id }: TaskRow): string =>
  id ? `${type} ${plain(id)}` : type;

/** Names of systemd units: what is no letter or digit may be written `\x3a`. */
const plain = (id: string): string =>
  id.replaceAll(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const hasFailed = ({ endtime, status }: TaskRow): boolean =>
  endtime !== undefined && status !== undefined && status !== 'OK' && !status.startsWith('WARNINGS');
