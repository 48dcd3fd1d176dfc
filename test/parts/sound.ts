import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runToEnd } from './process.ts';

/** What a recording is like, as sox measures it. */
export interface Measured {
  readonly rate: number;
  readonly channels: number;
  readonly seconds: number;
  /** 0 to 1: of the loudest moment. */
  readonly peak: number;
  /** 0 to 1: on average. */
  readonly loudness: number;
  /** Of the largest step from one sample to the next, 0 to 2. */
  readonly step: number;
  /** Seconds of the longest silence within it. */
  readonly gap: number;
}

/** What is softer than this is silence, of the 32767 that there are. */
const SILENCE = 60;

/** Measures a WAV, as sox understands it; its length in the header may be unknown. */
export async function measure(wav: Buffer): Promise<Measured> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sound-'));
  try {
    const file = path.join(folder, 'a.wav');
    await writeFile(file, wav);
    const given = ['-V1', '--ignore-length', '-t', 'wav', file];
    const stat = await runToEnd('sox', [...given, '-n', 'stat']);
    const value = (name: string): number => Number(new RegExp(`${name}:\\s+(-?[\\d.]+)`).exec(stat)?.[1]);
    const raw = path.join(folder, 'a.raw');
    await runToEnd('sox', [...given, '-t', 'raw', '-e', 'signed', '-b', '16', '-c', '1', raw]);
    const sound = await readFile(raw);
    return {
      rate: wav.readUInt32LE(24),
      channels: wav.readUInt16LE(22),
      seconds: value('Length \\(seconds\\)'),
      peak: Math.max(value('Maximum amplitude'), -value('Minimum amplitude')),
      loudness: value('RMS\\s+amplitude'),
      step: value('Maximum delta'),
      gap: longestGap(sound) / wav.readUInt32LE(24),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function longestGap(sound: Buffer): number {
  let longest = 0;
  let silent = 0;
  let isBegun = false;
  for (let at = 0; at + 1 < sound.length; at += 2) {
    if (Math.abs(sound.readInt16LE(at)) < SILENCE) {
      silent += 1;
      continue;
    }
    // Silence before the first sound and behind the last one is none within it.
    if (isBegun) longest = Math.max(longest, silent);
    isBegun = true;
    silent = 0;
  }
  return longest;
}
