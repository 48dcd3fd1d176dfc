import type { Memory } from '../../../contract/source.ts';
import type { Guarded } from '../guard/guard.ts';

/** One container that is replaced. */
export interface Unit {
  /** Its name, for good. */
  readonly name: string;
  readonly oldId: string;
  /** It ran, so the new one shall. */
  readonly ran: boolean;
  /** As the engine tells it; the old one has none while it is kept. */
  readonly restart: unknown;
}

/**
 * How far an update has come. `replacing`: no new container was started yet. `watching`: one may have been, so it may
 * have written. `passed`: the new ones are well. `going_back`: the old ones are to run again. `stuck`: a person has to
 * choose. The others are how it ended.
 */
export type Phase = 'replacing' | 'watching' | 'passed' | 'going_back' | 'stuck' | 'updated' | 'went_back';

/** An update, as it is written down before anything is done. */
export interface Entry extends Guarded {
  readonly resource: string;
  readonly phase: Phase;
  /** Image ids: what they were made from, what the first one is made from now. */
  readonly oldImage: string;
  readonly newImage: string;
  /** The updated container first, then those that live in its namespaces. */
  readonly units: readonly Unit[];
  /** What the new ones may write to, and nothing keeps: `/config (volume media_config)`. */
  readonly exposed: readonly string[];
  /** The old ones are to run again after a failure, whatever the new ones wrote. */
  readonly goBack: boolean;
  /** Why it failed. */
  readonly reason?: string;
}

const KEY = 'updates';
const MOST = 50;
const OVER: readonly Phase[] = ['updated', 'went_back'];

export const isOver = ({ phase }: Entry): boolean => OVER.includes(phase);

/** The updates of an engine, over restarts. */
export class Journal {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  all(): readonly Entry[] {
    return JSON.parse(this.#memory.get(KEY) ?? '[]') as readonly Entry[];
  }

  get(resource: string): Entry | undefined {
    return this.all().find((entry) => entry.resource === resource);
  }

  /** Those that are not over. */
  open(): readonly Entry[] {
    return this.all().filter((entry) => !isOver(entry));
  }

  /** @throws LabError when it cannot be written; nothing may be done then */
  put(entry: Entry): Entry {
    const others = this.all().filter(({ resource }) => resource !== entry.resource);
    const ended = others.filter(isOver).slice(-MOST);
    this.#write([...ended, ...others.filter((one) => !isOver(one)), entry]);
    return entry;
  }

  drop(resource: string): void {
    const all = this.all();
    const rest = all.filter((entry) => entry.resource !== resource);
    if (rest.length < all.length) this.#write(rest);
  }

  #write(entries: readonly Entry[]): void {
    this.#memory.put(KEY, JSON.stringify(entries), true);
  }
}
