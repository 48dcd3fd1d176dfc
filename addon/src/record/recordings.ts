import { createReadStream, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { asLabError, LabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { PREFIX, type RecordingParts, record } from './recorder.ts';

/** How a recording goes, and which one there is. */
export interface RecordingState {
  /** When the one that runs ends, milliseconds since 1970; undefined: none runs. */
  readonly until: number | undefined;
  /** What went wrong with the last one. */
  readonly error: string | undefined;
  /** The one that is kept. */
  readonly file: { readonly name: string; readonly bytes: number } | undefined;
}

/** Recordings of a running app: one at a time, the last one is kept. */
export class Recordings {
  readonly #parts: RecordingParts;
  readonly #log: Log;
  #until: number | undefined;
  #error: string | undefined;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(parts: RecordingParts, log: Log) {
    this.#parts = parts;
    this.#log = log;
  }

  get state(): RecordingState {
    const name = this.#name();
    const file = name === undefined ? undefined : { name, bytes: statSync(this.#path(name)).size };
    return { until: this.#until, error: this.#error, file };
  }

  /** @throws LabError `target_busy` while one runs; `target_missing` where there is nothing to record */
  start(seconds: number): RecordingState {
    const { systems, clock } = this.#parts;
    if (this.#until !== undefined) throw new LabError('target_busy', 'a recording runs already');
    if (systems.length === 0) throw new LabError('target_missing', 'there is no system to record');
    this.#until = clock.now() + seconds * 1_000;
    this.#error = undefined;
    this.#stop = new AbortController();
    this.#log.info(`recording for ${seconds} s what ${systems.length} systems answer`);
    this.#running = this.#record(seconds);
    return this.state;
  }

  /** The kept one's name and content; undefined: there is none. */
  open(): { readonly name: string; readonly content: Readable } | undefined {
    const name = this.#name();
    return name === undefined ? undefined : { name, content: createReadStream(this.#path(name)) };
  }

  /** Ends one that runs; nothing of it is kept. */
  async close(): Promise<void> {
    this.#stop.abort(new LabError('shutting_down', 'Labkeeper ends'));
    await this.#running;
  }

  async #record(seconds: number): Promise<void> {
    try {
      const { file, requests } = await record(this.#parts, seconds, this.#stop.signal);
      this.#log.info(`${requests} answers were recorded in ${file}`);
    } catch (thrown) {
      const { message } = asLabError(thrown);
      this.#error = message;
      this.#log.error(`the recording failed: ${message}`);
    } finally {
      this.#until = undefined;
    }
  }

  #name(): string | undefined {
    try {
      const names = readdirSync(this.#parts.folder);
      return names.findLast((name) => name.startsWith(PREFIX) && name.endsWith('.gz'));
    } catch {
      return undefined;
    }
  }

  #path = (name: string): string => path.join(this.#parts.folder, name);
}
