import { asLabError } from '../../../core/errors.ts';
import type { ProxmoxClient } from '../client.ts';
import { nodePath } from '../ids.ts';
import { progressIn } from './progress.ts';
import type { LogLine, TaskRow } from './wire.ts';

/** Lines a request, and requests a look. */
const PAGE = 500;
const PAGES = 4;
/** A log is read from its beginning when a task has failed; backups of many guests say a lot. */
const WHOLE = 5_000;
/** Whose tools print how far they are. */
const TELLING = [
  'vzdump',
  'qmigrate',
  'vzmigrate',
  'qmclone',
  'vzclone',
  'qmrestore',
  'vzrestore',
  'qmmove',
  'move_volume',
  'imgcopy',
  'download',
];

/** Where logs are read. */
interface From {
  readonly client: ProxmoxClient;
}

/** How far tasks are whose logs tell it; each log is read on from where it was left. */
export class TaskLogs {
  readonly #known = new Map<string, { readonly lines: number; readonly percent: number | undefined }>();

  /** Percent; null: its log does not tell. */
  progressOf(upid: string): number | null {
    return this.#known.get(upid)?.percent ?? null;
  }

  /** Forgets all but these. */
  keep(upids: ReadonlySet<string>): void {
    for (const upid of this.#known.keys()) if (!upids.has(upid)) this.#known.delete(upid);
  }

  /** Reads on in a task's log, if its like tells how far it is. */
  async follow({ client }: From, task: TaskRow, signal: AbortSignal): Promise<void> {
    if (!TELLING.includes(task.type)) return;
    for (let page = 0; page < PAGES; page += 1) {
      const { lines, percent } = this.#known.get(task.upid) ?? { lines: 0, percent: undefined };
      const rows = await client.list<LogLine>(`${logOf(task)}?start=${lines}&limit=${PAGE}`, signal);
      const said = progressIn(rows.map(({ t = '' }) => t));
      this.#known.set(task.upid, { lines: lines + rows.length, percent: said ?? percent });
      if (rows.length < PAGE) return;
    }
  }
}

/** What a task that failed said, shortest first: its status, and the first error in its log where that says more. */
export async function failureText({ client }: From, task: TaskRow, signal: AbortSignal): Promise<string> {
  const { status = '' } = task;
  try {
    const lines = await client.list<LogLine>(`${logOf(task)}?limit=${WHOLE}`, signal);
    const errors = lines.map(({ t = '' }) => t.trim()).filter((line) => /^ERROR: /.test(line));
    const [first] = errors.map((line) => line.replace(/^ERROR: /, ''));
    return first === undefined || first.includes(status) ? (first ?? status) : `${status}: ${first}`;
  } catch (thrown) {
    if (signal.aborted) throw asLabError(thrown);
    // Whoever may see that it failed may not always see why.
    return status;
  }
}

export const logOf = ({ node, upid }: Pick<TaskRow, 'node' | 'upid'>): string =>
  `${nodePath(node)}/tasks/${encodeURIComponent(upid)}/log`;
