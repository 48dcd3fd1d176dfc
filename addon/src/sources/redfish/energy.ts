import type { Memory } from '../../contract/source.ts';
import type { Clock } from '../../core/clock.ts';

const KEY = 'energy';
/** What was used in a longer pause nobody knows: three reads that were missed. */
const LONGEST_MS = 180_000;
const MS_PER_KWH = 3_600_000_000;

/**
 * The energy that a server took, summed up from its power by us where its controller does not count. It goes on over
 * restarts; what was used while nobody looked is not made up.
 */
export class EnergyMeter {
  readonly #memory: Memory;
  readonly #clock: Clock;
  #sum: number | undefined;
  #last: { readonly at: number; readonly watts: number } | undefined;

  constructor(memory: Memory, clock: Clock) {
    this.#memory = memory;
    this.#clock = clock;
  }

  /**
   * Takes the power of this moment.
   *
   * @param watts null: not known at present
   * @returns kWh
   */
  add(watts: number | null): number {
    const at = this.#clock.elapsed();
    const last = this.#last;
    const before = this.#sum ?? this.#known();
    let sum = before;
    this.#last = watts === null ? undefined : { at, watts };
    if (watts !== null && last !== undefined && at - last.at <= LONGEST_MS) {
      sum += (((watts + last.watts) / 2) * (at - last.at)) / MS_PER_KWH;
    }
    if (sum !== before) this.#memory.put(KEY, String(sum));
    this.#sum = sum;
    return sum;
  }

  #known(): number {
    const known = Number(this.#memory.get(KEY) ?? 0);
    return Number.isFinite(known) ? known : 0;
  }
}
