import type { Clock } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import type { Meter } from '../../core/meter.ts';
import { type HttpAnswer, HttpClient, type HttpRequest } from '../../net/http-client.ts';
import type { ProxmoxOptions } from './config.ts';
import { Lanes } from './lanes.ts';
import { Login } from './login.ts';
import { FORM_TYPE, formWith, type StreamedUpload, streamedFormWith, type Upload } from './upload-form.ts';

const READ_MS = 10_000;
const WRITE_MS = 30_000;
/** The first address is the one that the user would rather have asked: others only while it is gone. */
const FIRST_AGAIN_MS = 60_000;

/** One cluster, over whichever of its nodes answers. All errors are `LabError`s that name it. */
export class ProxmoxClient {
  readonly #nodes: readonly HttpClient[];
  readonly #login: Login;
  readonly #lanes = new Lanes();
  readonly #name: string;
  readonly #clock: Clock;
  readonly #closed = new AbortController();
  /** Index of the node that answered last. */
  #current = 0;
  /** When the first one is looked for again, by the clock's `elapsed`. */
  #firstDue = 0;

  /** @throws LabError `options_invalid` when the authority's file cannot be read */
  constructor(options: ProxmoxOptions, name: string, clock: Clock, meter: Meter) {
    const { urls, fingerprint, ca, verify_tls: verify = true } = options;
    const trust = {
      verify,
      ...(fingerprint !== undefined && { fingerprint }),
      ...(ca !== undefined && { ca }),
    };
    this.#nodes = urls.map(
      (url) => new HttpClient({ url: url.replace(/\/$/, ''), name, trust, clock, meter }),
    );
    this.#login = new Login(options, name, clock);
    this.#name = name;
    this.#clock = clock;
  }

  /** Address of the node that answers at present. */
  get url(): string {
    return this.#at(this.#current).url;
  }

  /**
   * What `data` of the answer holds. A node that does not answer is passed over for the next one.
   *
   * @param path below `/api2/json`, its parts encoded
   * @throws LabError `source_failed` when it is no object
   */
  async get<T extends object>(path: string, signal: AbortSignal): Promise<T> {
    // Whichever node is asked, the one that is named has to answer.
    const [, busy = ''] = /^\/nodes\/([^/]+)/.exec(path) ?? [];
    const data = await this.#lanes.run(busy, () => this.#get<T>(path, signal));
    if (!isObject(data)) throw this.misshapen(path);
    return data;
  }

  /** What `data` of the answer holds where that is no object; as `get`. */
  value<T extends string | number>(path: string, signal: AbortSignal): Promise<T> {
    return this.#get<T>(path, signal);
  }

  /**
   * What `data` of the answer lists; as `get`.
   *
   * @throws LabError `source_failed` when it is no list of objects
   */
  async list<T extends object>(path: string, signal: AbortSignal): Promise<readonly T[]> {
    const rows = await this.get<readonly T[]>(path, signal);
    if (!Array.isArray(rows) || !rows.every(isObject)) throw this.misshapen(path);
    return rows;
  }

  /**
   * What `data` of the answer holds, asked once, at the node that answered last: whoever is slow here is not the node.
   *
   * @param ms the longest that it may take
   */
  async ask<T extends object>(path: string, ms: number, signal: AbortSignal): Promise<T> {
    const [, busy = ''] = /^\/nodes\/([^/]+)/.exec(path) ?? [];
    const data = await this.#lanes.run(busy, () =>
      this.#authorized<T>(this.#current, 'GET', path, undefined, signal, ms),
    );
    if (!isObject(data)) throw this.misshapen(path);
    return data;
  }

  async #get<T>(path: string, signal: AbortSignal): Promise<T> {
    this.#lookForFirst();
    const from = this.#current;
    for (let tried = 1; ; tried += 1) {
      // Its own way round: what others ask at the same time must not make this one skip a node.
      const index = (from + tried - 1) % this.#nodes.length;
      try {
        const data = await this.#authorized<T>(index, 'GET', path, undefined, signal);
        if (tried > 1) this.#moveTo(index);
        return data;
      } catch (thrown) {
        if (!isGone(thrown) || tried === this.#nodes.length || signal.aborted) throw thrown;
      }
    }
  }

  /** What to throw where an answer has another shape than it should. */
  misshapen(path: string): LabError {
    return new LabError('source_failed', `${this.#name}: GET ${path} was answered with something else`, {
      hint: SOMETHING_ELSE,
    });
  }

  #moveTo(index: number): void {
    this.#current = index;
    this.#firstDue = this.#clock.elapsed() + FIRST_AGAIN_MS;
  }

  /** Asks whether the first node is back, beside what is read: nothing waits for one that is still gone. */
  #lookForFirst(): void {
    const now = this.#clock.elapsed();
    if (this.#current === 0 || now < this.#firstDue) return;
    this.#firstDue = now + FIRST_AGAIN_MS;
    void this.#authorized(0, 'GET', '/version', undefined, this.#closed.signal).then(
      () => this.#moveTo(0),
      () => {},
    );
  }

  /** Has something done; sent once, to the node that answered last. */
  async post<T>(path: string, body: Readonly<Record<string, string>>, signal: AbortSignal): Promise<T> {
    return this.#authorized<T>(this.#current, 'POST', path, new URLSearchParams(body).toString(), signal);
  }

  /**
   * Has something changed; sent once, to the node that answered last.
   *
   * @param form of a DELETE it goes into the path
   */
  async change<T>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    form: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<T> {
    const text = new URLSearchParams(form).toString();
    if (method !== 'DELETE') return this.#authorized<T>(this.#current, method, path, text, signal);
    const query = text === '' ? path : `${path}?${text}`;
    return this.#authorized<T>(this.#current, method, query, undefined, signal);
  }

  /**
   * Has something done that is over at once; as `post`, in the lane of its node.
   *
   * @param form the same name may come more than once
   * @param ms the longest that it may take
   */
  tell<T>(
    path: string,
    form: readonly (readonly [string, string])[],
    ms: number,
    signal: AbortSignal,
  ): Promise<T> {
    const [, busy = ''] = /^\/nodes\/([^/]+)/.exec(path) ?? [];
    const body = new URLSearchParams(form.map(([name, value]): [string, string] => [name, value])).toString();
    return this.#lanes.run(busy, () => this.#authorized<T>(this.#current, 'POST', path, body, signal, ms));
  }

  /**
   * Puts a file on a storage; sent once, to the node that answered last, which passes it on.
   *
   * @param path of the storage's `upload`
   * @param ms the longest that it may take
   * @returns the task that takes it from there
   */
  upload(path: string, file: Upload, ms: number, signal: AbortSignal): Promise<string> {
    return this.#authorized<string>(this.#current, 'POST', path, formWith(file), signal, ms, FORM_TYPE);
  }

  /** The same with a file that is sent as it comes. Should the login have ended before, it fails: what came is gone. */
  uploadStreamed(path: string, file: StreamedUpload, ms: number, signal: AbortSignal): Promise<string> {
    const form = streamedFormWith(file);
    return this.#authorized<string>(this.#current, 'POST', path, form, signal, ms, FORM_TYPE);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all(this.#nodes.map((node) => node.close()));
  }

  #at(index: number): HttpClient {
    return this.#nodes[index] as HttpClient;
  }

  async #authorized<T>(
    index: number,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: HttpRequest['body'],
    signal: AbortSignal,
    ms?: number,
    type?: string,
  ): Promise<T> {
    const headersNow = (): Promise<Readonly<Record<string, string>>> =>
      this.#login.headers((form) => this.#send(index, 'POST', '/access/ticket', form, {}, signal));
    const headers = await headersNow();
    let answer = await this.#send(index, method, path, body, headers, signal, ms, type);
    // A ticket can end before its time: the cluster's key was changed. Nothing was done for who was not let in.
    const isSpent = typeof body === 'object' && 'chunks' in body;
    if (answer.status === 401 && this.#login.forget(headers) && !isSpent)
      answer = await this.#send(index, method, path, body, await headersNow(), signal, ms, type);
    if (answer.status === 401) throw this.#login.refused(answer.statusText);
    return this.#dataOf<T>(`${method} ${path}`, answer);
  }

  #send(
    index: number,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: HttpRequest['body'],
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    ms = method === 'GET' ? READ_MS : WRITE_MS,
    type = 'application/x-www-form-urlencoded',
  ): Promise<HttpAnswer> {
    const request: HttpRequest = {
      method,
      path: `/api2/json${path}`,
      signal,
      deadlineMs: ms,
      headers: {
        ...headers,
        ...(body !== undefined && { 'content-type': type }),
      },
      ...(body !== undefined && { body }),
    };
    const node = this.#at(index);
    return method === 'GET' ? node.read(request) : node.write(request);
  }

  #dataOf<T>(what: string, { status, statusText, body }: HttpAnswer): T {
    if (status === 200) {
      try {
        return (JSON.parse(body) as { data: T }).data;
      } catch (cause) {
        throw new LabError('source_failed', `${this.#name}: ${what} was answered, but not in JSON`, {
          hint: SOMETHING_ELSE,
          cause,
        });
      }
    }
    const text = `${this.#name}: ${what} failed (${status}): ${wordsOf(statusText, body)}`;
    if (status === 403) {
      // PVE names what is missing: `Permission check failed (/vms/101, VM.PowerMgmt)`.
      const [, where, privilege] = /\((\S+), ([^)]+)\)/.exec(wordsOf(statusText, body)) ?? [];
      const missing = privilege === undefined ? 'the missing privilege' : `${privilege} at ${where}`;
      const hint = `give ${missing} to the user and, if its token has separated privileges, to the token too`;
      throw new LabError('privilege_missing', text, { hint });
    }
    // The node that was to answer this is off; the one that we asked is not.
    if ([595, 596, 599].includes(status)) throw new LabError('node_offline', text);
    // Proxmox VE shows no pages there.
    if (/^\s*</.test(body)) throw new LabError('source_failed', text, { hint: SOMETHING_ELSE });
    // 501: its version does not have that.
    throw new LabError(status >= 500 && status !== 501 ? 'source_failed' : 'source_refused', text);
  }
}

const SOMETHING_ELSE = 'is there a proxy or another service at that address?';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const isGone = (thrown: unknown): boolean =>
  thrown instanceof LabError &&
  ['unreachable', 'certificate_refused', 'deadline_passed'].includes(thrown.code);

/** PVE says what is wrong in the status line, and which parameter in the body. */
function wordsOf(statusText: string, body: string): string {
  try {
    const { errors } = JSON.parse(body) as { errors?: Readonly<Record<string, string>> };
    const named = Object.entries(errors ?? {}).map(([key, message]) => `${key}: ${message.trim()}`);
    return [statusText, ...named].join(' ');
  } catch {
    return statusText;
  }
}
