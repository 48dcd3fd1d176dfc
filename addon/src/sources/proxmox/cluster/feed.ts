import type { TaskRow } from './wire.ts';

/** What happened since the list of tasks was read last. */
export interface News {
  /** Ended since then. */
  readonly ended: readonly TaskRow[];
  /** The one that has run longest first. */
  readonly running: readonly TaskRow[];
}

/** Tells what ended from one list of tasks to the next. No I/O. */
export class Feed {
  /** undefined: nothing was read yet. */
  #ended: ReadonlySet<string> | undefined;
  #running: readonly TaskRow[] = [];

  get running(): readonly TaskRow[] {
    return this.#running;
  }

  /** Takes the list of tasks. What had ended before the first one is no news. */
  take(rows: readonly TaskRow[]): News {
    const ended = rows.filter(({ endtime }) => endtime !== undefined);
    const before = this.#ended;
    this.#ended = new Set(ended.map(({ upid }) => upid));
    this.#running = rows
      .filter(({ endtime }) => endtime === undefined)
      .toSorted((one, other) => one.starttime - other.starttime);
    return {
      ended: before === undefined ? [] : ended.filter(({ upid }) => !before.has(upid)),
      running: this.#running,
    };
  }
}

/** The guest that a task is about; undefined: it is about something else. */
export function vmidOf({ id }: Pick<TaskRow, 'id'>): number | undefined {
  return /^[1-9]\d{2,8}$/.test(id ?? '') ? Number(id) : undefined;
}

/** A task that ended otherwise than it should; warnings are no failure. */
export const hasFailed = ({ endtime, status }: Pick<TaskRow, 'endtime' | 'status'>): boolean =>
  endtime !== undefined && status !== undefined && status !== 'OK' && !status.startsWith('WARNINGS');

/** What a task is called: `vzdump 101`, `startall pve1`. */
export const titleOf = ({ type, id, node }: Pick<TaskRow, 'type' | 'id' | 'node'>): string =>
  `${type} ${id || node}`;
