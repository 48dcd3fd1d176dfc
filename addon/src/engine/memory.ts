import type { Memory } from '../contract/source.ts';
import { type Database, migrate } from '../core/database.ts';
import { durably } from '../core/durably.ts';

const TABLES = [
  'CREATE TABLE memory (owner TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (owner, key)) WITHOUT ROWID',
];

/** What instances keep over restarts; each sees its own. */
export class MemoryBook {
  readonly #database: Database;

  constructor(database: Database) {
    migrate(database, 'memory', TABLES);
    this.#database = database;
  }

  /** @param owner under whom the instance is known at that moment */
  of(owner: () => string): Memory {
    return {
      get: (key) =>
        this.#database.prepare('SELECT value FROM memory WHERE owner = ? AND key = ?').get(owner(), key)
          ?.value as string | undefined,
      put: (key, value, isDurable = false) => {
        const put = (): void => {
          this.#database.prepare('INSERT OR REPLACE INTO memory VALUES (?, ?, ?)').run(owner(), key, value);
        };
        if (isDurable) durably(this.#database, put);
        else put();
      },
    };
  }
}
