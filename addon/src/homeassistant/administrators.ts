import type { Clock } from '../core/clock.ts';
import type { HomeAssistantClient } from './client.ts';

const KEEP_MS = 60_000;

/** As in the answer to `config/auth/list`. */
interface User {
  readonly id?: unknown;
  readonly is_owner?: unknown;
  readonly is_active?: unknown;
  readonly group_ids?: unknown;
}

/** Knows which users of Home Assistant are administrators, of a minute ago at the most. */
export class Administrators {
  readonly #client: Pick<HomeAssistantClient, 'ask'>;
  readonly #clock: Clock;
  #known: { readonly ids: ReadonlySet<unknown>; readonly until: number } | undefined;
  #asking: Promise<ReadonlySet<unknown>> | undefined;

  constructor(client: Pick<HomeAssistantClient, 'ask'>, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /**
   * Whether a user may do in Home Assistant whatever they want: its owner, or one of its administrators who is active.
   *
   * @returns undefined: Home Assistant cannot be asked at present
   */
  async isAdministrator(userId: string): Promise<boolean | undefined> {
    if (this.#known !== undefined && this.#clock.elapsed() < this.#known.until)
      return this.#known.ids.has(userId);
    try {
      // Many may ask at once, as a page does.
      this.#asking ??= this.#ask();
      return (await this.#asking).has(userId);
    } catch {
      // The client has logged why.
      return undefined;
    } finally {
      this.#asking = undefined;
    }
  }

  async #ask(): Promise<ReadonlySet<unknown>> {
    const users = await this.#client.ask<unknown>({ type: 'config/auth/list' });
    const ids = new Set((Array.isArray(users) ? users : []).filter(mayAll).map(({ id }: User) => id));
    this.#known = { ids, until: this.#clock.elapsed() + KEEP_MS };
    return ids;
  }
}

function mayAll(user: User | null): boolean {
  if (user?.is_active !== true) return false;
  return user.is_owner === true || (Array.isArray(user.group_ids) && user.group_ids.includes('system-admin'));
}
