import { type Clock, pause } from '../../../core/clock.ts';
import { LabError } from '../../../core/errors.ts';

const SPACING_MS = 1_000;
/** Where a registry does not say how long to wait. Docker Hub counts over six hours. */
const UNSAID_MS = 30 * 60_000;
const LEAST_MS = 5_000;
const MOST_MS = 6 * 3_600_000;

/** Lets one request at a time through to a registry, with a pause between two, and none while it wants to be left alone. */
export class Turnstile {
  readonly #clock: Clock;
  readonly #name: string;
  #last: Promise<unknown> = Promise.resolve();
  #nextAt = 0;
  #closedUntil = 0;

  constructor(clock: Clock, name: string) {
    this.#clock = clock;
    this.#name = name;
  }

  /** @throws LabError `too_many_requests` while the registry wants no requests */
  pass<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      this.#refuseWhileClosed();
      await pause(this.#clock, this.#nextAt - this.#clock.elapsed(), signal);
      signal.throwIfAborted();
      try {
        return await work();
      } finally {
        this.#nextAt = this.#clock.elapsed() + SPACING_MS;
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** @param retryAfter the header of that name: seconds, or a time */
  close(retryAfter: string | undefined): void {
    const wait = Math.min(MOST_MS, Math.max(LEAST_MS, this.#waitOf(retryAfter) ?? UNSAID_MS));
    this.#closedUntil = Math.max(this.#closedUntil, this.#clock.elapsed() + wait);
  }

  #waitOf(retryAfter: string | undefined): number | undefined {
    if (retryAfter === undefined) return undefined;
    if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1_000;
    const at = Date.parse(retryAfter);
    return Number.isNaN(at) ? undefined : at - this.#clock.now();
  }

  #refuseWhileClosed(): void {
    const left = this.#closedUntil - this.#clock.elapsed();
    if (left <= 0) return;
    const minutes = Math.ceil(left / 60_000);
    throw new LabError('too_many_requests', `${this.#name} takes no requests for ${minutes} min`, {
      hint: 'a login of your own (option registries) has a larger share on Docker Hub',
    });
  }
}
