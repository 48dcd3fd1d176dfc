import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Clock, pause } from '../core/clock.ts';
import { LabError } from '../core/errors.ts';
import type { Exchange } from '../core/exchange.ts';
import { Capture, type RecordedSystem } from './capture.ts';

/** Names of captures begin with it, and go on with the time. */
export const PREFIX = 'labkeeper-capture-';

/** Opens sessions of its own to all systems, which tell of each exchange. */
export type Listening = (onExchange: (owner: string, exchange: Exchange) => void) => {
  close(): Promise<void>;
};

export interface RecordingParts {
  readonly version: string;
  readonly systems: readonly RecordedSystem[];
  readonly listen: Listening;
  readonly clock: Clock;
  /** Where the file goes. */
  readonly folder: string;
}

/** A capture that was written. */
export interface Written {
  /** Its whole path. */
  readonly file: string;
  readonly requests: number;
  readonly bytes: number;
}

/**
 * Records for a time what all systems answer, and writes it without what says whose they are. Nothing reaches a disk
 * before that is taken out.
 *
 * @param seconds how long
 * @param signal ends it before its time: what was recorded until then is written, unless the reason is an error
 * @throws LabError the reason of `signal`
 */
export async function record(
  { version, systems, listen, clock, folder }: RecordingParts,
  seconds: number,
  signal?: AbortSignal,
): Promise<Written> {
  const capture = new Capture(systems);
  const began = clock.elapsed();
  const session = listen((owner, exchange) => capture.add(owner, exchange, clock.elapsed() - began));
  await pause(clock, seconds * 1_000, signal);
  await session.close();
  if (signal?.reason instanceof LabError) throw signal.reason;
  const name = `${PREFIX}${new Date(clock.now()).toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')}.jsonl.gz`;
  const file = path.join(folder, name);
  await mkdir(folder, { recursive: true });
  await removeOthers(folder);
  await pipeline(
    Readable.from(capture.lines(version, Math.round((clock.elapsed() - began) / 1_000))),
    createGzip(),
    createWriteStream(`${file}.part`, { mode: 0o600 }),
  );
  await rename(`${file}.part`, file);
  return { file, requests: capture.length, bytes: (await stat(file)).size };
}

/** One is enough, and somebody might forget them. */
async function removeOthers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) if (name.startsWith(PREFIX)) await rm(path.join(folder, name));
}
