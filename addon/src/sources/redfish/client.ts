import type { Clock } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import type { Meter } from '../../core/meter.ts';
import { type HttpAnswer, HttpClient, type HttpRequest } from '../../net/http-client.ts';
import type { RedfishOptions } from './config.ts';
import { Login } from './login.ts';
import { refusalOf, refusedLogin } from './refusal.ts';
import type { Collection, Link, Root } from './wire.ts';

/** The one path that the standard fixes; all others are found from there. */
export const ROOT = '/redfish/v1/';

const READ_MS = 30_000;
const WRITE_MS = 30_000;
/** More than any collection has; one whose pages lead in a circle ends. */
const MOST_PAGES = 50;
/** There is none, or whoever asks may not see it: not in this version, or not by this licence. */
const WITHHELD = [400, 403, 404, 405, 410, 501];

/** One management controller. It is asked for one thing at a time: many lose answers otherwise, or their web server. */
export class RedfishClient {
  readonly #http: HttpClient;
  readonly #login: Login;
  readonly #name: string;
  #root: Root | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @throws LabError `options_invalid` when the authority's file cannot be read */
  constructor(options: RedfishOptions, name: string, clock: Clock, meter: Meter) {
    const { url, fingerprint, ca, verify_tls: verify = true } = options;
    const trust = {
      verify,
      ...(fingerprint !== undefined && { fingerprint }),
      ...(ca !== undefined && { ca }),
    };
    this.#http = new HttpClient({ url: url.replace(/\/$/, ''), name, trust, clock, meter });
    this.#login = new Login(options, name, clock);
    this.#name = name;
  }

  get url(): string {
    return this.#http.url;
  }

  /** What the service begins with. */
  async root(signal: AbortSignal): Promise<Root> {
    this.#root ??= await this.#inTurn(signal, async () => {
      const answer = await this.#send('GET', ROOT, {}, undefined, signal);
      if (answer.status !== 200) throw refusalOf(this.#name, `GET ${ROOT}`, answer);
      return this.#json<Root>(ROOT, answer);
    });
    return this.#root;
  }

  /** @throws LabError also where there is none */
  async get<T>(path: string, signal: AbortSignal): Promise<T> {
    const answer = await this.#authorized('GET', path, undefined, signal);
    if (answer.status !== 200) throw refusalOf(this.#name, `GET ${path}`, answer);
    return this.#json<T>(path, answer);
  }

  /** @returns undefined where there is none, or where rights or the licence withhold it */
  async find<T>(link: Link | null | undefined, signal: AbortSignal, query = ''): Promise<T | undefined> {
    const path = link?.['@odata.id'];
    if (typeof path !== 'string') return undefined;
    const answer = await this.#authorized('GET', `${path}${query}`, undefined, signal);
    if (WITHHELD.includes(answer.status)) return undefined;
    if (answer.status !== 200) throw refusalOf(this.#name, `GET ${path}`, answer);
    return this.#json<T>(path, answer);
  }

  /** The members of a collection themselves, page by page; in as few answers as the service can give them. */
  async *pages<T>(link: Link | null | undefined, signal: AbortSignal): AsyncGenerator<readonly T[]> {
    const expands = (await this.root(signal)).ProtocolFeaturesSupported?.ExpandQuery?.NoLinks === true;
    const query = expands ? '?$expand=.($levels=1)' : '';
    // Not every collection of a service that can expand can be expanded.
    let page =
      (await this.find<Collection<T & Link>>(link, signal, query)) ??
      (query === '' ? undefined : await this.find<Collection<T & Link>>(link, signal));
    for (let pages = 1; page !== undefined && pages <= MOST_PAGES; pages += 1) {
      const members: T[] = [];
      for (const member of page.Members ?? []) {
        const whole = isBare(member) ? await this.find<T>(member, signal) : member;
        if (whole !== undefined) members.push(whole);
      }
      yield members;
      const next = page['Members@odata.nextLink'];
      page =
        next === undefined ? undefined : await this.find<Collection<T & Link>>({ '@odata.id': next }, signal);
    }
  }

  async members<T>(link: Link | null | undefined, signal: AbortSignal): Promise<readonly T[]> {
    const all: T[] = [];
    for await (const page of this.pages<T>(link, signal)) all.push(...page);
    return all;
  }

  /** Has something done; sent once. */
  async post(path: string, body: object, signal: AbortSignal): Promise<void> {
    const answer = await this.#authorized('POST', path, { body: JSON.stringify(body) }, signal);
    if (answer.status >= 300) throw refusalOf(this.#name, `POST ${path}`, answer);
  }

  /** Changes what a resource says of itself, unless somebody else did meanwhile: then once more from the start. */
  async patch(path: string, body: object, signal: AbortSignal): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      const before = await this.#authorized('GET', path, undefined, signal);
      const tag = before.headers.etag;
      const headers = typeof tag === 'string' ? { 'if-match': tag } : {};
      const answer = await this.#authorized('PATCH', path, { body: JSON.stringify(body), headers }, signal);
      if (answer.status < 300) return;
      // Refused because of its tag, so nothing was changed.
      if (answer.status !== 412 || tried > 1) throw refusalOf(this.#name, `PATCH ${path}`, answer);
    }
  }

  /** Ends the session: a controller has few of them, and keeps them for half an hour. */
  async close(): Promise<void> {
    await this.#last.catch(() => {});
    await this.#login.leave((path, headers) =>
      this.#http.write({ method: 'DELETE', path, headers, deadlineMs: 5_000 }),
    );
    await this.#http.close();
  }

  async #authorized(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    { body, headers = {} }: { body?: string; headers?: Readonly<Record<string, string>> } = {},
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const root = await this.root(signal);
    return this.#inTurn(signal, async () => {
      const enter = (): Promise<Readonly<Record<string, string>>> =>
        this.#login.headers(root, (where, form) => this.#send('POST', where, {}, form, signal));
      let answer = await this.#send(method, path, { ...headers, ...(await enter()) }, body, signal);
      // The session ended: nothing was done for who was not let in.
      if (answer.status === 401 && this.#login.forget()) {
        answer = await this.#send(method, path, { ...headers, ...(await enter()) }, body, signal);
      }
      if (answer.status === 401) throw this.#login.refused(refusedLogin(this.#name, answer.statusText));
      return answer;
    });
  }

  #send(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const request: HttpRequest = {
      method,
      path: this.#pathOf(path),
      signal,
      deadlineMs: method === 'GET' ? READ_MS : WRITE_MS,
      headers: {
        accept: 'application/json',
        'odata-version': '4.0',
        ...headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
    };
    return method === 'GET' ? this.#http.read(request) : this.#http.write(request);
  }

  /** A path that the service named: it may lead to nowhere but this service. */
  #pathOf(path: string): string {
    const url = URL.parse(path, this.#http.url);
    if (url === null || url.origin !== new URL(this.#http.url).origin) {
      throw new LabError('source_failed', `${this.#name}: “${path}” leads to another place`);
    }
    return `${url.pathname}${url.search}`;
  }

  #json<T>(path: string, { body }: HttpAnswer): T {
    try {
      const value: unknown = JSON.parse(body);
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new TypeError('no object');
      return value as T;
    } catch (cause) {
      const hint = 'is there a proxy or another service at that address?';
      throw new LabError(
        'source_failed',
        `${this.#name}: GET ${path} was answered, but not in Redfish’s JSON`,
        {
          ...{ hint, cause },
        },
      );
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

/** Only a reference to the member. */
const isBare = (member: object): boolean => Object.keys(member).every((key) => key.startsWith('@odata.'));
