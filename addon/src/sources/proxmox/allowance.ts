import type { Clock } from '../../core/clock.ts';
import type { Meter } from '../../core/meter.ts';

const MINUTE_MS = 60_000;
const HOUR = 60;
/** What is read at fixed intervals takes all of the calls but so many a minute. */
const SPARE = 1;
/** Calls an hour that are left over: what is read at fixed intervals comes a little sooner at times, disks all at once. */
const MARGIN = 20;
/** Even where nothing is left, one more call is made after so long. */
const PATIENCE_MS = 300_000;

/** How many calls may be made in an hour: what can wait is read only where that leaves room. */
export class Allowance {
  readonly #meter: Meter;
  readonly #clock: Clock;
  readonly #since: number;
  /** How many calls had been made at the beginning of each of the last minutes. */
  #marks: { readonly at: number; readonly calls: number }[];
  #taken = 0;

  constructor(meter: Meter, clock: Clock) {
    this.#meter = meter;
    this.#clock = clock;
    this.#since = clock.elapsed();
    this.#marks = [{ at: this.#since, calls: meter.calls }];
  }

  /**
   * Whether so many calls more may be made now.
   *
   * @param perMinute calls that may be made on average over an hour
   */
  fits(calls: number, perMinute: number): boolean {
    const now = this.#clock.elapsed();
    this.#mark(now);
    const left = Math.max(0, HOUR - (now - this.#since) / MINUTE_MS);
    const most = perMinute * HOUR - MARGIN - left * (perMinute - SPARE);
    const made = this.#meter.calls - (this.#marks[0]?.calls ?? 0);
    const fits = made + calls <= most || now - this.#taken > PATIENCE_MS;
    if (fits) this.#taken = now;
    return fits;
  }

  /** Lets go of what was more than an hour ago. */
  #mark(now: number): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && now - last.at >= MINUTE_MS)
      this.#marks.push({ at: now, calls: this.#meter.calls });
    const gone = this.#marks.findLastIndex(({ at }) => now - at >= HOUR * MINUTE_MS);
    if (gone > 0) this.#marks = this.#marks.slice(gone);
  }
}
