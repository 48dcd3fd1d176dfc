import type { Memory } from '../../contract/source.ts';
import type { Clock } from '../../core/clock.ts';

/** A card that draws a desktop is not busy: from this part of the time on it works. In percent. */
const BUSY_FROM = 5;
/** What went on in a longer pause nobody knows. */
const LONGEST_MS = 180_000;
const MS_PER_HOUR = 3_600_000;

/** For how long a card had something to do, over restarts; what nobody saw does not count. */
export class BusyMeter {
  readonly #memory: Memory;
  readonly #clock: Clock;
  readonly #key: string;
  #ms: number | undefined;
  #last: { readonly at: number; readonly busy: boolean } | undefined;

  constructor(memory: Memory, clock: Clock, uuid: string) {
    this.#memory = memory;
    this.#clock = clock;
    this.#key = `busy ${uuid}`;
  }

  /**
   * Takes how busy it is now.
   *
   * @param utilization percent; null: not known
   * @returns hours, and since when they are counted (ISO 8601)
   */
  add(utilization: number | null): { readonly hours: number; readonly since: string } {
    const at = this.#clock.elapsed();
    const since = this.#since();
    const last = this.#last;
    this.#last = utilization === null ? undefined : { at, busy: utilization >= BUSY_FROM };
    this.#ms ??= this.#known();
    if (this.#last !== undefined && last !== undefined && at - last.at <= LONGEST_MS) {
      // Half of the time where it was busy at one end only: it began or ended somewhere between.
      const share = (Number(last.busy) + Number(this.#last.busy)) / 2;
      this.#ms += (at - last.at) * share;
      if (share > 0) this.#memory.put(this.#key, String(this.#ms));
    }
    return { hours: this.#ms / MS_PER_HOUR, since };
  }

  #since(): string {
    const key = `${this.#key} since`;
    const known = this.#memory.get(key);
    if (known !== undefined) return known;
    const now = `${new Date(this.#clock.now()).toISOString().slice(0, 19)}+00:00`;
    this.#memory.put(key, now);
    return now;
  }

  #known(): number {
    const known = Number(this.#memory.get(this.#key) ?? 0);
    return Number.isFinite(known) ? known : 0;
  }
}
