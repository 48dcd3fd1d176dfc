import type { Clock } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import type { HttpAnswer, HttpRequest } from '../../net/http-client.ts';
import type { UnifiOptions } from './config.ts';
import { loginRefusal } from './refusal.ts';

/** Consoles lock a user after some wrong passwords, and answer 429 to many logins. */
const BARRED_MS = 5 * 60_000;

/** Where each generation has what. */
export interface Dialect {
  readonly generation: 'legacy' | 'os';
  /** Before the paths of the network application. */
  readonly prefix: string;
  readonly login: string;
  readonly logout: string;
  readonly cookie: string;
}

export const LEGACY: Dialect = {
  ...{ generation: 'legacy', prefix: '', login: '/api/login', logout: '/api/logout', cookie: 'unifises' },
};
export const CONSOLE: Dialect = {
  ...{ generation: 'os', prefix: '/proxy/network', login: '/api/auth/login', logout: '/api/auth/logout' },
  cookie: 'TOKEN',
};

/**
 * Which generation answers so to `GET /`: a controller of its own sends whoever comes to its page below `/manage`, a
 * console shows a page, or sends to one for logging in.
 *
 * @returns undefined: none of both
 */
export function dialectOf(status: number, location: string | string[] | undefined): Dialect | undefined {
  if (status === 200) return CONSOLE;
  if (status < 300 || status >= 400) return undefined;
  return /\/(manage|setup)\b/.test(String(location)) ? LEGACY : CONSOLE;
}

type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/** What lets requests in: one session that is kept, or a key. */
export class Login {
  readonly #options: Pick<UnifiOptions, 'username' | 'password' | 'api_key'>;
  readonly #name: string;
  readonly #clock: Clock;
  #cookies: string | undefined;
  #csrf: string | undefined;
  #barred: { readonly until: number; readonly error: LabError } | undefined;

  constructor(options: UnifiOptions, name: string, clock: Clock) {
    this.#options = options;
    this.#name = name;
    this.#clock = clock;
  }

  /**
   * Headers that let a request in.
   *
   * @throws LabError `credentials_refused`, for minutes without asking again; `too_many_requests`
   */
  async headers(dialect: Dialect, send: Send): Promise<Readonly<Record<string, string>>> {
    if (this.#barred !== undefined && this.#clock.elapsed() < this.#barred.until) throw this.#barred.error;
    const { api_key: key } = this.#options;
    if (key !== undefined) return { 'x-api-key': key };
    if (this.#cookies === undefined) await this.#logIn(dialect, send);
    return {
      cookie: this.#cookies ?? '',
      // Consoles want it with each change; who wants none does not look.
      ...(this.#csrf !== undefined && { 'x-csrf-token': this.#csrf }),
    };
  }

  /** Takes a newer token against forged requests from an answer. */
  learn({ headers }: HttpAnswer): void {
    const token = headers['x-updated-csrf-token'] ?? headers['x-csrf-token'];
    if (typeof token === 'string' && this.#cookies !== undefined) this.#csrf = token;
  }

  /**
   * Drops the session that was refused.
   *
   * @returns false: there is none, so asking again would change nothing
   */
  forget(): boolean {
    const had = this.#cookies !== undefined;
    this.#cookies = undefined;
    this.#csrf = undefined;
    return had;
  }

  /** Nobody is to try again for some time. */
  refused(error: LabError, ms = BARRED_MS): LabError {
    this.#barred = { until: this.#clock.elapsed() + ms, error };
    return error;
  }

  /** Ends the session, if there is one. Whether that works is nobody's concern any more. */
  async leave(dialect: Dialect | undefined, send: Send): Promise<void> {
    if (this.#cookies === undefined || dialect === undefined) return;
    const headers = await this.headers(dialect, send);
    this.forget();
    await send({ method: 'POST', path: dialect.logout, headers, deadlineMs: 5_000 }).catch(() => {});
  }

  async #logIn({ login, cookie }: Dialect, send: Send): Promise<void> {
    const { username, password } = this.#options;
    const answer = await send({
      ...{ method: 'POST', path: login, headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ username, password, remember: true }),
    });
    if (answer.status === 429) throw this.refused(tooMany(this.#name, answer), waitOf(answer, BARRED_MS));
    if (answer.status !== 200) {
      const error = loginRefusal(this.#name, answer);
      throw error.code === 'credentials_refused' ? this.refused(error) : error;
    }
    const cookies = cookiesIn(answer);
    const own = cookies.find(([name]) => name === cookie);
    if (own === undefined) {
      throw new LabError('source_failed', `${this.#name}: the login was answered, but with no session`, {
        hint: 'is there a proxy in between that takes cookies away, or another service at that address?',
      });
    }
    this.#cookies = cookies.map((pair) => pair.join('=')).join('; ');
    this.#csrf = csrfOf(answer, cookies);
  }
}

export const tooMany = (name: string, answer: HttpAnswer): LabError =>
  new LabError(
    'too_many_requests',
    `${name}: the controller takes no more requests for ${waitOf(answer, BARRED_MS) / 1_000} s (429)`,
    {
      hint: 'do others log in with this user again and again? Give Labkeeper a user of its own, or an API key',
    },
  );

/** Milliseconds that a server wants to be left alone. */
export function waitOf({ headers }: HttpAnswer, otherwise: number): number {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3_600) * 1_000 : otherwise;
}

function cookiesIn({ headers }: HttpAnswer): readonly (readonly [name: string, value: string])[] {
  const lines = [headers['set-cookie'] ?? []].flat();
  return lines.flatMap((line) => {
    const [, name, value] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? [];
    return name === undefined || value === undefined || value === '' ? [] : [[name, value] as const];
  });
}

/** In a header, else in the session's own token. */
function csrfOf(answer: HttpAnswer, cookies: ReturnType<typeof cookiesIn>): string | undefined {
  const header = answer.headers['x-csrf-token'];
  if (typeof header === 'string') return header;
  const plain = cookies.find(([name]) => name === 'csrf_token')?.[1];
  if (plain !== undefined) return plain;
  try {
    const [, claims = ''] = cookies.find(([name]) => name === 'TOKEN')?.[1].split('.') ?? [];
    const { csrfToken } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as {
      csrfToken?: string;
    };
    return csrfToken;
  } catch {
    return undefined;
  }
}
