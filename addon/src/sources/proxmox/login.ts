import type { Clock } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import type { HttpAnswer } from '../../net/http-client.ts';
import type { ProxmoxOptions } from './config.ts';

/** A ticket is good for two hours; a new one is asked for well before. */
const TICKET_MS = 90 * 60_000;

type Headers = Readonly<Record<string, string>>;

interface Ticket {
  readonly ticket: string;
  readonly CSRFPreventionToken: string;
}

/** What lets requests in: an API token, or a ticket for user and password. */
export class Login {
  readonly #options: ProxmoxOptions;
  readonly #name: string;
  readonly #clock: Clock;
  #ticket: { readonly headers: Headers; readonly until: number } | undefined;
  #asking: Promise<Headers> | undefined;

  /** @param name for errors: `<source>/<instance>` */
  constructor(options: ProxmoxOptions, name: string, clock: Clock) {
    this.#options = options;
    this.#name = name;
    this.#clock = clock;
  }

  /** @param ask sends the form to `POST /access/ticket` */
  async headers(ask: (form: string) => Promise<HttpAnswer>): Promise<Headers> {
    const { token_id, token_secret } = this.#options;
    if (token_id !== undefined) return { authorization: `PVEAPIToken=${token_id}=${token_secret}` };
    if (this.#ticket !== undefined && this.#clock.elapsed() < this.#ticket.until) return this.#ticket.headers;
    // Whoever comes meanwhile waits for the same one.
    this.#asking ??= this.#logIn(ask).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /**
   * Drops the ticket that was refused, unless there is a newer one.
   *
   * @returns false: it was a token, so asking again would change nothing
   */
  forget(refused: Headers): boolean {
    if (this.#ticket?.headers === refused) this.#ticket = undefined;
    return this.#options.token_id === undefined;
  }

  async #logIn(ask: (form: string) => Promise<HttpAnswer>): Promise<Headers> {
    const { username = '', password = '' } = this.#options;
    const { status, statusText, body } = await ask(new URLSearchParams({ username, password }).toString());
    // Only who is not let in is refused: anything else passes.
    if (status !== 200 && status !== 401) {
      throw new LabError(
        'source_failed',
        `${this.#name}: the login of ${username} failed (${status}): ${statusText}`,
      );
    }
    if (status !== 200) throw this.refused(statusText);
    const { ticket, CSRFPreventionToken } = ticketOf(this.#name, body);
    // It is asked for a second factor that nobody is there to give.
    if (ticket.startsWith('PVE:!tfa!')) {
      throw new LabError(
        'credentials_refused',
        `${this.#name}: ${username} needs a second factor to log in`,
        {
          hint: 'use an API token: it needs none',
        },
      );
    }
    const headers = { cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`, CSRFPreventionToken };
    this.#ticket = { headers, until: this.#clock.elapsed() + TICKET_MS };
    return headers;
  }

  refused(words: string): LabError {
    const hint =
      this.#options.token_id === undefined
        ? 'check username with its realm (as in labkeeper@pve) and password'
        : 'check token_id (as in labkeeper@pve!homeassistant) and token_secret, and that the token has not expired';
    return new LabError('credentials_refused', `${this.#name}: the login was refused: ${words}`, { hint });
  }
}

function ticketOf(name: string, body: string): Ticket {
  try {
    const { data } = JSON.parse(body) as { data: Ticket };
    if (typeof data.ticket !== 'string') throw new TypeError('there is no ticket in it');
    return data;
  } catch (cause) {
    const hint = 'is there a proxy or another service at that address?';
    throw new LabError('source_failed', `${name}: the login was answered, but with no ticket`, {
      hint,
      cause,
    });
  }
}
