import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ceiling, Door } from '../contract/action.ts';
import type { Clock } from '../core/clock.ts';
import { type Database, migrate } from '../core/database.ts';

const TABLES = [
  `CREATE TABLE tokens (
     name TEXT PRIMARY KEY,
     door TEXT NOT NULL,
     ceiling TEXT NOT NULL,
     hash TEXT NOT NULL UNIQUE,
     created TEXT NOT NULL,
     last_used TEXT
   )`,
];

/** File in the data folder with what was generated, a line `name token` each. */
const FILE = 'token';
/** How often it is written down that a token was used: flash memory does not like each time. */
const USED_EVERY_MS = 3_600_000;

/** A token as it is known: what it is for, not what it is. Times are ISO 8601. */
export interface Token {
  readonly name: string;
  readonly door: Exclude<Door, 'mqtt' | 'labkeeper'>;
  readonly ceiling: Ceiling;
  readonly created: string;
  readonly last_used: string | null;
}

export interface TokenParts {
  readonly database: Database;
  readonly dataFolder: string;
  readonly clock: Clock;
  /** Has a token kept out of logs and answers. */
  readonly hide: (token: string) => void;
}

/** Who may come in over HTTP: named tokens, of which only the SHA-256 is kept in the database. */
export class TokenBook {
  readonly #parts: TokenParts;
  readonly #file: string;
  /** Tokens by name, as the file has them: to be shown to an administrator. */
  #readable: ReadonlyMap<string, string>;

  constructor(parts: TokenParts) {
    migrate(parts.database, 'tokens', TABLES);
    this.#parts = parts;
    this.#file = join(parts.dataFolder, FILE);
    this.#readable = readTokens(this.#file);
    for (const token of this.#readable.values()) parts.hide(token);
  }

  /**
   * Makes a token under this name if there is none, and keeps it in the file, readable by us alone. One that the file
   * has is taken from there: a database that was lost locks nobody out. Its ceiling is from now on the given one.
   */
  ensure(name: string, door: Token['door'], ceiling: Ceiling): void {
    const { database, clock } = this.#parts;
    const changed = database.prepare('UPDATE tokens SET ceiling = ? WHERE name = ?').run(ceiling, name);
    if (Number(changed.changes) > 0) return;
    const token = this.#readable.get(name) ?? this.#generate(name);
    database
      .prepare('INSERT INTO tokens (name, door, ceiling, hash, created) VALUES (?, ?, ?, ?, ?)')
      .run(name, door, ceiling, hashOf(token).toString('hex'), new Date(clock.now()).toISOString());
  }

  /** The record that a token belongs to. How long it takes says nothing of how much of it is right. */
  find(token: string): Token | undefined {
    const hash = hashOf(token);
    let found: Token | undefined;
    for (const { hash: known, ...record } of this.#rows()) {
      if (timingSafeEqual(hash, Buffer.from(String(known), 'hex'))) found = record as unknown as Token;
    }
    if (found !== undefined) this.#used(found);
    return found;
  }

  all(): readonly Token[] {
    return this.#rows().map(({ hash: _, ...record }) => record as unknown as Token);
  }

  /** The token itself, for an administrator; undefined where somebody took it out of the file. */
  reveal(name: string): string | undefined {
    return this.#readable.get(name);
  }

  #generate(name: string): string {
    const token = `lk_${randomBytes(32).toString('base64url')}`;
    this.#parts.hide(token);
    this.#readable = new Map([...this.#readable, [name, token]]);
    const lines = [...this.#readable].map(([key, value]) => `${key} ${value}\n`).join('');
    writeFileSync(this.#file, lines, { mode: 0o600 });
    // The mode above is for a new file only.
    chmodSync(this.#file, 0o600);
    return token;
  }

  #used({ name, last_used }: Token): void {
    const now = this.#parts.clock.now();
    if (last_used !== null && now - Date.parse(last_used) < USED_EVERY_MS) return;
    this.#parts.database
      .prepare('UPDATE tokens SET last_used = ? WHERE name = ?')
      .run(new Date(now).toISOString(), name);
  }

  #rows(): Record<string, unknown>[] {
    return this.#parts.database.prepare('SELECT * FROM tokens ORDER BY created, name').all();
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

function readTokens(file: string): ReadonlyMap<string, string> {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
  }
  const lines = text.split('\n').map((line) => /^([a-z0-9_-]+) (lk_[\w-]{43})$/.exec(line.trim()));
  return new Map(
    lines.flatMap((match) => (match === null ? [] : [[match[1] as string, match[2] as string]])),
  );
}
