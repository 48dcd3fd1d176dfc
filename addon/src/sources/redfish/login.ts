import type { Clock } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import type { HttpAnswer } from '../../net/http-client.ts';
import type { RedfishOptions } from './config.ts';
import { refusalOf } from './refusal.ts';
import type { Root } from './wire.ts';

/** By default an iDRAC shuts out an address after three wrong passwords within a minute, and then for some. */
const BARRED_MS = 5 * 60_000;
/** Where sessions are if the service does not say so: the standard’s own path. */
const SESSIONS = '/redfish/v1/SessionService/Sessions';

type Headers = Readonly<Record<string, string>>;

/** What lets requests in: one session, or user and password with each request where there are no sessions. */
export class Login {
  readonly #options: RedfishOptions;
  readonly #name: string;
  readonly #clock: Clock;
  #headers: Headers | undefined;
  /** Path of the session that we made; empty where the service did not say. */
  #session: string | undefined;
  #barred: { readonly until: number; readonly error: LabError } | undefined;

  constructor(options: RedfishOptions, name: string, clock: Clock) {
    this.#options = options;
    this.#name = name;
    this.#clock = clock;
  }

  /**
   * @param ask sends JSON to a path with `POST`, without a login
   * @throws LabError `credentials_refused`, for minutes without asking again; `sessions_exhausted`
   */
  async headers(root: Root, ask: (path: string, json: string) => Promise<HttpAnswer>): Promise<Headers> {
    if (this.#barred !== undefined && this.#clock.elapsed() < this.#barred.until) throw this.#barred.error;
    this.#headers ??= await this.#logIn(root, ask);
    return this.#headers;
  }

  /**
   * Drops the session that was refused.
   *
   * @returns false: there is none, so asking again would change nothing
   */
  forget(): boolean {
    const had = this.#session !== undefined;
    this.#headers = undefined;
    this.#session = undefined;
    return had;
  }

  /** Notes that user and password were refused: nobody is to try them again for some minutes. */
  refused(error: LabError): LabError {
    this.#barred = { until: this.#clock.elapsed() + BARRED_MS, error };
    return error;
  }

  /** Ends the session, if there is one. Whether that works is nobody's concern any more: it ends by itself, too. */
  async leave(remove: (path: string, headers: Headers) => Promise<HttpAnswer>): Promise<void> {
    const [session, headers] = [this.#session, this.#headers];
    this.forget();
    if (session && headers !== undefined) await remove(session, headers).catch(() => {});
  }

  async #logIn(root: Root, ask: (path: string, json: string) => Promise<HttpAnswer>): Promise<Headers> {
    const { username, password } = this.#options;
    const path = root.Links?.Sessions?.['@odata.id'] ?? SESSIONS;
    const answer = await ask(path, JSON.stringify({ UserName: username, Password: password }));
    if ([404, 405, 501].includes(answer.status)) {
      return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
    }
    if (answer.status >= 300) {
      const error = refusalOf(this.#name, 'the login', answer);
      throw error.code === 'credentials_refused' ? this.refused(error) : error;
    }
    const { 'x-auth-token': token, location } = answer.headers;
    if (typeof token !== 'string') {
      const hint = 'is there a proxy in between that takes the header X-Auth-Token away?';
      throw new LabError('source_failed', `${this.#name}: the login was answered, but with no token`, {
        hint,
      });
    }
    const named = typeof location === 'string' ? location : pathIn(answer.body);
    // Some name it with scheme and host, by a name that only they know themselves by.
    this.#session = named === undefined ? '' : (URL.parse(named, 'https://controller')?.pathname ?? '');
    return { 'x-auth-token': token };
  }
}

function pathIn(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { '@odata.id'?: string })['@odata.id'];
  } catch {
    return undefined;
  }
}
