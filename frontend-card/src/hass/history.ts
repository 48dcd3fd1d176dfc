import type { HistorySource, Series } from '../lab/asker.ts';
import type { Hass } from './types.ts';

/** What `history/stream` sends: states with the seconds at which they began. */
interface HistoryMessage {
  readonly states?: Readonly<Record<string, readonly { readonly s: string; readonly lu: number }[]>>;
}

/** Answer of `recorder/statistics_during_period`: milliseconds, and the mean of what follows. */
type Statistics = Readonly<
  Record<string, readonly { readonly start: number; readonly mean?: number | null }[]>
>;

type Listener = (series: ReadonlyMap<string, Series>) => void;

interface Watch {
  readonly entities: readonly string[];
  readonly hours: number;
  readonly listener: Listener;
}

/** A day is what the recorder is asked state by state; beyond, its statistics are enough. */
const STREAMED_HOURS = 24;
/** Milliseconds in which graphs that come together are asked for together. */
const GATHER = 150;
/** Milliseconds between two looks at statistics, of which there is a new one each five minutes. */
const EVERY = 300_000;

/** All graphs of a page by one subscription; none while nobody looks. */
export class HassHistory implements HistorySource {
  readonly #hass: () => Hass;
  readonly #watches = new Set<Watch>();
  readonly #known = new Map<string, { times: number[]; values: (number | null)[] }>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #poll: ReturnType<typeof setInterval> | undefined;
  #end: (() => void) | undefined;
  #asked = '';

  constructor(hass: () => Hass) {
    this.#hass = hass;
    document.addEventListener('visibilitychange', () => this.#later());
  }

  watch(entities: readonly string[], hours: number, listener: Listener): () => void {
    const watch: Watch = { entities, hours, listener };
    this.#watches.add(watch);
    if (entities.some((entity) => this.#known.has(entity))) listener(this.#known);
    this.#later();
    return () => {
      this.#watches.delete(watch);
      this.#later();
    };
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#subscribe();
    }, GATHER);
  }

  #subscribe(): void {
    const hidden = document.visibilityState !== 'visible';
    const watches = hidden ? [] : [...this.#watches];
    const ids = [...new Set(watches.flatMap(({ entities }) => entities))].sort();
    const hours = Math.max(0, ...watches.map((watch) => watch.hours));
    const asked = ids.length === 0 ? '' : `${hours} ${ids.join(' ')}`;
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#end?.();
    this.#end = undefined;
    clearInterval(this.#poll);
    if (asked === '') return;
    this.#known.clear();
    if (hours > STREAMED_HOURS) {
      const read = (): void => void this.#statistics(ids, hours, asked).catch(() => {});
      this.#poll = setInterval(read, EVERY);
      read();
    } else this.#stream(ids, hours);
  }

  #stream(ids: readonly string[], hours: number): void {
    const subscription = this.#hass().connection.subscribeMessage<HistoryMessage>(
      ({ states = {} }) => this.#take(states),
      {
        ...{ type: 'history/stream', entity_ids: ids, minimal_response: true, no_attributes: true },
        ...{ significant_changes_only: false, start_time: startOf(hours) },
      },
    );
    let ended = false;
    this.#end = () => {
      ended = true;
      subscription.then((end) => end()).catch(() => {});
    };
    subscription.catch(() => {
      // No recorder, or a connection that broke: there are no graphs, and all else goes on.
      if (!ended) this.#asked = '';
    });
  }

  #take(states: NonNullable<HistoryMessage['states']>): void {
    for (const [entity, changes] of Object.entries(states)) {
      const series = this.#known.get(entity) ?? { times: [], values: [] };
      this.#known.set(entity, series);
      for (const { s, lu } of changes) {
        if (lu < (series.times.at(-1) ?? 0)) continue;
        const value = Number(s);
        series.times.push(lu);
        series.values.push(s === '' || Number.isNaN(value) ? null : value);
      }
      prune(series, Date.now() / 1_000 - STREAMED_HOURS * 3_600);
    }
    this.#tell(Object.keys(states));
  }

  async #statistics(ids: readonly string[], hours: number, asked: string): Promise<void> {
    const answer = await this.#hass().callWS<Statistics>({
      ...{ type: 'recorder/statistics_during_period', start_time: startOf(hours), statistic_ids: ids },
      ...{ period: hours > 24 * 10 ? 'hour' : '5minute', types: ['mean'] },
    });
    if (asked !== this.#asked) return;
    for (const [entity, rows] of Object.entries(answer)) {
      this.#known.set(entity, {
        times: rows.map(({ start }) => start / 1_000),
        values: rows.map(({ mean }) => mean ?? null),
      });
    }
    this.#tell(ids);
  }

  #tell(changed: readonly string[]): void {
    for (const { entities, listener } of this.#watches) {
      if (entities.some((entity) => changed.includes(entity))) listener(this.#known);
    }
  }
}

const startOf = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

/** Lets go of what is older, but of the last of that: it counts until the next. */
function prune(series: { times: number[]; values: (number | null)[] }, from: number): void {
  const first = series.times.findIndex((time) => time >= from);
  if (first < 200) return;
  series.times.splice(0, first - 1);
  series.values.splice(0, first - 1);
}
