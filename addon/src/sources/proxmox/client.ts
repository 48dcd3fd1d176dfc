import type { Clock } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import type { Meter } from '../../core/meter.ts';
import { type HttpAnswer, HttpClient, type HttpRequest } from '../../net/http-client.ts';
import type { ProxmoxOptions } from './config.ts';
import { Lanes } from './lanes.ts';
import { Login } from './login.ts';

const READ_MS = 10_000;
const WRITE_MS = 30_000;

/** One cluster, over whichever of its nodes answers. All errors are `LabError`s that name it. */
export class ProxmoxClient {
  readonly #nodes: readonly HttpClient[];
  readonly #login: Login;
  readonly #lanes = new Lanes();
  readonly #name: string;
  /** Index of the node that answered last. */
  #current = 0;

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
    this.#login = new Login(options, clock);
    this.#name = name;
  }

  /** Address of the node that answers at present. */
  get url(): string {
    return this.#node.url;
  }

  /**
   * What `data` of the answer holds. A node that does not answer is passed over for the next one.
   *
   * @param path below `/api2/json`, its parts encoded
   */
  async get<T>(path: string, signal: AbortSignal): Promise<T> {
    // Whichever node is asked, the one that is named has to answer.
    const [, busy = ''] = /^\/nodes\/([^/]+)/.exec(path) ?? [];
    return this.#lanes.run(busy, () => this.#get<T>(path, signal));
  }

  async #get<T>(path: string, signal: AbortSignal): Promise<T> {
    const first = this.#current;
    for (;;) {
      try {
        return await this.#authorized<T>('GET', path, undefined, signal);
      } catch (thrown) {
        const next = (this.#current + 1) % this.#nodes.length;
        if (!isGone(thrown) || next === first || signal.aborted) throw thrown;
        this.#current = next;
      }
    }
  }

  /** Has something done; sent once, to the node that answered last. */
  async post<T>(path: string, body: Readonly<Record<string, string>>, signal: AbortSignal): Promise<T> {
    return this.#authorized<T>('POST', path, new URLSearchParams(body).toString(), signal);
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.close()));
  }

  get #node(): HttpClient {
    return this.#nodes[this.#current] as HttpClient;
  }

  async #authorized<T>(
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    signal: AbortSignal,
  ): Promise<T> {
    const send = async (): Promise<HttpAnswer> => {
      const headers = await this.#login.headers((form) =>
        this.#send('POST', '/access/ticket', form, {}, signal),
      );
      return this.#send(method, path, body, headers, signal);
    };
    let answer = await send();
    // A ticket can end before its time: the cluster's key was changed. Nothing was done for who was not let in.
    if (answer.status === 401 && this.#login.forget()) answer = await send();
    if (answer.status === 401) throw this.#login.refused(this.#name, answer.statusText);
    return this.#dataOf<T>(`${method} ${path}`, answer);
  }

  #send(
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const request: HttpRequest = {
      method,
      path: `/api2/json${path}`,
      signal,
      deadlineMs: method === 'GET' ? READ_MS : WRITE_MS,
      headers: {
        ...headers,
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body !== undefined && { body }),
    };
    return method === 'GET' ? this.#node.read(request) : this.#node.write(request);
  }

  #dataOf<T>(what: string, { status, statusText, body }: HttpAnswer): T {
    if (status === 200) {
      try {
        return (JSON.parse(body) as { data: T }).data;
      } catch (cause) {
        const hint = 'is there a proxy or another service at that address?';
        throw new LabError('source_failed', `${this.#name}: ${what} was answered, but not in JSON`, {
          hint,
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
    throw new LabError(status >= 500 ? 'source_failed' : 'source_refused', text);
  }
}

const isGone = (thrown: unknown): boolean =>
  thrown instanceof LabError && (thrown.code === 'unreachable' || thrown.code === 'deadline_passed');

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
