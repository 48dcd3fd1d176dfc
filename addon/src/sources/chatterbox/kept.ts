import type { Memory } from '../../contract/source.ts';
import type { Seen } from './dialect.ts';

type Told = Pick<Seen, 'model' | 'loaded' | 'voices'>;

/** What is true of a server although it does not answer. */
export const lasting = ({ model, languages, voices }: Seen): Omit<Seen, 'memory'> => ({
  ...{ model, languages, voices, loaded: false },
});

/** What outlives a run. */
export class Kept {
  readonly #memory: Memory;
  #characters: number | undefined;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** What the server told of itself last. */
  seen(): Seen | undefined {
    const text = this.#memory.get('seen');
    if (text === undefined) return undefined;
    try {
      return { languages: undefined, memory: undefined, ...(JSON.parse(text) as Told) };
    } catch {
      return undefined;
    }
  }

  keepSeen(seen: Seen): void {
    this.#memory.put('seen', JSON.stringify(lasting(seen)));
  }

  /** The voice that a person chose. */
  get voice(): string | undefined {
    return this.#memory.get('voice');
  }

  set voice(name: string) {
    this.#memory.put('voice', name, true);
  }

  get characters(): number {
    this.#characters ??= Number(this.#memory.get('characters') ?? 0) || 0;
    return this.#characters;
  }

  spoke(characters: number): void {
    this.#characters = this.characters + characters;
    this.#memory.put('characters', String(this.#characters));
  }
}
