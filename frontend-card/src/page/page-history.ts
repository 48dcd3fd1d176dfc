import type { HistorySource, Series } from '../lab/asker.ts';
import type { Words } from '../lab/words/words.ts';
import { GRAPHED, linesOf } from '../parts/lines.ts';
import type { Api } from './api.ts';
import type { Feed } from './feed.ts';

interface Kept {
  readonly times: number[];
  readonly values: (number | null)[];
}

interface HistoryAnswer {
  readonly until: string | null;
  readonly every_s: number;
  readonly series: readonly { readonly id: string; readonly values: readonly (number | null)[] }[];
}

/** Of one reading: more than eight hours. */
const MOST = 2_500;
const EVERY_MS = 15_000;

type Listener = (series: ReadonlyMap<string, Series>) => void;

/** What the app remembers, and what was measured since the page was opened. */
export class PageHistory implements HistorySource {
  readonly #api: Api;
  readonly #feed: Feed;
  readonly #words: Words;
  readonly #kept = new Map<string, Kept>();
  readonly #listeners = new Set<Listener>();
  #read: Promise<void> | undefined;

  constructor(api: Api, feed: Feed, words: Words) {
    this.#api = api;
    this.#feed = feed;
    this.#words = words;
  }

  watch(_: readonly string[], __: number, listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#read === undefined) this.#read = this.#begin();
    else if (this.#kept.size > 0) listener(this.#kept);
    return () => this.#listeners.delete(listener);
  }

  async #begin(): Promise<void> {
    try {
      const kinds = Object.keys(GRAPHED).join(',');
      const { until, every_s, series } = await this.#api.get<HistoryAnswer>(`api/history?kinds=${kinds}`);
      const last = until === null ? 0 : Date.parse(until) / 1_000;
      for (const { id, values } of series) {
        const times = values.map((_, at) => last - (values.length - 1 - at) * every_s);
        this.#kept.set(id, { times, values: [...values] });
      }
    } catch {
      // Without it the lines begin now.
    }
    setInterval(() => this.#look(), EVERY_MS);
    this.#look();
  }

  #look(): void {
    const now = Date.now() / 1_000;
    for (const thing of this.#feed.view.things.values()) {
      if (linesOf(thing, this.#words).length === 0) continue;
      const value = thing.readings[GRAPHED[thing.kind] ?? '']?.value;
      const kept = this.#kept.get(thing.id) ?? { times: [], values: [] };
      this.#kept.set(thing.id, kept);
      kept.times.push(now);
      kept.values.push(typeof value === 'number' ? value : null);
      if (kept.times.length <= MOST) continue;
      kept.times.shift();
      kept.values.shift();
    }
    for (const listener of this.#listeners) listener(this.#kept);
  }
}
