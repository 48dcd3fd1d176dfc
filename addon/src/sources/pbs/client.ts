import type { Clock } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import type { Meter } from '../../core/meter.ts';
import { type HttpAnswer, HttpClient } from '../../net/http-client.ts';
import type { PbsOptions } from './config.ts';

const ELSE =
  'is there a proxy or another service at that address? Proxmox Backup Server listens on port 8007';
/** Words of a page of HTML are no message. */
const MOST_WORDS = 300;

/** One Proxmox Backup Server, read only. All errors are `LabError`s that name it. */
export class PbsClient {
  readonly #http: HttpClient;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #name: string;

  /** @throws LabError `options_invalid` when the authority's file cannot be read */
  constructor(options: PbsOptions, name: string, clock: Clock, meter: Meter) {
    const { url, token_id, token_secret, fingerprint, ca, verify_tls: verify = true } = options;
    const trust = {
      verify,
      ...(fingerprint !== undefined && { fingerprint }),
      ...(ca !== undefined && { ca }),
    };
    this.#http = new HttpClient({ url: url.replace(/\/$/, ''), name, trust, clock, meter });
    // Unlike that of Proxmox VE, its secret stands after a colon.
    this.#headers = { authorization: `PBSAPIToken=${token_id}:${token_secret}` };
    this.#name = name;
  }

  get url(): string {
    return this.#http.url;
  }

  /**
   * What `data` of the answer holds.
   *
   * @param path below `/api2/json`, its parts encoded
   * @throws LabError `credentials_refused`, `privilege_missing`, `source_refused`, `source_failed`, `unreachable` …
   */
  async get<T extends object>(path: string, signal: AbortSignal): Promise<T> {
    const request = { path: `/api2/json${path}`, headers: this.#headers, signal };
    const data = this.#dataOf(path, await this.#http.read(request));
    if (!isObject(data)) throw this.#misshapen(path);
    return data as T;
  }

  /** What `data` of the answer lists; as `get`. */
  async list<T extends object>(path: string, signal: AbortSignal): Promise<readonly T[]> {
    const rows = await this.get<readonly T[]>(path, signal);
    if (!Array.isArray(rows) || !rows.every(isObject)) throw this.#misshapen(path);
    return rows;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  #dataOf(path: string, { status, statusText, body, headers }: HttpAnswer): unknown {
    const what = `GET ${path.split('?', 1)[0]}`;
    if (status === 200) {
      try {
        return (JSON.parse(body) as { data?: unknown }).data;
      } catch (cause) {
        const text = `${this.#name}: ${what} was answered, but not in JSON`;
        throw new LabError('source_failed', text, { hint: ELSE, cause });
      }
    }
    // What is wrong stands in the body, as plain text.
    const isPage = String(headers['content-type'] ?? '').includes('html');
    const words = isPage ? '' : body.trim().slice(0, MOST_WORDS);
    const text = `${this.#name}: ${what} failed (${status}): ${words || statusText}`;
    if (status === 401) {
      throw new LabError(
        'credentials_refused',
        `${this.#name} does not accept the token: ${words || statusText}`,
        {
          hint: 'check token_id and token_secret, and that neither the token nor its user is switched off or expired',
        },
      );
    }
    if (status === 403) {
      throw new LabError('privilege_missing', text, {
        hint: 'give the token, and its user, the role Audit at / (Configuration, Access Control, Permissions)',
      });
    }
    if (status >= 500 || isPage) throw new LabError('source_failed', text, isPage ? { hint: ELSE } : {});
    throw new LabError('source_refused', text);
  }

  #misshapen(path: string): LabError {
    return new LabError('source_failed', `${this.#name}: GET ${path} was answered with something else`, {
      hint: ELSE,
    });
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
