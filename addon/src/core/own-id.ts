import { randomUUID } from 'node:crypto';
import { type Database, migrate } from './database.ts';

const TABLES = ['CREATE TABLE own_id (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL)'];

/** What tells this Labkeeper from others, for as long as its database lives; a backup brings it along. A UUID. */
export function ownId(database: Database): string {
  migrate(database, 'own_id', TABLES);
  database.prepare('INSERT OR IGNORE INTO own_id VALUES (1, ?)').run(randomUUID());
  return String(database.prepare('SELECT id FROM own_id').get()?.id);
}
