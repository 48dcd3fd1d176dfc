import { randomBytes } from 'node:crypto';
import type { Clock } from '../../addon/src/core/clock.ts';

/** So many logins within so long; a console answers more with 429. */
const LOGINS = { most: 5, withinMs: 60_000 };

export interface SimSession {
  /** Value of its cookie. */
  readonly token: string;
  readonly csrf: string;
}

/** Who is let in to a controller or console. */
export class UnifiSessions {
  readonly #clock: Clock;
  readonly #user: string;
  readonly #password: string;
  readonly apiKey: string;
  #all: SimSession[] = [];
  #logins: number[] = [];
  /** How many there were since the start. */
  made = 0;
  /** The account wants a second factor, or is locked. */
  trouble: 'mfa' | 'locked' | undefined;
  /** Rights of the account; one that may only read is refused each change. */
  role: 'admin' | 'readonly' = 'admin';

  constructor(clock: Clock, user: string, password: string, apiKey: string) {
    this.#clock = clock;
    this.#user = user;
    this.#password = password;
    this.apiKey = apiKey;
  }

  get open(): number {
    return this.#all.length;
  }

  /** Ends all, as they end by themselves after some hours. */
  clear(): void {
    this.#all = [];
  }

  logIn(user: unknown, password: unknown): SimSession | 'wrong' | 'limit' | 'mfa' | 'locked' {
    const now = this.#clock.elapsed();
    this.#logins = [...this.#logins.filter((at) => now - at < LOGINS.withinMs), now];
    if (this.#logins.length > LOGINS.most) return 'limit';
    if (user !== this.#user || password !== this.#password) return 'wrong';
    if (this.trouble !== undefined) return this.trouble;
    this.made += 1;
    const csrf = randomBytes(16).toString('hex');
    const claims = Buffer.from(JSON.stringify({ csrfToken: csrf, userId: 'labkeeper' })).toString(
      'base64url',
    );
    const session = { token: `e30.${claims}.${randomBytes(8).toString('hex')}`, csrf };
    this.#all.push(session);
    return session;
  }

  find(cookies: string, name: string): SimSession | undefined {
    const [, token] = new RegExp(`(?:^|;\\s*)${name}=([^;]+)`).exec(cookies) ?? [];
    return this.#all.find((session) => session.token === token);
  }

  end(session: SimSession): void {
    this.#all = this.#all.filter((one) => one !== session);
  }
}
