import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { CaptureHead, CaptureLine } from '../../addon/src/record/capture.ts';

export interface CaptureFile {
  readonly head: CaptureHead;
  readonly lines: readonly CaptureLine[];
}

/** Reads what `labkeeper record` wrote. */
export async function readCapture(file: string): Promise<CaptureFile> {
  const bytes = await readFile(file);
  const text = (file.endsWith('.gz') ? await promisify(gunzip)(bytes) : bytes).toString('utf8');
  const [head, ...lines] = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  if (head?.labkeeper_capture !== 1)
    throw new Error(`${file} is no capture of Labkeeper’s, or of a newer one`);
  return { head, lines };
}
