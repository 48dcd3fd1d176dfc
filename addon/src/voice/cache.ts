import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../core/log.ts';

const NAME = /^[0-9a-f]{64}\.pcm$/;
/** Of how pieces are made here; another one makes everything anew. */
const VERSION = '1';

/** Finished sound on the disk, the last used of it, up to so many bytes. What goes wrong with it costs time, never a word. */
export class SoundCache {
  readonly #folder: string;
  readonly #most: number;
  readonly #log: Log;
  /** Bytes by the name of the file, the least used first. */
  readonly #sizes = new Map<string, number>();
  #held = 0;
  #isBroken = false;

  private constructor(folder: string, most: number, log: Log) {
    this.#folder = folder;
    this.#most = most;
    this.#log = log;
  }

  /** @param most bytes that it may take; 0: nothing is kept, and what was kept goes */
  static async open(folder: string, most: number, log: Log): Promise<SoundCache> {
    const cache = new SoundCache(folder, most, log);
    try {
      await cache.#find();
    } catch (thrown) {
      cache.#break(thrown);
    }
    return cache;
  }

  /** Bytes that it takes. */
  get held(): number {
    return this.#held;
  }

  /** @param key of everything that changes the sound @returns undefined: it has to be made */
  async get(key: string): Promise<Buffer | undefined> {
    const name = nameOf(key);
    const size = this.#sizes.get(name);
    if (size === undefined) return undefined;
    const file = path.join(this.#folder, name);
    try {
      const sound = await readFile(file);
      if (sound.length !== size || size % 2 !== 0) throw new Error('it is not whole');
      this.#sizes.delete(name);
      this.#sizes.set(name, size);
      const now = new Date();
      await utimes(file, now, now);
      return sound;
    } catch {
      this.#forget(name);
      return undefined;
    }
  }

  /** @param sound whole, from its beginning to its end */
  async put(key: string, sound: Buffer): Promise<void> {
    if (sound.length === 0 || sound.length > this.#most || this.#isBroken) return;
    const name = nameOf(key);
    const file = path.join(this.#folder, name);
    const made = `${file}.${randomUUID()}`;
    try {
      await writeFile(made, sound);
      await rename(made, file);
      this.#forget(name);
      this.#sizes.set(name, sound.length);
      this.#held += sound.length;
      await this.#tidy();
    } catch (thrown) {
      await rm(made, { force: true }).catch(() => {});
      this.#break(thrown);
    }
  }

  async #find(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const found: { name: string; size: number; used: number }[] = [];
    for (const name of await readdir(this.#folder)) {
      const file = path.join(this.#folder, name);
      if (!NAME.test(name)) {
        // Half a file that a power cut left.
        if (name.includes('.pcm.')) await rm(file, { force: true });
        continue;
      }
      const { size, mtimeMs } = await stat(file);
      found.push({ name, size, used: mtimeMs });
    }
    for (const { name, size } of found.sort((a, b) => a.used - b.used)) {
      this.#sizes.set(name, size);
      this.#held += size;
    }
    await this.#tidy();
  }

  async #tidy(): Promise<void> {
    for (const name of this.#sizes.keys()) {
      if (this.#held <= this.#most) return;
      this.#forget(name);
      await rm(path.join(this.#folder, name), { force: true });
    }
  }

  #forget(name: string): void {
    this.#held -= this.#sizes.get(name) ?? 0;
    this.#sizes.delete(name);
  }

  #break(thrown: unknown): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#log.warn(`finished sound cannot be kept, everything is spoken anew: ${(thrown as Error).message}`);
  }
}

const nameOf = (key: string): string =>
  `${createHash('sha256').update(`${VERSION}\n${key}`).digest('hex')}.pcm`;
