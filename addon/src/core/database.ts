import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Log } from './log.ts';

/** What has to survive a restart, in one SQLite file. All calls are synchronous, and short. */
export type Database = DatabaseSync;

export const DATABASE_FILE = 'labkeeper.db';

/**
 * Opens the database of a data folder and makes both if they do not exist. A file that is damaged is set aside under
 * another name, and said so: what it held can be found out again, or was history.
 *
 * @param time for the name of a damaged file, milliseconds since 1970
 */
export function openDatabase(folder: string, log: Log, time: number): Database {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, DATABASE_FILE);
  try {
    return open(file);
  } catch (thrown) {
    const message = (thrown as Error).message;
    if (!existsSync(file) || !/not a database|malformed|corrupt/i.test(message)) throw thrown;
    const aside = `${file}.damaged-${new Date(time).toISOString().replaceAll(':', '-')}`;
    for (const part of ['', '-wal', '-shm']) {
      if (existsSync(file + part)) renameSync(file + part, aside + part);
    }
    log.error(`${file} is damaged (${message}): set aside as ${aside}, beginning anew`);
    return open(file);
  }
}

/** A database that is gone with the process; for tests and tools. */
export const memoryDatabase = (): Database => new DatabaseSync(':memory:');

/**
 * Brings one room's tables up to date.
 *
 * @param steps SQL, of which each was released at some time: only ever add to the end
 */
export function migrate(database: Database, room: string, steps: readonly string[]): void {
  database.exec('CREATE TABLE IF NOT EXISTS migrations (room TEXT PRIMARY KEY, version INTEGER NOT NULL)');
  const row = database.prepare('SELECT version FROM migrations WHERE room = ?').get(room);
  const done = Number(row?.version ?? 0);
  for (const [index, step] of steps.entries()) {
    if (index < done) continue;
    transact(database, () => {
      database.exec(step);
      database
        .prepare(
          'INSERT INTO migrations VALUES (?, ?) ON CONFLICT (room) DO UPDATE SET version = excluded.version',
        )
        .run(room, index + 1);
    });
  }
}

/** Runs `work` as one: all of its changes are kept, or, when it throws, none. */
export function transact<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (thrown) {
    // A full disk has SQLite take all of it back by itself; asked for once more, that would hide why.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw thrown;
  }
}

function open(file: string): Database {
  const database = new DatabaseSync(file);
  try {
    // A power cut loses at most the last moments, never the file; flash memory is written once instead of twice.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000');
    const [check] = database.prepare('PRAGMA quick_check(1)').all();
    if (check?.quick_check !== 'ok') throw new Error(`malformed: ${String(check?.quick_check)}`);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}
