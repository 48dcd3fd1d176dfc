import type { Clock } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import type { Meter } from '../../core/meter.ts';
import { listen } from '../../net/event-socket.ts';
import { type HttpAnswer, HttpClient, type HttpRequest } from '../../net/http-client.ts';
import type { Trust } from '../../net/trust.ts';
import type { UnifiOptions } from './config.ts';
import { CONSOLE, type Dialect, dialectOf, Login, tooMany, waitOf } from './login.ts';
import { refusalOf } from './refusal.ts';
import type { Envelope, SiteRow } from './wire.ts';

const READ_MS = 30_000;
const QUIET_MS = 60_000;
/** This version has no such thing. */
const ABSENT = [400, 404];

/** One controller. It is asked for one thing at a time: a CloudKey falls behind otherwise. */
export class UnifiClient {
  readonly #http: HttpClient;
  readonly #login: Login;
  readonly #options: UnifiOptions;
  readonly #name: string;
  readonly #trust: Trust;
  readonly #clock: Clock;
  #dialect: Dialect | undefined;
  #site: string | undefined;
  #role: string | undefined;
  #quiet: { readonly until: number; readonly error: LabError } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @throws LabError `options_invalid` when the authority's file cannot be read */
  constructor(options: UnifiOptions, name: string, clock: Clock, meter: Meter) {
    const { url, fingerprint, ca, verify_tls: verify = true } = options;
    this.#trust = {
      verify,
      ...(fingerprint !== undefined && { fingerprint }),
      ...(ca !== undefined && { ca }),
    };
    this.#http = new HttpClient({ url: url.replace(/\/$/, ''), name, trust: this.#trust, clock, meter });
    this.#login = new Login(options, name, clock);
    this.#options = options;
    this.#name = name;
    this.#clock = clock;
  }

  get url(): string {
    return this.#http.url;
  }

  /** Which generation of API answers there. */
  async dialect(signal: AbortSignal): Promise<Dialect> {
    this.#dialect ??= await this.#inTurn(signal, () => this.#find(signal));
    return this.#dialect;
  }

  /**
   * What the site is called in paths.
   *
   * @throws LabError `options_invalid`: there is none of that name
   */
  async site(signal: AbortSignal): Promise<string> {
    if (this.#site !== undefined) return this.#site;
    const wished = this.#options.site ?? 'default';
    const { data } = await this.#get('/api/self/sites', signal);
    const rows = (data ?? []) as readonly SiteRow[];
    const found =
      rows.find(({ name }) => name === wished) ??
      rows.find(({ desc }) => desc?.toLowerCase() === wished.toLowerCase());
    if (found?.name === undefined) {
      const all = rows.map(({ name, desc }) => `${name} (${desc})`).join(', ');
      throw new LabError('options_invalid', `${this.#name}: the controller shows no site “${wished}”`, {
        hint: all === '' ? 'may the user see any site?' : `set site to one of: ${all}`,
      });
    }
    this.#site = found.name;
    this.#role = found.role;
    return this.#site;
  }

  /** Whether it is known that the user may only look at the site. */
  get isReader(): boolean {
    return this.#role === 'readonly';
  }

  /** What the controller says of itself; empty: it does not tell. */
  async status(signal: AbortSignal): Promise<NonNullable<Envelope['meta']>> {
    const answer = await this.#authorized('GET', '/status', undefined, signal);
    return answer.status === 200 ? (this.#json('/status', answer).meta ?? {}) : {};
  }

  /**
   * Listens to what the controller tells by itself, until that is lost or the signal is aborted.
   *
   * @throws LabError `unreachable`
   */
  async listen(signal: AbortSignal, onOpen: () => void, onText: (text: string) => void): Promise<never> {
    const { prefix } = await this.dialect(signal);
    const path = `${prefix}/wss/s/${encodeURIComponent(await this.site(signal))}/events`;
    const headers = await this.#inTurn(signal, () => this.#headers(signal));
    const url = `${this.url.replace(/^http/, 'ws')}${path}`;
    const { clock, name, trust } = { clock: this.#clock, name: this.#name, trust: this.#trust };
    return listen({ url, name, headers, trust, clock, signal, onOpen, onText });
  }

  /** @param path below the site, as in `stat/device` */
  async list<T>(path: string, signal: AbortSignal): Promise<readonly T[]> {
    const { data = [] } = await this.#get(await this.#below(path, signal), signal);
    return data as readonly T[];
  }

  /** @returns undefined where this version has no such thing */
  async find<T>(path: string, signal: AbortSignal): Promise<readonly T[] | undefined> {
    const answer = await this.#authorized('GET', await this.#below(path, signal), undefined, signal);
    if (ABSENT.includes(answer.status)) return undefined;
    return this.#data<T>(`GET ${path}`, answer);
  }

  /**
   * The newest of a log that only newer controllers have. Reading it is a POST, which changes nothing.
   *
   * @returns undefined where this version has no such thing
   */
  async log<T>(
    which: 'all' | 'critical',
    count: number,
    signal: AbortSignal,
  ): Promise<readonly T[] | undefined> {
    const site = encodeURIComponent(await this.site(signal));
    const path = `/v2/api/site/${site}/system-log/${which}`;
    const answer = await this.#authorized('POST', path, { pageNumber: 0, pageSize: count }, signal);
    return ABSENT.includes(answer.status) ? undefined : this.#data<T>(`POST ${path}`, answer);
  }

  /** Has something done or changed; sent once. */
  async change<T>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: object,
    signal: AbortSignal,
  ): Promise<readonly T[]> {
    const answer = await this.#authorized(method, await this.#below(path, signal), body, signal);
    return this.#data<T>(`${method} ${path}`, answer);
  }

  /** Ends the session. */
  async close(): Promise<void> {
    await this.#last.catch(() => {});
    await this.#login.leave(this.#dialect, (request) => this.#http.write(request));
    await this.#http.close();
  }

  async #below(path: string, signal: AbortSignal): Promise<string> {
    return `/api/s/${encodeURIComponent(await this.site(signal))}/${path}`;
  }

  async #get(path: string, signal: AbortSignal): Promise<Envelope> {
    const answer = await this.#authorized('GET', path, undefined, signal);
    if (answer.status !== 200) throw refusalOf(this.#name, `GET ${path}`, answer);
    return this.#json(path, answer);
  }

  #data<T>(what: string, answer: HttpAnswer): readonly T[] {
    if (answer.status !== 200) throw refusalOf(this.#name, what, answer);
    const { meta, data = [] } = this.#json(what, answer);
    // Some refusals come with 200.
    if (meta?.rc === 'error') throw refusalOf(this.#name, what, answer);
    return data as readonly T[];
  }

  async #authorized(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const dialect = await this.dialect(signal);
    return this.#inTurn(signal, async () => {
      const ask = async (): Promise<HttpAnswer> => {
        const headers = await this.#headers(signal);
        const answer = await this.#send(method, `${dialect.prefix}${path}`, headers, body, signal);
        this.#login.learn(answer);
        return answer;
      };
      let answer = await ask();
      // The session ended: nothing was done for who was not let in.
      if (answer.status === 401 && !/NoSite/.test(answer.body) && this.#login.forget()) answer = await ask();
      if (answer.status === 401 && !/NoSite/.test(answer.body)) {
        const what = this.#options.api_key === undefined ? 'the session' : 'the API key';
        throw this.#login.refused(
          new LabError('credentials_refused', `${this.#name}: ${what} was refused`, {
            hint: 'check the credentials; a key belongs to one console, and its owner must see this site',
          }),
        );
      }
      return answer;
    });
  }

  async #headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    const dialect = this.#dialect ?? CONSOLE;
    return this.#login.headers(dialect, (request) => this.#http.write({ ...request, signal }));
  }

  async #send(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    headers: Readonly<Record<string, string>>,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    if (this.#quiet !== undefined && this.#clock.elapsed() < this.#quiet.until) throw this.#quiet.error;
    const request: HttpRequest = {
      ...{ method, path, signal, deadlineMs: READ_MS },
      headers: {
        accept: 'application/json',
        ...headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const answer = await (method === 'GET' ? this.#http.read(request) : this.#http.write(request));
    if (answer.status !== 429) return answer;
    const error = tooMany(this.#name, answer);
    this.#quiet = { until: this.#clock.elapsed() + waitOf(answer, QUIET_MS), error };
    throw error;
  }

  async #find(signal: AbortSignal): Promise<Dialect> {
    if (this.#options.api_key !== undefined) return CONSOLE;
    const { status, headers } = await this.#http.read({ path: '/', signal });
    const found = dialectOf(status, headers.location);
    if (found !== undefined) return found;
    throw new LabError('source_failed', `${this.#name}: GET / was answered with ${status}`, {
      hint: 'is a UniFi controller at that address? One of its own listens at port 8443, a console at 443',
    });
  }

  #json(path: string, { body }: HttpAnswer): Envelope {
    try {
      const value: unknown = JSON.parse(body);
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new TypeError('no object');
      return value as Envelope;
    } catch (cause) {
      throw new LabError('source_failed', `${this.#name}: ${path} was answered, but not in UniFi’s JSON`, {
        hint: 'is there a proxy or another service at that address?',
        cause,
      });
    }
  }

  #inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}
