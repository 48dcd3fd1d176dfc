import { type Database, migrate, transact } from '../core/database.ts';

/** What was published of one resource, so that a later run can take it away again. */
export interface Entry {
  readonly objectId: string;
  /** Its discovery topic. */
  readonly discovery: string;
  /** First part of its other topics. */
  readonly base: string;
  /** `<source>/<instance>`. */
  readonly owner: string;
  /** null: found in the broker, sent by a run of which nothing else is known. */
  readonly resource: string | null;
  /** Of the device, when it was sent last. */
  readonly name: string;
  /** What its entity ids began with when it was sent first; they never change. */
  readonly entityIds: string;
  /** Object id of the device that it hangs on in Home Assistant. */
  readonly parent: string | null;
  /** Everything else that the broker keeps for it. */
  readonly topics: readonly string[];
  /** Platform of each component that was sent last, by key. */
  readonly components: Readonly<Record<string, string>>;
}

/** A device that its user deleted in Home Assistant: it is not sent until they want it back. */
export interface Deletion {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const TABLES = [
  `CREATE TABLE published (discovery TEXT PRIMARY KEY, entry TEXT NOT NULL);
   CREATE TABLE deleted (id TEXT PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL)`,
];

/**
 * What the broker keeps because of us, over restarts. Changes are written together by `flush`: before what was noted
 * is sent, and after what was forgotten was taken away, so that being killed in between loses nothing.
 */
export class Ledger {
  readonly #database: Database;
  readonly #entries = new Map<string, Entry>();
  readonly #deleted = new Map<string, Deletion>();
  readonly #unwritten = new Set<string>();

  constructor(database: Database) {
    migrate(database, 'ledger', TABLES);
    this.#database = database;
    for (const row of database.prepare('SELECT entry FROM published').all()) {
      const entry = JSON.parse(String(row.entry)) as Entry;
      this.#entries.set(entry.discovery, entry);
    }
    for (const { id, name, at } of database.prepare('SELECT id, name, at FROM deleted').all()) {
      this.#deleted.set(String(id), { id: String(id), name: String(name), at: Number(at) });
    }
  }

  entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  get(discovery: string): Entry | undefined {
    return this.#entries.get(discovery);
  }

  note(entry: Entry): void {
    this.#entries.set(entry.discovery, entry);
    this.#unwritten.add(entry.discovery);
  }

  forget(discovery: string): void {
    if (this.#entries.delete(discovery)) this.#unwritten.add(discovery);
  }

  /** Writes what changed, in one go. */
  flush(): void {
    if (this.#unwritten.size === 0) return;
    const put = this.#database.prepare('INSERT OR REPLACE INTO published VALUES (?, ?)');
    const drop = this.#database.prepare('DELETE FROM published WHERE discovery = ?');
    transact(this.#database, () => {
      for (const discovery of this.#unwritten) {
        const entry = this.#entries.get(discovery);
        if (entry === undefined) drop.run(discovery);
        else put.run(discovery, JSON.stringify(entry));
      }
    });
    this.#unwritten.clear();
  }

  /** The latest first. */
  deletions(): readonly Deletion[] {
    return [...this.#deleted.values()].sort((a, b) => b.at - a.at);
  }

  isDeleted(id: string): boolean {
    return this.#deleted.has(id);
  }

  markDeleted(deletion: Deletion): void {
    this.#deleted.set(deletion.id, deletion);
    this.#database
      .prepare('INSERT OR REPLACE INTO deleted VALUES (?, ?, ?)')
      .run(deletion.id, deletion.name, deletion.at);
  }

  /** @returns whether it was marked */
  unmarkDeleted(id: string): boolean {
    if (!this.#deleted.delete(id)) return false;
    this.#database.prepare('DELETE FROM deleted WHERE id = ?').run(id);
    return true;
  }
}
