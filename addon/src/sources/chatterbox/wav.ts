import { LabError } from '../../core/errors.ts';
import type { PcmFormat } from '../../core/pcm.ts';

/** A header longer than this is none. */
const MOST_HEADER = 64 * 1_024;
/** From here on a length says only that whoever wrote it did not know. */
const UNKNOWN = 0x7fff_0000;
const INTEGER = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

/** Reads a WAV as it comes: its header may be wrong about its length, and anything may be cut anywhere. */
export class WavReader {
  readonly #name: string;
  #held: Buffer = Buffer.alloc(0);
  #format: PcmFormat | undefined;
  /** Bytes of sound that are still to come; undefined: the header has not been read. */
  #left: number | undefined;
  #isOver = false;

  /** @param name who sends it, for errors */
  constructor(name: string) {
    this.#name = name;
  }

  /** Known as soon as there is any sound. */
  get format(): PcmFormat | undefined {
    return this.#format;
  }

  /**
   * @returns bytes of sound in `format`, not always whole samples
   * @throws LabError `source_failed` when it is no WAV, or one of a kind that nobody makes of speech
   */
  push(bytes: Buffer): Buffer {
    if (this.#isOver) return Buffer.alloc(0);
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    if (this.#left !== undefined) return this.#sound(all);
    const begin = this.#beginOf(all);
    if (begin !== undefined) return this.#sound(all.subarray(begin));
    if (all.length > MOST_HEADER) throw this.#wrong('its header has no end');
    this.#held = all;
    return Buffer.alloc(0);
  }

  /** @throws LabError `source_failed` when it ended before there was any sound */
  end(): void {
    if (this.#left === undefined) throw this.#wrong('it ended within its header');
  }

  #sound(bytes: Buffer): Buffer {
    const left = this.#left ?? 0;
    this.#held = Buffer.alloc(0);
    if (bytes.length <= left) {
      this.#left = left - bytes.length;
      return bytes;
    }
    // Behind the stated end there is another part of the file with a name, or more sound, and the length was wrong.
    const rest = bytes.subarray(left);
    if (rest.length < 4) {
      this.#left = 0;
      this.#held = Buffer.from(rest);
      return bytes.subarray(0, left);
    }
    const named = rest.subarray(0, 4).toString('latin1');
    if (/^[A-Za-z][A-Za-z0-9_ ]{3}$/.test(named) || rest.subarray(1, 5).toString('latin1') === 'LIST') {
      this.#isOver = true;
      return bytes.subarray(0, left);
    }
    this.#left = Number.POSITIVE_INFINITY;
    return bytes;
  }

  /** Where the sound begins; undefined: more has to come. */
  #beginOf(all: Buffer): number | undefined {
    if (all.length < 12) return undefined;
    if (!/^(RIFF|RF64|RIFX)$/.test(text(all, 0)) || text(all, 8) !== 'WAVE')
      throw this.#wrong(`it begins with “${text(all, 0).replace(/[^ -~]/g, '?')}”`);
    let at = 12;
    while (at + 8 <= all.length) {
      const id = text(all, at);
      const size = all.readUInt32LE(at + 4);
      if (id === 'data') {
        if (this.#format === undefined) throw this.#wrong('it does not say how its sound is written');
        this.#left = size === 0 || size >= UNKNOWN ? Number.POSITIVE_INFINITY : size;
        return at + 8;
      }
      if (size > MOST_HEADER) throw this.#wrong(`a part of its header has ${size} bytes`);
      if (at + 8 + size > all.length) return undefined;
      if (id === 'fmt ') this.#format = this.#formatOf(all.subarray(at + 8, at + 8 + size));
      at += 8 + size + (size % 2);
    }
    return undefined;
  }

  #formatOf(chunk: Buffer): PcmFormat {
    if (chunk.length < 16) throw this.#wrong('it does not say how its sound is written');
    const stated = chunk.readUInt16LE(0);
    const coding = stated === EXTENSIBLE && chunk.length >= 26 ? chunk.readUInt16LE(24) : stated;
    const channels = chunk.readUInt16LE(2);
    const rate = chunk.readUInt32LE(4);
    const bits = chunk.readUInt16LE(14);
    const sample =
      coding === FLOAT && bits === 32
        ? 'f32'
        : coding === INTEGER
          ? ({ 8: 'u8', 16: 's16', 24: 's24', 32: 's32' } as const)[bits as 8]
          : undefined;
    if (sample === undefined || channels < 1 || channels > 8 || rate < 4_000 || rate > 192_000)
      throw this.#wrong(`coding ${coding}, ${bits} bits, ${channels} channels, ${rate} a second`);
    return { rate, channels, sample };
  }

  #wrong(what: string): LabError {
    return new LabError('source_failed', `${this.#name}: its sound cannot be used: ${what}`);
  }
}

const text = (bytes: Buffer, at: number): string => bytes.subarray(at, at + 4).toString('latin1');
