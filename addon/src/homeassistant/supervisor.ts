import type { Clock } from '../core/clock.ts';
import { LabError } from '../core/errors.ts';
import { Meter } from '../core/meter.ts';
import { type HttpAnswer, HttpClient, type HttpRequest } from '../net/http-client.ts';

/** The MQTT broker that Home Assistant offers its apps. */
export interface OfferedMqtt {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
}

export interface SupervisorParts {
  /** As in `http://supervisor`. */
  readonly url: string;
  /** What it lets us in with. */
  readonly token: string;
  readonly clock: Clock;
}

const NAME = 'the Supervisor';

/** What Labkeeper asks the Supervisor, which starts it as an app of Home Assistant. */
export class Supervisor {
  readonly #client: HttpClient;
  readonly #token: string;

  constructor({ url, token, clock }: SupervisorParts) {
    this.#token = token;
    this.#client = new HttpClient({ url, name: NAME, trust: {}, clock, meter: new Meter(clock) });
  }

  /**
   * The broker of Home Assistant.
   *
   * @returns undefined: there is none at present, or it has not started yet
   * @throws LabError `unreachable`, `deadline_passed`, `credentials_refused`, `source_failed`
   */
  async mqtt(signal: AbortSignal): Promise<OfferedMqtt | undefined> {
    const path = '/services/mqtt';
    const answer = await this.#client.read({ path, headers: this.#headers(), signal });
    // “Service not enabled”: so too until the broker's own app has started.
    if (answer.status === 400) return undefined;
    const { host, port, ssl, username, password } = dataOf('GET', path, answer);
    if (typeof host !== 'string' || host === '' || typeof port !== 'number') {
      throw new LabError('source_failed', `${NAME}: GET ${path}: the answer has no host and port`);
    }
    return {
      ...{ host, port, tls: ssl === true },
      ...(typeof username === 'string' && username !== '' && { username }),
      ...(typeof password === 'string' && password !== '' && { password }),
    };
  }

  /**
   * Tells Home Assistant of a service of ours. The same once more is no news to it; another `config` is.
   *
   * @param service as in `discovery` of config.yaml
   * @returns what it is withdrawn by; another run of ours is told the same
   * @throws LabError `unreachable`, `deadline_passed`, `credentials_refused`, `source_failed`
   */
  async announce(
    service: string,
    config: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<string> {
    const request: HttpRequest = {
      ...{ method: 'POST', path: '/discovery', signal },
      headers: { ...this.#headers(), 'content-type': 'application/json' },
      body: JSON.stringify({ service, config }),
    };
    const { uuid } = dataOf('POST', request.path, await this.#client.write(request));
    return String(uuid ?? '');
  }

  /**
   * Tells Home Assistant that there is no such service of ours any more; one that it does not know is none either.
   *
   * @throws LabError as `announce`
   */
  async withdraw(uuid: string, signal: AbortSignal): Promise<void> {
    const path = `/discovery/${encodeURIComponent(uuid)}`;
    const request: HttpRequest = { method: 'DELETE', path, headers: this.#headers(), signal };
    const answer = await this.#client.write(request);
    if (answer.status !== 404) dataOf('DELETE', path, answer);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #headers(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.#token}` };
  }
}

/** What is in `{"result": "ok", "data": …}`. What it says of an error is told; what we sent it, not. */
function dataOf(
  method: string,
  path: string,
  { status, body }: HttpAnswer,
): Readonly<Record<string, unknown>> {
  const what = `${NAME}: ${method} ${path}`;
  const { result, data, message } = objectIn(body);
  if (status === 401 || status === 403) {
    throw new LabError('credentials_refused', `${what} is refused (${status}: ${String(message)})`, {
      hint: 'the app’s config.yaml has to list it under services or discovery',
    });
  }
  if (status !== 200 || result !== 'ok') {
    throw new LabError('source_failed', `${what} failed (${status}: ${String(message)})`);
  }
  return typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
}

function objectIn(body: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(body) ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
