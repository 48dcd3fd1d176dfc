import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { PcmConverter } from '../../addon/src/core/pcm.ts';

/** As Chatterbox makes it: 16 bits, one channel. */
export const RATE = 24_000;

/** How speech is made: by espeak-ng, or as tones where that is not installed or would take too long. */
export type SpeechWay = 'espeak' | 'tone' | 'auto';

const ESPEAK = ['/usr/bin/espeak-ng', '/usr/local/bin/espeak-ng'].find((file) => existsSync(file));
/** A tone for each letter, so long. */
const LETTER_MS = 60;
const LOUDNESS = 9_000;

export interface SpeechWish {
  readonly text: string;
  readonly voice: string;
  /** Code, as in `de`. */
  readonly language: string;
  /** 1: as always; 2: twice as fast. */
  readonly speed: number;
}

/** A text as sound: the same for the same wish. */
export async function soundOf(wish: SpeechWish, way: SpeechWay): Promise<Buffer> {
  if (way === 'tone' || (way === 'auto' && ESPEAK === undefined)) return toneOf(wish);
  return espeakOf(wish);
}

async function espeakOf({ text, voice, language, speed }: SpeechWish): Promise<Buffer> {
  if (ESPEAK === undefined) throw new Error('espeak-ng is not installed: apt-get install espeak-ng');
  const pitch = String(30 + (checksum(voice) % 40));
  const args = ['--stdout', '-v', language, '-p', pitch, '-s', String(Math.round(165 * speed)), '--', text];
  const { stdout } = await promisify(execFile)(ESPEAK, args, {
    encoding: 'buffer',
    maxBuffer: 64 * 1_024 ** 2,
  });
  const rate = stdout.readUInt32LE(24);
  return new PcmConverter({ rate, channels: 1, sample: 's16' }, RATE).push(stdout.subarray(44));
}

/** Every letter a tone of its own, every space silence; louder and softer like syllables. */
function toneOf({ text, voice, speed }: SpeechWish): Buffer {
  const letters = [...text];
  const each = Math.round((RATE * LETTER_MS) / 1_000 / speed);
  const sound = Buffer.alloc(letters.length * each * 2);
  for (const [at, letter] of letters.entries()) {
    if (/\s/.test(letter)) continue;
    const pitch = 110 + (checksum(voice) % 120) + (checksum(letter) % 90);
    for (let sample = 0; sample < each; sample += 1) {
      const swell = Math.sin((Math.PI * sample) / each);
      const wave = Math.sin((2 * Math.PI * pitch * sample) / RATE);
      sound.writeInt16LE(Math.round(LOUDNESS * swell * wave), (at * each + sample) * 2);
    }
  }
  return sound;
}

const checksum = (text: string): number =>
  [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 7);
