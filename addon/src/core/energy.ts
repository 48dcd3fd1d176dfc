import type { Clock } from './clock.ts';

/** What was used in a longer pause nobody knows: three reads that were missed. */
const LONGEST_MS = 180_000;
const MS_PER_KWH = 3_600_000_000;

/** Where the sum outlives this run. */
export interface Keeper {
  get(key: string): string | undefined;
  put(key: string, value: string): void;
}

/**
 * The energy that a thing took, summed up by us: from its power where it does not count, else from a counter of its own
 * that begins anew with each start. It goes on over restarts; what was used while nobody looked is not made up.
 */
export class EnergyMeter {
  readonly #keeper: Keeper;
  readonly #clock: Clock;
  readonly #key: string;
  #sum: number | undefined;
  #last: { readonly at: number; readonly watts: number } | undefined;

  /** @param key under which it is kept */
  constructor(keeper: Keeper, clock: Clock, key = 'energy') {
    this.#keeper = keeper;
    this.#clock = clock;
    this.#key = key;
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
    this.#last = watts === null ? undefined : { at, watts };
    if (watts === null || last === undefined || at - last.at > LONGEST_MS) return this.#grow(0);
    return this.#grow((((watts + last.watts) / 2) * (at - last.at)) / MS_PER_KWH);
  }

  /**
   * Takes what the thing has counted itself, in kWh; less than before: it began anew.
   *
   * @returns kWh, over all starts
   */
  counted(kwh: number): number {
    const before = this.#known(`${this.#key} counter`);
    this.#keeper.put(`${this.#key} counter`, String(kwh));
    return this.#grow(kwh >= before ? kwh - before : kwh);
  }

  #grow(by: number): number {
    const before = this.#sum ?? this.#known(this.#key);
    this.#sum = before + by;
    if (by > 0) this.#keeper.put(this.#key, String(this.#sum));
    return this.#sum;
  }

  #known(key: string): number {
    const known = Number(this.#keeper.get(key) ?? 0);
    return Number.isFinite(known) ? known : 0;
  }
}
