import type { Clock } from './clock.ts';
import type { LabError } from './errors.ts';
import type { Exchange } from './exchange.ts';

const MINUTE_MS = 60_000;
/** Calls a minute are an average over this many minutes: rare polls shall not make it jump. */
const MINUTES = 10;
/** Of how many calls the latency is known. */
const LATENCIES = 200;

/** What the talk with one system costs, and how well it goes. */
export interface Traffic {
  /** Calls a minute, over the last ten minutes or since the start; null in the first minute. */
  readonly callsPerMinute: number | null;
  /** Milliseconds within which 95 % of the last 200 calls were answered; null before the first one. */
  readonly p95: number | null;
  /** Failed calls since the start. */
  readonly errors: number;
  /** The last failure's message, or null. */
  readonly lastError: string | null;
}

/** Counts the calls to one system. Streams count once, when they are opened. */
export class Meter {
  /** Is told of every exchange word by word, secrets and all; undefined: nobody listens, and nothing is put together. */
  listener: ((exchange: Exchange) => void) | undefined;
  readonly #clock: Clock;
  readonly #since: number;
  /** Calls by minute, since the clock began. */
  readonly #minutes = new Map<number, number>();
  readonly #latencies: number[] = [];
  #calls = 0;
  #errors = 0;
  #lastError: string | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.elapsed();
  }

  /** Calls since the start. */
  get calls(): number {
    return this.#calls;
  }

  /** A call is over, `ms` milliseconds after it was sent. */
  record(ms: number, error?: LabError): void {
    this.#calls += 1;
    const minute = Math.floor(this.#clock.elapsed() / MINUTE_MS);
    this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1);
    for (const old of this.#minutes.keys()) if (old < minute - MINUTES) this.#minutes.delete(old);
    if (this.#latencies.length >= LATENCIES) this.#latencies.shift();
    this.#latencies.push(ms);
    if (error !== undefined) this.fault(error);
  }

  /** Something went wrong that was no single call: a stream broke, an answer made no sense. */
  fault(error: LabError): void {
    this.#errors += 1;
    this.#lastError = error.message;
  }

  traffic(): Traffic {
    const now = this.#clock.elapsed();
    const current = Math.floor(now / MINUTE_MS);
    // The minute under way is not over: it would make the average too low.
    const counted = [...this.#minutes].filter(([minute]) => minute < current && minute >= current - MINUTES);
    const minutes = Math.min(MINUTES, current - Math.floor(this.#since / MINUTE_MS));
    const calls = counted.reduce((sum, [, count]) => sum + count, 0);
    const sorted = [...this.#latencies].sort((a, b) => a - b);
    return {
      callsPerMinute: minutes < 1 ? null : calls / minutes,
      p95: sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null,
      errors: this.#errors,
      lastError: this.#lastError,
    };
  }
}
