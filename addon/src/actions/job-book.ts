import type { SQLInputValue } from 'node:sqlite';
import type { LeftBehind } from '../contract/step.ts';
import { type Database, migrate } from '../core/database.ts';
import type { Job, JobState } from './job.ts';
import { recordedInput } from './redact.ts';

const TABLES = [
  `CREATE TABLE jobs (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     request_id TEXT NOT NULL UNIQUE,
     action TEXT NOT NULL,
     target TEXT NOT NULL,
     door TEXT NOT NULL,
     user TEXT NOT NULL,
     state TEXT NOT NULL,
     step TEXT,
     progress REAL,
     vendor_ref TEXT,
     result TEXT,
     error TEXT,
     created TEXT NOT NULL,
     started TEXT,
     ended TEXT,
     input TEXT NOT NULL
   );
   CREATE INDEX jobs_by_state ON jobs (state);
   CREATE INDEX jobs_by_target ON jobs (target, seq);
   CREATE INDEX jobs_by_age ON jobs (created)`,
  `ALTER TABLE jobs ADD COLUMN course TEXT;
   CREATE TABLE job_log (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     job TEXT NOT NULL,
     time TEXT NOT NULL,
     text TEXT NOT NULL
   );
   CREATE INDEX job_log_by_job ON job_log (job, seq)`,
];

/** What is kept of finished jobs: those of the last days, at least and at most so many. */
export const JOBS_KEPT = { days: 30, least: 500, most: 20_000 };
const DAY_MS = 86_400_000;

/** Lines of a job's log: more are not kept. */
const MOST_LINES = 500;

/** What a job that prepares goes by; it is all that another run of Labkeeper needs to go on with it. */
export interface Course {
  /** Of the target, when it was decided. */
  readonly fingerprint: string;
  readonly decided: Readonly<Record<string, unknown>>;
  readonly kept: Readonly<Record<string, unknown>>;
  readonly left: readonly LeftBehind[];
  /** Its input held a secret, which is written down nowhere. */
  readonly hadSecret: boolean;
}

export interface LogLine {
  /** ISO 8601 */
  readonly time: string;
  readonly text: string;
}

/** Which jobs to list, newest first. */
export interface JobQuery {
  readonly limit: number;
  /** Only those made before the job with this id. */
  readonly before?: string | undefined;
  readonly target?: string | undefined;
  readonly state?: JobState | undefined;
}

/** Every job, in SQLite. */
export class JobBook {
  readonly #database: Database;

  constructor(database: Database) {
    migrate(database, 'jobs', TABLES);
    this.#database = database;
  }

  /** @param input as it may be written down, JSON */
  add(job: Job, input: string): void {
    this.#database
      .prepare(
        `INSERT INTO jobs (id, request_id, action, target, door, user, created, input, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[job.id, job.request_id, job.action, job.target, job.door],
        ...[job.user, job.created, input, job.state],
      );
  }

  /** Writes what of a job can change. */
  save(job: Job): void {
    this.#database
      .prepare(
        `UPDATE jobs SET state = ?, step = ?, progress = ?, vendor_ref = ?, result = ?, error = ?, started = ?,
         ended = ? WHERE id = ?`,
      )
      .run(
        ...[job.state, job.step, job.progress, job.vendor_ref],
        ...[jsonOf(job.result), jsonOf(job.error), job.started, job.ended, job.id],
      );
  }

  /** Writes what a job goes by; in the same transaction as what of it has changed. */
  saveCourse(id: string, course: Course): void {
    this.#database.prepare('UPDATE jobs SET course = ? WHERE id = ?').run(JSON.stringify(course), id);
  }

  /** undefined: it has not been prepared. */
  courseOf(id: string): Course | undefined {
    const row = this.#database.prepare('SELECT course FROM jobs WHERE id = ?').get(id);
    return typeof row?.course === 'string' ? (JSON.parse(row.course) as Course) : undefined;
  }

  /** Of the newest job of an action that was prepared. */
  lastCourse(action: string): Course | undefined {
    const row = this.#database
      .prepare('SELECT course FROM jobs WHERE action = ? AND course IS NOT NULL ORDER BY seq DESC LIMIT 1')
      .get(action);
    return typeof row?.course === 'string' ? (JSON.parse(row.course) as Course) : undefined;
  }

  addLine(id: string, { time, text }: LogLine): void {
    this.#database
      .prepare(
        `INSERT INTO job_log (job, time, text)
         SELECT ?, ?, ? WHERE (SELECT count(*) FROM job_log WHERE job = ?) < ?`,
      )
      .run(id, time, text, id, MOST_LINES);
  }

  /** Oldest first. */
  logOf(id: string): readonly LogLine[] {
    return this.#database
      .prepare('SELECT time, text FROM job_log WHERE job = ? ORDER BY seq')
      .all(id) as unknown as readonly LogLine[];
  }

  get(id: string): Job | undefined {
    return this.#one('SELECT * FROM jobs WHERE id = ?', id);
  }

  byRequest(requestId: string): Job | undefined {
    return this.#one('SELECT * FROM jobs WHERE request_id = ?', requestId);
  }

  /** What was asked for, without secrets. */
  inputOf(id: string): Readonly<Record<string, unknown>> {
    const row = this.#database.prepare('SELECT input FROM jobs WHERE id = ?').get(id);
    return (recordedInput(String(row?.input)) ?? {}) as Readonly<Record<string, unknown>>;
  }

  list({ limit, before, target, state }: JobQuery): readonly Job[] {
    const conditions: [string, SQLInputValue][] = [];
    if (before !== undefined) conditions.push(['seq < (SELECT seq FROM jobs WHERE id = ?)', before]);
    if (target !== undefined) conditions.push(['target = ?', target]);
    if (state !== undefined) conditions.push(['state = ?', state]);
    const where = conditions.map(([text]) => text).join(' AND ') || 'true';
    return this.#database
      .prepare(`SELECT * FROM jobs WHERE ${where} ORDER BY seq DESC LIMIT ?`)
      .all(...conditions.map(([, value]) => value), limit)
      .map(jobOf);
  }

  /** Those that are not over, or were under way when Labkeeper was shut down, oldest first. */
  open(): readonly Job[] {
    return this.#database
      .prepare(
        `SELECT * FROM jobs WHERE state IN ('queued', 'running')
         OR (state = 'unknown' AND json_extract(error, '$.code') = 'shutting_down') ORDER BY seq`,
      )
      .all()
      .map(jobOf);
  }

  /** How many jobs of each state are kept. */
  counts(): ReadonlyMap<JobState, number> {
    const rows = this.#database.prepare('SELECT state, count(*) AS count FROM jobs GROUP BY state').all();
    return new Map(rows.map(({ state, count }) => [state as JobState, Number(count)]));
  }

  /** Forgets finished jobs that nobody will look for any more. */
  prune(now: number): void {
    const { days, least, most } = JOBS_KEPT;
    // The n newest were made after this one.
    const beyond = 'seq <= (SELECT seq FROM jobs ORDER BY seq DESC LIMIT 1 OFFSET ?)';
    this.#database
      .prepare(
        `DELETE FROM jobs WHERE state NOT IN ('queued', 'running')
         AND ((created < ? AND ${beyond}) OR ${beyond})`,
      )
      .run(new Date(now - days * DAY_MS).toISOString(), least, most);
    this.#database.exec('DELETE FROM job_log WHERE job NOT IN (SELECT id FROM jobs)');
  }

  #one(sql: string, value: string): Job | undefined {
    const row = this.#database.prepare(sql).get(value);
    return row === undefined ? undefined : jobOf(row);
  }
}

const jsonOf = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

function jobOf(row: Record<string, unknown>): Job {
  const { seq: _, input: __, course: ___, result, error, ...plain } = row;
  return {
    ...plain,
    ...(result !== null && { result: JSON.parse(String(result)) }),
    ...(error !== null && { error: JSON.parse(String(error)) }),
  } as unknown as Job;
}
