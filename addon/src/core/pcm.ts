/** How samples are written. */
export interface PcmFormat {
  /** Samples a second. */
  readonly rate: number;
  readonly channels: number;
  /** `s16` and so on with the low byte first; `u8` without a sign; `f32` from -1 to 1. */
  readonly sample: 'u8' | 's16' | 's24' | 's32' | 'f32';
}

const WIDTHS = { u8: 1, s16: 2, s24: 3, s32: 4, f32: 4 } as const;
const PEAK = 32_767;

type Read = (bytes: Buffer, at: number) => number;

/** Samples from -1 to 1. */
const READERS: Readonly<Record<PcmFormat['sample'], Read>> = {
  u8: (bytes, at) => (bytes.readUInt8(at) - 128) / 128,
  s16: (bytes, at) => bytes.readInt16LE(at) / 2 ** 15,
  s24: (bytes, at) => bytes.readIntLE(at, 3) / 2 ** 23,
  s32: (bytes, at) => bytes.readInt32LE(at) / 2 ** 31,
  f32: (bytes, at) => bytes.readFloatLE(at),
};

/**
 * Turns sound of any format that comes in parts into 16 bits with a sign, one channel, at one rate. What of a sample has
 * come waits for the rest of it.
 */
export class PcmConverter {
  readonly #from: PcmFormat;
  readonly #frame: number;
  /** Samples of ours that pass while one of theirs does. */
  readonly #step: number;
  #carry: Buffer = Buffer.alloc(0);
  /** Where the next sample of ours lies, in samples of theirs behind `#before`. */
  #at = 1;
  #before = 0;

  /** @param rate samples a second of what comes out */
  constructor(from: PcmFormat, rate: number) {
    this.#from = from;
    this.#frame = WIDTHS[from.sample] * from.channels;
    this.#step = from.rate / rate;
  }

  /** @returns whole samples; what is left of the last one comes with the next part, or never */
  push(bytes: Buffer): Buffer {
    const all = this.#carry.length === 0 ? bytes : Buffer.concat([this.#carry, bytes]);
    const whole = all.length - (all.length % this.#frame);
    this.#carry = Buffer.from(all.subarray(whole));
    const frames = all.subarray(0, whole);
    const { sample, channels } = this.#from;
    const isOurs = sample === 's16' && channels === 1 && this.#step === 1;
    return isOurs ? frames : this.#convert(frames);
  }

  #convert(frames: Buffer): Buffer {
    const { sample, channels } = this.#from;
    const read = READERS[sample];
    const width = WIDTHS[sample];
    const count = frames.length / this.#frame;
    const out = Buffer.alloc(2 * Math.ceil((count + 1) / this.#step + 1));
    let written = 0;
    for (let frame = 0; frame < count; frame += 1) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel += 1)
        sum += read(frames, frame * this.#frame + channel * width);
      // What is no number is silence: a model that fails makes such.
      const now = Number.isNaN(sum) ? 0 : sum / channels;
      // Between two samples of theirs lie none, one or several of ours, on the line from one to the other.
      for (; this.#at <= 1; this.#at += this.#step) {
        const value = this.#before + (now - this.#before) * this.#at;
        out.writeInt16LE(clipped(value), written);
        written += 2;
      }
      this.#at -= 1;
      this.#before = now;
    }
    return out.subarray(0, written);
  }
}

const clipped = (value: number): number => Math.round(Math.max(-1, Math.min(1, value)) * PEAK);
