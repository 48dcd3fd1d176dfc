import { timeOf } from '../units.ts';
import { hasFailed, titleOf } from './feed.ts';
import type { TaskRow } from './wire.ts';
import type { WorkReadings } from './work.ts';

const DAY_S = 86_400;

interface Failure {
  readonly task: TaskRow;
  /** Seconds since 1970. */
  readonly at: number;
  /** What it said; its status until its log was read. */
  readonly text: string;
}

/** Tasks of the last day that failed. No I/O. */
export class Failures {
  readonly #known = new Map<string, Failure>();
  /** What ended until then was told in an earlier run, seconds since 1970; undefined: not looked up yet. */
  toldUntil: number | undefined;

  /** Takes tasks that ended. @param now seconds since 1970 @returns those that failed and were not known */
  take(rows: readonly TaskRow[], now: number): readonly TaskRow[] {
    const fresh = rows.filter(
      (row) => hasFailed(row) && (row.endtime ?? 0) > now - DAY_S && !this.#known.has(row.upid),
    );
    for (const task of fresh) {
      this.#known.set(task.upid, { task, at: task.endtime ?? now, text: task.status ?? '' });
    }
    for (const [upid, { at }] of this.#known) if (at <= now - DAY_S) this.#known.delete(upid);
    return fresh.toSorted((one, other) => (one.endtime ?? 0) - (other.endtime ?? 0));
  }

  /** Takes what a task that failed said. */
  said(upid: string, text: string): void {
    const known = this.#known.get(upid);
    if (known !== undefined) this.#known.set(upid, { ...known, text });
  }

  textOf(upid: string): string | undefined {
    return this.#known.get(upid)?.text;
  }

  get readings(): Pick<WorkReadings, 'tasks_failed' | 'last_failure' | 'last_failure_at'> {
    const last = [...this.#known.values()].toSorted((one, other) => one.at - other.at).at(-1);
    return {
      tasks_failed: this.#known.size,
      last_failure: last === undefined ? 'none' : `${titleOf(last.task)}: ${last.text}`,
      last_failure_at: last === undefined ? null : timeOf(last.at * 1_000),
    };
  }
}
