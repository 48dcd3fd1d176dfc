import type { Clock } from '../../../core/clock.ts';
import { LabError } from '../../../core/errors.ts';
import type { Meter } from '../../../core/meter.ts';
import { type HttpAnswer, HttpClient } from '../../../net/http-client.ts';
import type { Trust } from '../../../net/trust.ts';
import { type Challenge, challengeOf } from './challenge.ts';
import { tokenSourceOf } from './realm.ts';
import { Tokens } from './tokens.ts';
import { Turnstile } from './turnstile.ts';

/** Who logs in. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface EndpointParts {
  /** For errors. */
  readonly name: string;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly trust: Trust;
  readonly login: Login | undefined;
  readonly tokenHost: string | undefined;
  readonly clock: Clock;
  readonly meter: Meter;
}

export interface Question {
  readonly method: 'HEAD' | 'GET';
  readonly path: string;
  readonly accept: string;
  /** Repository that it is about; undefined: no login is made for it, as for files that a redirect leads to. */
  readonly repository: string | undefined;
}

const DEADLINE_MS = 20_000;
/** Above this, an image's papers are somebody's joke. */
const MAX_CHARS = 4 * 1024 ** 2;

/** One host that is asked, with its own login: what is known here is never sent to another host. */
export class Endpoint {
  readonly #parts: EndpointParts;
  readonly #http: HttpClient;
  readonly #turnstile: Turnstile;
  readonly #tokens: Tokens;
  #challenge: Challenge | undefined;
  /** Requests that the registry still answers, where it counts them. */
  #remaining: number | undefined;

  /** @throws LabError `options_invalid` when the authority's file cannot be read */
  constructor(parts: EndpointParts) {
    const { name, origin, trust, clock, meter } = parts;
    this.#parts = parts;
    this.#http = new HttpClient({ url: origin, name, trust, clock, meter });
    this.#turnstile = new Turnstile(clock, name);
    this.#tokens = new Tokens({ name, own: this.#http, clock, meter });
  }

  /** Whether one more counted request would be the user's last ones. */
  get isScarce(): boolean {
    return this.#remaining !== undefined && this.#remaining < 10;
  }

  /**
   * Asks, logging in where that is wanted. A redirect is an answer, as is any status but those below.
   *
   * @throws LabError `credentials_refused` (401, 403), `too_many_requests` (429), `source_failed` (5xx), `unreachable`,
   * `deadline_passed`
   */
  async ask(question: Question, signal: AbortSignal): Promise<HttpAnswer> {
    const first = await this.#send(question, await this.#authorization(question, signal), signal);
    if (first.status !== 401) return this.#checked(first);
    this.#challenge = challengeOf(first.headers['www-authenticate']);
    this.#tokens.forget(question.repository);
    const authorization = await this.#authorization(question, signal);
    if (authorization === undefined) throw this.#refused(first);
    return this.#checked(await this.#send(question, authorization, signal));
  }

  close(): Promise<unknown> {
    return Promise.all([this.#http.close(), this.#tokens.close()]);
  }

  #send(
    { method, path, accept }: Question,
    authorization: string | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    return this.#turnstile.pass(signal, async () => {
      const headers = { accept, ...(authorization !== undefined && { authorization }) };
      const answer = await this.#http.read({ method, path, headers, signal, deadlineMs: DEADLINE_MS });
      const remaining = /^\d{1,9}/.exec(one(answer.headers['ratelimit-remaining']) ?? '')?.[0];
      if (remaining !== undefined) this.#remaining = Number(remaining);
      // Told before the next one in the line goes.
      if (answer.status === 429) this.#turnstile.close(one(answer.headers['retry-after']));
      return answer;
    });
  }

  async #authorization({ repository }: Question, signal: AbortSignal): Promise<string | undefined> {
    const { name, origin, login, tokenHost } = this.#parts;
    if (repository === undefined || this.#challenge === undefined) return undefined;
    if (this.#challenge.scheme === 'basic') return login && basic(login);
    const asker = { name, origin, tokenHost, hasCredentials: login !== undefined };
    const source = tokenSourceOf(this.#challenge, `repository:${repository}:pull`, asker);
    const authorization = source.trusted && login !== undefined ? basic(login) : undefined;
    return `Bearer ${await this.#tokens.get(repository, source, authorization, signal)}`;
  }

  #checked(answer: HttpAnswer): HttpAnswer {
    const { name } = this.#parts;
    const { status, body } = answer;
    if (status === 401 || status === 403) throw this.#refused(answer);
    if (status === 429) {
      throw new LabError('too_many_requests', `${name} has had enough requests for now (429)`);
    }
    if (status >= 500) throw new LabError('source_failed', `${name} failed (${status})`);
    if (body.length > MAX_CHARS) throw new LabError('source_failed', `${name}: the answer is too large`);
    return answer;
  }

  #refused({ status }: HttpAnswer): LabError {
    const { name, login } = this.#parts;
    const hint =
      login === undefined
        ? 'the image is private or does not exist: give a login for this registry (option registries)'
        : 'check user and password of this registry, and that they may read the image';
    return new LabError('credentials_refused', `${name} refused (${status})`, { hint });
  }
}

const one = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : header?.[0];

const basic = ({ username, password }: Login): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
