import type { Door, Risk } from '../contract/action.ts';
import { type Database, migrate } from '../core/database.ts';
import type { ErrorCode } from '../core/errors.ts';
import { recordedInput } from './redact.ts';

/** How much is kept: nothing older, and no more. */
export const AUDIT_KEPT = { days: 366, most: 50_000 };
const DAY_MS = 86_400_000;
const PRUNE_EVERY_MS = 3_600_000;

/** An entry may go when it is older than a year, by the newest one, or when so many came after it. */
const MAY_GO = `OLD.seq <= (SELECT max(seq) FROM audit) - ${AUDIT_KEPT.most}
  OR OLD.time < (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time, '-${AUDIT_KEPT.days} days')
                 FROM audit ORDER BY seq DESC LIMIT 1)`;

const TABLES = [
  `CREATE TABLE audit (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     time TEXT NOT NULL,
     door TEXT NOT NULL,
     user TEXT NOT NULL,
     administrator INTEGER,
     token TEXT,
     action TEXT NOT NULL,
     target TEXT NOT NULL,
     input TEXT NOT NULL,
     risk TEXT,
     decision TEXT NOT NULL,
     code TEXT,
     message TEXT,
     job TEXT,
     request_id TEXT
   );
   CREATE INDEX audit_by_time ON audit (time);
   CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
     BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
   CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit WHEN NOT (${MAY_GO})
     BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
   CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
     WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)
     BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END`,
];

/** One request and what was decided about it. Times are ISO 8601. */
export interface AuditEntry {
  readonly time: string;
  readonly door: Door;
  readonly user: string;
  /** null: no user of Home Assistant asked, or the door does not know. */
  readonly administrator: boolean | null;
  readonly token: string | null;
  readonly action: string;
  readonly target: string;
  /** Without secrets; null where it was too long to keep. */
  readonly input: unknown;
  /** null for an action that there is not. */
  readonly risk: Risk | null;
  readonly decision: 'accepted' | 'refused';
  readonly code: ErrorCode | null;
  readonly message: string | null;
  /** Id of the job that it became. */
  readonly job: string | null;
  readonly request_id: string | null;
}

/** Who asked for what, and whether it was let through: written before anything is sent, and never changed. */
export class Audit {
  readonly #database: Database;
  #prunedAt = Number.NEGATIVE_INFINITY;

  constructor(database: Database) {
    migrate(database, 'audit', TABLES);
    this.#database = database;
  }

  /** @param input as it may be written down, JSON */
  add(entry: Omit<AuditEntry, 'input'>, input: string): void {
    const { administrator } = entry;
    this.#database
      .prepare(
        `INSERT INTO audit (time, door, user, administrator, token, action, target, input, risk, decision, code,
         message, job, request_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[entry.time, entry.door, entry.user, administrator === null ? null : Number(administrator)],
        ...[entry.token, entry.action, entry.target, input, entry.risk, entry.decision, entry.code],
        ...[entry.message, entry.job, entry.request_id],
      );
  }

  /**
   * Newest first.
   *
   * @param before only entries with a lower `seq`
   */
  list({ limit, before }: { limit: number; before?: number | undefined }): readonly (AuditEntry & {
    readonly seq: number;
  })[] {
    return this.#database
      .prepare('SELECT * FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?')
      .all(before ?? Number.MAX_SAFE_INTEGER, limit)
      .map(
        (row) =>
          ({
            ...row,
            administrator: row.administrator === null ? null : row.administrator === 1,
            input: recordedInput(String(row.input)),
          }) as unknown as AuditEntry & { seq: number },
      );
  }

  /** Forgets what is too old, at most once an hour. */
  prune(now: number): void {
    if (now - this.#prunedAt < PRUNE_EVERY_MS) return;
    this.#prunedAt = now;
    const { days, most } = AUDIT_KEPT;
    const newest = this.#database.prepare('SELECT seq, time FROM audit ORDER BY seq DESC LIMIT 1').get();
    if (newest === undefined) return;
    // By the newest entry and not by the clock: one that was set wrong must not empty the book.
    const oldest = new Date(Date.parse(String(newest.time)) - days * DAY_MS).toISOString();
    this.#database
      .prepare('DELETE FROM audit WHERE seq <= ? OR time < ?')
      .run(Number(newest.seq) - most, oldest);
  }
}
