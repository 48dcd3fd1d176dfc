import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_FILE } from './database.ts';
import { LINEAGE_FILE } from './lineage.ts';
import type { Log } from './log.ts';

/** Beside the database while a backup is made; in the backup it is what counts. */
export const COPY_FILE = `${DATABASE_FILE}.copy`;

/**
 * Copies the database of a data folder, as it is at one moment, while others go on writing to it. Whoever reads the file
 * itself meanwhile gets parts of several moments.
 */
export function copyDatabase(folder: string): void {
  const file = join(folder, DATABASE_FILE);
  // Nothing was ever written down: a backup without it is whole.
  if (!existsSync(file)) return;
  const part = join(folder, `${COPY_FILE}.part`);
  rmSync(part, { force: true });
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA busy_timeout = 10000');
    database.prepare('VACUUM INTO ?').run(part);
  } finally {
    database.close();
  }
  renameSync(part, join(folder, COPY_FILE));
}

/** The backup is made. */
export function dropCopy(folder: string): void {
  for (const name of [COPY_FILE, `${COPY_FILE}.part`]) rmSync(join(folder, name), { force: true });
}

/**
 * Where a data folder comes out of a backup, puts the copy that was made for it in place of the database; to be called
 * before that is opened. Elsewhere a copy is left from a backup that was cut off, and goes.
 */
export function takeCopy(folder: string, log: Log): void {
  const copy = join(folder, COPY_FILE);
  // In no backup, and in each folder that was ever run on.
  const restored = existsSync(copy) && !existsSync(join(folder, LINEAGE_FILE));
  if (restored) {
    for (const part of ['-wal', '-shm', '']) rmSync(join(folder, DATABASE_FILE + part), { force: true });
    renameSync(copy, join(folder, DATABASE_FILE));
    log.info('the data come out of a backup: the copy of the database that was made for it is used');
  }
  dropCopy(folder);
}
