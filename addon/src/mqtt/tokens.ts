import type { Clock } from '../core/clock.ts';

/**
 * Paces what is sent: so much at once, then so much a second. Home Assistant works on a device for some 10 ms; beyond
 * what it manages, messages pile up in the broker, which drops them.
 */
export class Tokens {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #perSecond: number;
  #left: number;
  #at: number;

  constructor(clock: Clock, most: number, perSecond: number) {
    this.#clock = clock;
    this.#most = most;
    this.#perSecond = perSecond;
    this.#left = most;
    this.#at = clock.elapsed();
  }

  /** Takes that many, or none if there are not enough. */
  take(cost: number): boolean {
    if (!this.has(cost)) return false;
    this.#left -= cost;
    return true;
  }

  /** Whether that many could be taken now. */
  has(cost: number): boolean {
    const now = this.#clock.elapsed();
    this.#left = Math.min(this.#most, this.#left + ((now - this.#at) / 1_000) * this.#perSecond);
    this.#at = now;
    return this.#left >= cost;
  }
}
