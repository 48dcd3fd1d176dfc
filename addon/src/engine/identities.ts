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
      bind: (system, also) => {
        key = this.#bind(source, id, also === undefined ? [system] : [system, also]);
        return `${source}/${key}`;
      },
      generation: (path, fingerprint, same) =>
        this.#generation(`${source}/${key}/${path}`, fingerprint, same),
      bearers: (path) => Number(this.#bearer(`${source}/${key}/${path}`)?.generation ?? 0),
    };
  }

  /** @param systems what it is known by, the surest first */
  #bind(source: string, id: string, systems: readonly [string, ...string[]]): string {
    const asker = `${source}/${id}`;
    // Two may be alike in what is less sure: single nodes in two places, of one name and address.
    const rival = this.#reached.get(`${source}/${systems[0]}`);
    if (rival !== undefined && rival !== asker) {
      throw new LabError('system_taken', `${asker} reaches the same system as ${rival}`, {
        hint: `remove one of the two from the options of ${source}`,
      });
    }
    for (const [other, holder] of this.#reached) if (holder === asker) this.#reached.delete(other);
    for (const system of systems) {
      const reached = `${source}/${system}`;
      if (!this.#reached.has(reached)) this.#reached.set(reached, asker);
    }

    const known = this.#known(source, id, systems);
    const key = known ?? id;
    // A system that was set up anew takes the place of the one that bore its id. What is sure is not forgotten while
    // only what is less sure can be read; what is outdated is, once both can.
    if (known === undefined || systems.length > 1)
      this.#database.prepare('DELETE FROM systems WHERE source = ? AND key = ?').run(source, key);
    for (const system of systems)
      this.#database.prepare('INSERT OR REPLACE INTO systems VALUES (?, ?, ?)').run(source, system, key);
    return key;
  }

  #known(source: string, id: string, systems: readonly string[]): string | undefined {
    const find = this.#database.prepare('SELECT key FROM systems WHERE source = ? AND system = ?');
    return (
      systems
        .map((system) => find.get(source, system)?.key as string | undefined)
        // An id that somebody else bears in the options is that one's, whatever it was before.
        .find((key) => key !== undefined && (key === id || !this.#configured.has(`${source}/${key}`)))
    );
  }

  #bearer(path: string): ReturnType<ReturnType<Database['prepare']>['get']> {
    return this.#database.prepare('SELECT fingerprint, generation FROM generations WHERE path = ?').get(path);
  }

  #generation(
    path: string,
    fingerprint: string | undefined,
    same: (before: string) => boolean = () => false,
  ): number {
    const known = this.#bearer(path);
    if (fingerprint === undefined) return Number(known?.generation ?? 1);
    if (known?.fingerprint === fingerprint) return Number(known.generation);
    const stays = known !== undefined && same(String(known.fingerprint));
    const generation = known === undefined ? 1 : Number(known.generation) + (stays ? 0 : 1);
    this.#database
      .prepare('INSERT OR REPLACE INTO generations VALUES (?, ?, ?)')
      .run(path, fingerprint, generation);
    return generation;
  }
}
