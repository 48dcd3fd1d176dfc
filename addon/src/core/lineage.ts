import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, migrate } from './database.ts';

/** Beside the database, and in no backup of it. */
export const LINEAGE_FILE = 'lineage';
const TABLES = ['CREATE TABLE lineage (only INTEGER PRIMARY KEY CHECK (only = 1), mark TEXT NOT NULL)'];

/**
 * Whether the database is another one than the last run had: it comes from a backup. Each run puts a new mark into the
 * database and, which no backup has, into a file beside it. To be called once, at the start.
 */
export function wasRestored(database: Database, folder: string): boolean {
  migrate(database, 'lineage', TABLES);
  const file = join(folder, LINEAGE_FILE);
  const mark = database.prepare('SELECT mark FROM lineage').get()?.mark as string | undefined;
  const other = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  const next = randomUUID();
  // Cut off in between, it looks like a restored one: the safe side.
  writeFileSync(file, `${next}\n`, { mode: 0o600 });
  database.prepare('INSERT OR REPLACE INTO lineage VALUES (1, ?)').run(next);
  return mark !== undefined && mark !== other;
}
