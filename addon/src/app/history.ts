import type { Clock } from '../core/clock.ts';
import type { HistoryReader } from '../http/parts.ts';
import type { Kind, LabResource } from '../kinds/index.ts';

const EVERY_MS = 60_000;
/** Six hours. */
const MOST = 360;

/** The reading of each kind that says most over time. */
const KEPT: Readonly<Partial<Record<Kind, string>>> = {
  ...{ server: 'power', node: 'cpu', gpu: 'utilization', guest: 'cpu', host: 'cpu', container: 'cpu' },
};

/** The last values of one resource: 1.4 KB. */
class Ring {
  readonly #values = new Float32Array(MOST).fill(Number.NaN);
  #next = 0;

  add(value: number): void {
    this.#values[this.#next % MOST] = value;
    this.#next += 1;
  }

  /** The oldest first. */
  all(): readonly (number | null)[] {
    const count = Math.min(this.#next, MOST);
    return Array.from({ length: count }, (_, at) => {
      const value = this.#values[(this.#next - count + at) % MOST] as number;
      return Number.isNaN(value) ? null : Number(value.toPrecision(4));
    });
  }
}

/**
 * Keeps one number of each thing that has one, each minute for six hours, in memory: for the small graphs of the page.
 * What is to be kept longer belongs to Home Assistant's recorder, or to Prometheus.
 */
export function keepHistory(
  lab: { all(): Iterable<LabResource> },
  clock: Clock,
): { readonly read: HistoryReader; close(): void } {
  let rings = new Map<string, { readonly kind: Kind; readonly ring: Ring }>();
  let last = 0;
  const look = (): void => {
    last = clock.now();
    // Only of what is there: who is gone has no history.
    const kept: typeof rings = new Map();
    for (const { id, kind, available, readings } of lab.all()) {
      const key = KEPT[kind];
      if (key === undefined) continue;
      const value = (readings as Readonly<Record<string, unknown>>)[key];
      const known = rings.get(id) ?? { kind, ring: new Ring() };
      kept.set(id, known);
      known.ring.add(available && typeof value === 'number' ? value : Number.NaN);
    }
    rings = kept;
    cancel = clock.after(EVERY_MS, look);
  };
  let cancel = clock.after(EVERY_MS, look);
  return {
    read: (kinds) => ({
      ...{ until: last, every: EVERY_MS },
      series: [...rings].flatMap(([id, { kind, ring }]) =>
        kinds === undefined || kinds.includes(kind) ? [{ id, values: ring.all() }] : [],
      ),
    }),
    close: () => cancel(),
  };
}
