/** Milliseconds in which a piece begins and ends: from silence and into it, so that nothing clicks. */
const FADE_MS = 5;
/** A breath between two pieces, beside what silence they have of their own. */
const PAUSE_MS = 80;
const BYTES = 2;

/**
 * Joins pieces of sound that were made one by one: 16 bits with a sign, one channel.
 */
export class Seams {
  readonly #fade: number;
  readonly #pause: Buffer;
  /** The last samples of the piece under way: whether they are its end is not known yet. */
  #held: Buffer = Buffer.alloc(0);
  /** Samples of the piece under way that were taken. */
  #taken = 0;
  #isFirst = true;

  /** @param rate samples a second */
  constructor(rate: number) {
    this.#fade = Math.round((rate * FADE_MS) / 1_000);
    this.#pause = Buffer.alloc(Math.round((rate * PAUSE_MS) / 1_000) * BYTES);
  }

  /** @param sound whole samples of the piece under way */
  push(sound: Buffer): Buffer {
    if (sound.length === 0) return sound;
    const isBegin = this.#taken === 0;
    const faded = this.#fadedIn(sound);
    const all = this.#held.length === 0 ? faded : Buffer.concat([this.#held, faded]);
    const ready = Math.max(0, all.length - this.#fade * BYTES);
    this.#held = Buffer.from(all.subarray(ready));
    const out = all.subarray(0, ready);
    if (!isBegin || this.#isFirst) return out;
    return Buffer.concat([this.#pause, out]);
  }

  /** The piece under way is over, and another one may come. */
  end(): Buffer {
    const last = Buffer.from(this.#held);
    const samples = last.length / BYTES;
    for (let at = 0; at < samples; at += 1) scale(last, at, (samples - at - 1) / Math.max(1, samples));
    if (this.#taken > 0) this.#isFirst = false;
    this.#held = Buffer.alloc(0);
    this.#taken = 0;
    return last;
  }

  #fadedIn(sound: Buffer): Buffer {
    const from = this.#taken;
    const samples = sound.length / BYTES;
    this.#taken += samples;
    if (from >= this.#fade) return sound;
    const own = Buffer.from(sound);
    for (let at = 0; at < samples && from + at < this.#fade; at += 1)
      scale(own, at, (from + at) / this.#fade);
    return own;
  }
}

function scale(sound: Buffer, sample: number, by: number): void {
  sound.writeInt16LE(Math.round(sound.readInt16LE(sample * BYTES) * by), sample * BYTES);
}
