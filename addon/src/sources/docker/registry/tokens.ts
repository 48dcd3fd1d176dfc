import type { Clock } from '../../../core/clock.ts';
import { LabError } from '../../../core/errors.ts';
import type { Meter } from '../../../core/meter.ts';
import { HttpClient } from '../../../net/http-client.ts';
import type { TokenSource } from './realm.ts';

export interface TokenParts {
  /** For errors. */
  readonly name: string;
  /** Asks the registry itself, with its certificate pinned as that is. */
  readonly own: HttpClient;
  readonly clock: Clock;
  readonly meter: Meter;
}

/** What clients are to assume where nothing is said, and the least that a service may give. */
const LIFE_SECONDS = 60;
const MOST_SECONDS = 3_600;
/** A token must not run out on its way. */
const MARGIN_SECONDS = 10;
const DEADLINE_MS = 20_000;

/** Tokens for one registry's repositories, each kept until it runs out. In memory only. */
export class Tokens {
  readonly #parts: TokenParts;
  readonly #kept = new Map<string, { readonly token: string; readonly until: number }>();
  /** Token services beside the registry itself, by origin. */
  readonly #others = new Map<string, HttpClient>();

  constructor(parts: TokenParts) {
    this.#parts = parts;
  }

  /**
   * @param authorization of the user; undefined: nobody in particular asks
   * @throws LabError `credentials_refused`, `too_many_requests`, `source_failed`, `unreachable`, `deadline_passed`
   */
  async get(
    repository: string,
    source: TokenSource,
    authorization: string | undefined,
    signal: AbortSignal,
  ): Promise<string> {
    const { clock } = this.#parts;
    const kept = this.#kept.get(repository);
    if (kept !== undefined && kept.until > clock.elapsed()) return kept.token;
    const { token, seconds } = await this.#ask(source, authorization, signal);
    for (const [key, { until }] of this.#kept) if (until <= clock.elapsed()) this.#kept.delete(key);
    this.#kept.set(repository, { token, until: clock.elapsed() + (seconds - MARGIN_SECONDS) * 1_000 });
    return token;
  }

  /** It was refused: whatever it says of itself. */
  forget(repository: string | undefined): void {
    if (repository !== undefined) this.#kept.delete(repository);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#others.values()].map((http) => http.close()));
  }

  async #ask(
    { origin, path }: TokenSource,
    authorization: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly token: string; readonly seconds: number }> {
    const headers = authorization === undefined ? {} : { authorization };
    const request = { path, headers, signal, deadlineMs: DEADLINE_MS };
    const { status, body } = await this.#client(origin).read(request);
    const what = `${this.#parts.name}: its token service ${new URL(origin).host}`;
    if (status === 401 || status === 403) {
      throw new LabError('credentials_refused', `${what} refused (${status})`, {
        hint:
          authorization === undefined ? 'it wants a login (option registries)' : 'check user and password',
      });
    }
    if (status === 429) throw new LabError('too_many_requests', `${what} has had enough requests (429)`);
    // Redirects too: a login is not carried on to wherever somebody points.
    if (status !== 200) throw new LabError('source_failed', `${what} failed (${status})`);
    const token = tokenOf(body);
    if (token === undefined) throw new LabError('source_failed', `${what} gave no token`);
    return token;
  }

  #client(origin: string): HttpClient {
    const { own, name, clock, meter } = this.#parts;
    if (origin === own.url) return own;
    const known = this.#others.get(origin) ?? new HttpClient({ url: origin, name, trust: {}, clock, meter });
    this.#others.set(origin, known);
    return known;
  }
}

function tokenOf(body: string): { readonly token: string; readonly seconds: number } | undefined {
  const answer = parsed(body) as { token?: unknown; access_token?: unknown; expires_in?: unknown } | null;
  const token = answer?.token ?? answer?.access_token;
  // It becomes part of a header.
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,16384}$/.test(token)) return undefined;
  const said = Number(answer?.expires_in ?? LIFE_SECONDS);
  return { token, seconds: Math.min(MOST_SECONDS, Math.max(LIFE_SECONDS, said || LIFE_SECONDS)) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
