import type { Clock } from '../../core/clock.ts';
import type { Meter } from '../../core/meter.ts';
import { type HttpAnswer, HttpClient } from '../../net/http-client.ts';
import type { PulseOptions } from './config.ts';
import { explain, notPulse } from './explain.ts';
import type { BulkResult, Health, WireAlert } from './wire.ts';

/** One Pulse. All errors are `LabError`s that name it. */
export class PulseClient {
  readonly #http: HttpClient;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #name: string;
  /** Before `/api`, where a proxy serves it below a path. */
  readonly #base: string;

  /** @throws LabError `options_invalid` when the authority's file cannot be read */
  constructor(options: PulseOptions, name: string, clock: Clock, meter: Meter) {
    const { url, token, fingerprint, ca, verify_tls: verify = true } = options;
    const { origin, pathname } = new URL(url);
    const trust = {
      verify,
      ...(fingerprint !== undefined && { fingerprint }),
      ...(ca !== undefined && { ca }),
    };
    this.#http = new HttpClient({ url: origin, name, trust, clock, meter });
    this.#headers = { 'x-api-token': token, accept: 'application/json' };
    this.#name = name;
    this.#base = pathname.replace(/\/+$/, '');
  }

  /** How it is. What answers there without being Pulse is found out by this. */
  async health(signal: AbortSignal): Promise<Health> {
    const path = '/api/health';
    const answer = await this.#read(path, signal);
    // Being unwell is an answer too.
    const health = (answer.status === 503 ? jsonOf(answer) : this.#objectIn('GET', path, answer)) as
      | Partial<Health>
      | undefined;
    if (typeof health?.status !== 'string' || typeof health.uptime !== 'number')
      throw answer.status === 503
        ? explain(this.#name, 'GET', path, answer)
        : notPulse(this.#name, `GET ${path}`, answer);
    return health as Health;
  }

  /** The alerts that are active now; of something that is none, nothing. */
  async alerts(signal: AbortSignal): Promise<readonly WireAlert[]> {
    const path = '/api/alerts/active';
    const answer = await this.#read(path, signal);
    const found = this.#objectIn('GET', path, answer);
    if (!Array.isArray(found)) throw notPulse(this.#name, `GET ${path}`, answer);
    return found.filter((one) => typeof one === 'object' && one !== null);
  }

  /** @throws LabError `path_wrong` where this version of Pulse has no such thing */
  async get<T extends object>(path: string, signal: AbortSignal): Promise<T> {
    return this.#objectIn('GET', path, await this.#read(path, signal)) as T;
  }

  /** Says that somebody saw one. @throws LabError `source_refused` when there is no such alert */
  async acknowledge(alert: string, signal: AbortSignal): Promise<void> {
    // Before 6.0 the name was another; what it does not know, Pulse skips.
    await this.#write('/api/alerts/acknowledge', { alertIdentifier: alert, id: alert }, signal);
  }

  /** Says that somebody saw many: what became of each. */
  async acknowledgeAll(alerts: readonly string[], signal: AbortSignal): Promise<readonly BulkResult[]> {
    const path = '/api/alerts/bulk/acknowledge';
    const { results } = (await this.#write(path, { alertIdentifiers: alerts, alertIds: alerts }, signal)) as {
      readonly results?: unknown;
    };
    return Array.isArray(results) ? (results as BulkResult[]) : [];
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  #read(path: string, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#http.read({ path: `${this.#base}${path}`, headers: this.#headers, signal });
  }

  async #write(path: string, body: object, signal: AbortSignal): Promise<object> {
    const headers = { ...this.#headers, 'content-type': 'application/json' };
    const request = { path: `${this.#base}${path}`, headers, body: JSON.stringify(body), signal };
    return this.#objectIn('POST', path, await this.#http.write(request));
  }

  #objectIn(method: string, path: string, answer: HttpAnswer): object {
    if (answer.status !== 200) throw explain(this.#name, method, path, answer);
    const value = jsonOf(answer);
    if (value === undefined) throw notPulse(this.#name, `${method} ${path}`, answer);
    return value;
  }
}

function jsonOf({ body }: HttpAnswer): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
