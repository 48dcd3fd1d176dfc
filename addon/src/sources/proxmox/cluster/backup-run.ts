import type { BackupJobRow } from './wire.ts';

/** What a backup was started with: the first line of its log says it. */
export interface BackupRun {
  readonly all: boolean;
  readonly vmids: readonly number[];
  readonly storage: string | undefined;
  readonly pool: string | undefined;
  /** Newer versions say which job it is. */
  readonly job: string | undefined;
  /** Started by the schedule: by hand it is not told to be quiet. */
  readonly isQuiet: boolean;
}

/** Reads it from a log; undefined: the log does not say. */
export function backupRunIn(lines: readonly string[]): BackupRun | undefined {
  const [, command] =
    lines.map((line) => /starting new backup job: vzdump (.*)$/.exec(line)).find(Boolean) ?? [];
  if (command === undefined) return undefined;
  const words = command.trim().split(/\s+/);
  const first = words.findIndex((word) => word.startsWith('--'));
  const option = (name: string): string | undefined => {
    const at = words.indexOf(`--${name}`);
    return at === -1 ? undefined : words[at + 1];
  };
  return {
    all: option('all') === '1',
    vmids: words
      .slice(0, first === -1 ? undefined : first)
      .map(Number)
      .filter(Number.isInteger),
    storage: option('storage'),
    pool: option('pool'),
    job: option('job-id'),
    isQuiet: option('quiet') === '1',
  };
}

/** Whether a backup was one of a job's: each node backs up those of its guests that the job names. */
export function isRunOf(run: BackupRun, job: BackupJobRow): boolean {
  if (run.job !== undefined) return run.job === job.id;
  if (run.storage !== job.storage) return false;
  if (job.pool !== undefined) return run.pool === job.pool;
  if (Number(job.all ?? 0) === 1) return run.all;
  const wanted = new Set(job.vmid?.split(/[\s,;]+/).map(Number));
  const isPart = run.vmids.length > 0 && run.vmids.every((vmid) => wanted.has(vmid));
  // Somebody may have backed up one of its guests by hand.
  return !run.all && isPart && (run.isQuiet || run.vmids.length === wanted.size);
}

/** Backups of which it is known what they were started with. Only what is still listed is kept. */
export class BackupRuns {
  readonly #known = new Map<string, BackupRun | undefined>();

  has(upid: string): boolean {
    return this.#known.has(upid);
  }

  get(upid: string): BackupRun | undefined {
    return this.#known.get(upid);
  }

  put(upid: string, run: BackupRun | undefined): void {
    this.#known.set(upid, run);
  }

  keep(upids: ReadonlySet<string>): void {
    for (const upid of this.#known.keys()) if (!upids.has(upid)) this.#known.delete(upid);
  }
}
