import type { Identities } from '../contract/source.ts';
import { type Database, migrate } from '../core/database.ts';
import { LabError } from '../core/errors.ts';

const TABLES = [
  `CREATE TABLE systems (source TEXT, system TEXT, key TEXT NOT NULL, PRIMARY KEY (source, system));
   CREATE TABLE generations (path TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, generation INTEGER NOT NULL)`,
];

/** Which configured instance is which system, and which bearer of a name is which; kept over restarts. */
export class IdentityBook {
  readonly #database: Database;
  /** The instances that reached a system in this run: `<source>/<configured id>` by `<source>/<system>`. */
  readonly #reached = new Map<string, string>();
  /** Ids of the options, as `<source>/<id>`. */
  readonly #configured: ReadonlySet<string>;

  constructor(database: Database, configured: Iterable<string>) {
    migrate(database, 'identities', TABLES);
    this.#database = database;
    this.#configured = new Set(configured);
  }

  /** What one configured instance may know of it. */
  of(source: string, id: string): Identities {
    let key = id;
    return {
      bind: (system) => {
        key = this.#bind(source, id, system);
        return `${source}/${key}`;
      },
      generation: (path, fingerprint) => this.#generation(`${source}/${key}/${path}`, fingerprint),
    };
  }

  #bind(source: string, id: string, system: string): string {
    const asker = `${source}/${id}`;
    const reached = `${source}/${system}`;
    const rival = this.#reached.get(reached);
    if (rival !== undefined && rival !== asker) {
      throw new LabError('system_taken', `${asker} reaches the same system as ${rival}`, {
        hint: `remove one of the two from the options of ${source}`,
      });
    }
    for (const [other, holder] of this.#reached) if (holder === asker) this.#reached.delete(other);
    this.#reached.set(reached, asker);

    const known = this.#database
      .prepare('SELECT key FROM systems WHERE source = ? AND system = ?')
      .get(source, system)?.key as string | undefined;
    // An id that somebody else bears in the options is that one's, whatever it was before.
    if (known !== undefined && (known === id || !this.#configured.has(`${source}/${known}`))) return known;
    // A system that was set up anew takes the place of the one that bore its id.
    this.#database.prepare('DELETE FROM systems WHERE source = ? AND key = ?').run(source, id);
    this.#database.prepare('INSERT OR REPLACE INTO systems VALUES (?, ?, ?)').run(source, system, id);
    return id;
  }

  #generation(path: string, fingerprint: string | undefined): number {
    const known = this.#database
      .prepare('SELECT fingerprint, generation FROM generations WHERE path = ?')
      .get(path);
    if (fingerprint === undefined) return Number(known?.generation ?? 1);
    if (known?.fingerprint === fingerprint) return Number(known.generation);
    const generation = known === undefined ? 1 : Number(known.generation) + 1;
    this.#database
      .prepare('INSERT OR REPLACE INTO generations VALUES (?, ?, ?)')
      .run(path, fingerprint, generation);
    return generation;
  }
}
