import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { VoiceSample } from '../contract/speech.ts';
import { LabError } from '../core/errors.ts';

const FOLDER = 'voices';
/** What the servers take. */
const MOST_BYTES = 10 * 1_024 ** 2;

/**
 * A recording of somebody who speaks, from the folder `voices` in the folder of configuration.
 *
 * @param folder of configuration; undefined: there is none
 * @param name of the file, without a path
 * @throws LabError `input_invalid` where there is none, or none that can be used
 */
export async function readSample(
  folder: string | undefined,
  name: string,
): Promise<Pick<VoiceSample, 'type' | 'data'>> {
  if (folder === undefined) throw wrong('there is no folder of configuration');
  if (path.basename(name) !== name || name.startsWith('.')) throw wrong(`“${name}” is no name of a file`);
  const file = path.join(folder, FOLDER, name);
  let data: Buffer;
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) throw wrong(`${file} is larger than 10 MiB`);
    data = await readFile(file);
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    throw wrong(`${file} cannot be read: ${(cause as Error).message}`);
  }
  const type = typeOf(data);
  if (type === undefined) throw wrong(`${file} is neither a WAV nor an MP3`);
  return { type, data };
}

/** By what is in it: a name says little. */
function typeOf(data: Buffer): VoiceSample['type'] | undefined {
  const begin = data.subarray(0, 12).toString('latin1');
  if (begin.startsWith('RIFF') && begin.endsWith('WAVE')) return 'wav';
  const isFrame = data.length > 2 && data[0] === 0xff && ((data[1] ?? 0) & 0xe0) === 0xe0;
  return begin.startsWith('ID3') || isFrame ? 'mp3' : undefined;
}

const wrong = (message: string): LabError =>
  new LabError('input_invalid', message, {
    path: 'input.sample',
    hint: 'put a WAV or MP3 of somebody who speaks for 10 to 30 seconds there',
  });
