import type { Memory } from '../../../contract/source.ts';

const DAY_MS = 86_400_000;
/** What bore a number may still be named by it in jobs, rules and heads. */
const REST_DAYS = 30;
const KEY = 'vmids';

/** On which day each vmid was last seen in use. Kept over restarts. */
export class VmidMemory {
  readonly #memory: Memory;
  /** undefined: not read yet, for it is not known yet whose memory it is. */
  #kept: Map<number, number> | undefined;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get #days(): Map<number, number> {
    const kept = (): Map<number, number> =>
      new Map(Object.entries(read(this.#memory)).map(([vmid, day]) => [Number(vmid), day]));
    this.#kept ??= kept();
    return this.#kept;
  }

  /** Whether it was in use within 30 days. @param now milliseconds since 1970 */
  isResting(vmid: number, now: number): boolean {
    const day = this.#days.get(vmid);
    return day !== undefined && dayOf(now) - day <= REST_DAYS;
  }

  /** @param isDurable not even a power cut may forget it */
  saw(vmids: Iterable<number>, now: number, isDurable = false): void {
    const today = dayOf(now);
    const news = [...vmids].filter((vmid) => this.#days.get(vmid) !== today);
    if (news.length === 0) return;
    for (const vmid of news) this.#days.set(vmid, today);
    for (const [vmid, day] of this.#days) if (today - day > REST_DAYS) this.#days.delete(vmid);
    this.#memory.put(KEY, JSON.stringify(Object.fromEntries(this.#days)), isDurable);
  }
}

const dayOf = (now: number): number => Math.floor(now / DAY_MS);

function read(memory: Memory): Readonly<Record<string, number>> {
  try {
    return (JSON.parse(memory.get(KEY) ?? '{}') ?? {}) as Readonly<Record<string, number>>;
  } catch {
    return {};
  }
}
