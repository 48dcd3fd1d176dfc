import { randomBytes } from 'node:crypto';
import type { Clock } from '../../addon/src/core/clock.ts';

/** As many as an iDRAC takes. */
const MOST = 8;
/** Idle ones end. */
const IDLE_MS = 30 * 60_000;
/** So many wrong passwords within so long shut an address out for so long. */
const WRONG = { times: 3, withinMs: 60_000, penaltyMs: 60_000 };

interface Session {
  readonly id: number;
  readonly token: string;
  used: number;
}

/** Who is let in. */
export class Sessions {
  readonly #clock: Clock;
  readonly #user: string;
  readonly #password: string;
  #all: Session[] = [];
  #made = 0;
  #wrong: number[] = [];
  #barredUntil = 0;

  constructor(clock: Clock, user: string, password: string) {
    this.#clock = clock;
    this.#user = user;
    this.#password = password;
  }

  get open(): number {
    this.#expire();
    return this.#all.length;
  }

  get ids(): readonly number[] {
    this.#expire();
    return this.#all.map(({ id }) => id);
  }

  /** How many there were since the start. */
  get made(): number {
    return this.#made;
  }

  /** Takes the places of others. */
  fill(): void {
    while (this.open < MOST) this.#make();
  }

  /** Ends all, as a restart of the controller does. */
  clear(): void {
    this.#all = [];
  }

  logIn(user: unknown, password: unknown): Session | 'wrong' | 'full' {
    if (!this.#isRight(user, password)) return 'wrong';
    if (this.open >= MOST) return 'full';
    return this.#make();
  }

  isLetIn(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
    this.#expire();
    const session = this.#all.find(({ token }) => token === headers['x-auth-token']);
    if (session !== undefined) {
      session.used = this.#clock.elapsed();
      return true;
    }
    const [, basic] = /^Basic (.+)$/.exec(String(headers.authorization ?? '')) ?? [];
    if (basic === undefined) return false;
    const [user, ...password] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    return this.#isRight(user, password.join(':'));
  }

  /** @returns false: there is none */
  end(id: number): boolean {
    const before = this.#all.length;
    this.#all = this.#all.filter((session) => session.id !== id);
    return this.#all.length < before;
  }

  #isRight(user: unknown, password: unknown): boolean {
    const now = this.#clock.elapsed();
    if (now < this.#barredUntil) return false;
    if (user === this.#user && password === this.#password) return true;
    this.#wrong = [...this.#wrong.filter((at) => now - at < WRONG.withinMs), now];
    if (this.#wrong.length >= WRONG.times) this.#barredUntil = now + WRONG.penaltyMs;
    return false;
  }

  #make(): Session {
    this.#made += 1;
    const session = { id: this.#made, token: randomBytes(16).toString('hex'), used: this.#clock.elapsed() };
    this.#all.push(session);
    return session;
  }

  #expire(): void {
    const now = this.#clock.elapsed();
    this.#all = this.#all.filter(({ used }) => now - used < IDLE_MS);
  }
}
