import { type Clock, pause } from '../../addon/src/core/clock.ts';
import { realClock } from '../clock.ts';
import { RATE, type SpeechWay, type SpeechWish, soundOf } from './sound.ts';
import type { WavManner } from './wav-file.ts';

export type ChatterboxModel = 'original' | 'turbo' | 'multilingual';

/** Of the multilingual model. */
export const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ ar: 'Arabic', da: 'Danish', de: 'German', el: 'Greek', en: 'English', es: 'Spanish', fi: 'Finnish' },
  ...{ fr: 'French', he: 'Hebrew', hi: 'Hindi', it: 'Italian', ja: 'Japanese', ko: 'Korean', ms: 'Malay' },
  ...{ nl: 'Dutch', no: 'Norwegian', pl: 'Polish', pt: 'Portuguese', ru: 'Russian', sv: 'Swedish' },
  ...{ sw: 'Swahili', tr: 'Turkish', zh: 'Chinese' },
};

export interface ChatterboxVoice {
  /** As requests name it. */
  readonly id: string;
  readonly title: string;
  /** One that a person gave a sample for. */
  readonly isCloned?: boolean;
  readonly language?: string;
  /** What it was made of. */
  readonly sample?: Buffer;
}

/** One text that was spoken, or was to be. */
export interface ChatterboxRequest extends SpeechWish {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What became of it. */
  outcome: 'running' | 'done' | 'hung up';
}

/** A Chatterbox with its graphics card: what it is like now. */
export class ChatterboxMachine {
  readonly clock: Clock;
  model: ChatterboxModel = 'original';
  loaded = true;
  /** Seconds that a second of speech takes. */
  factor = 0;
  way: SpeechWay = 'tone';
  manner: WavManner = 'right';
  /** What its program says instead of making sound; undefined: it is well. */
  broken: string | undefined;
  /** Answers nobody else while it makes sound, as a program with one thread. */
  blocks = false;
  voices: readonly ChatterboxVoice[] = [
    { id: 'Emily.wav', title: 'Emily' },
    { id: 'Axel.wav', title: 'Axel' },
  ];
  /** GiB of the card's memory while it is loaded. */
  memory = 3.1;
  readonly requests: ChatterboxRequest[] = [];
  /** How many it made sound for at the same time, at most. */
  mostAtOnce = 0;
  #busy: Promise<void> = Promise.resolve();
  #now = 0;

  constructor(clock: Clock = realClock) {
    this.clock = clock;
  }

  /** Makes the sound of one text; takes as long as its card. @param signal whoever asked has hung up */
  async generate(wish: SpeechWish, signal: AbortSignal): Promise<Buffer> {
    const work = this.#busy.then(async () => {
      signal.throwIfAborted();
      this.#now += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#now);
      try {
        if (this.broken !== undefined) throw new Error(this.broken);
        const sound = await soundOf(wish, this.way);
        const seconds = sound.length / 2 / RATE;
        // What has begun goes on, whether somebody listens or not.
        await pause(this.clock, seconds * this.factor * 1_000, this.blocks ? undefined : signal);
        return sound;
      } finally {
        this.#now -= 1;
      }
    });
    if (this.blocks)
      this.#busy = work.then(
        () => {},
        () => {},
      );
    const sound = await work;
    signal.throwIfAborted();
    return sound;
  }

  /** Resolves when it has time for something else. */
  free(): Promise<void> {
    return this.blocks ? this.#busy : Promise.resolve();
  }
}
