import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LabError } from '../core/errors.ts';

/** Its threads would each take memory. */
const ARGUMENTS = ['-dc', '-T1'];
const MOST_WORDS = 2_000;

/** Whether there is the program `xz` here. */
export const hasXz = (): boolean =>
  (process.env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, 'xz'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/**
 * Unpacks what comes, by the program `xz` (of Debian's xz-utils), as fast as it is taken.
 *
 * @param name for errors: `<source>/<instance>`
 * @throws what `packed` throws; LabError `source_failed` where it cannot be unpacked, or there is no `xz` here; the reason
 *   of the signal when that is aborted, at which the program is ended
 */
export async function* unpacked(
  packed: AsyncIterable<Buffer>,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  const child = spawn('xz', ARGUMENTS, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  });
  const end = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', end);
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-MOST_WORDS);
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  ended.catch(() => {});
  const feeding = new AbortController();
  let broken: { readonly by: unknown } | undefined;
  const watched = async function* (): AsyncGenerator<Buffer> {
    const iterator = packed[Symbol.asyncIterator]();
    try {
      for (;;) {
        // What whoever reads this throws into it is not caught here: only what comes from before.
        const next = await iterator.next().catch((thrown: unknown) => {
          broken = { by: thrown };
          throw thrown;
        });
        if (next.done) return;
        yield next.value;
      }
    } finally {
      void iterator.return?.().catch(() => {});
    }
  };
  const fed = pipeline(Readable.from(watched()), child.stdin, { signal: feeding.signal });
  child.stdin.on('error', () => {});
  // Without the rest of what it reads, it has nothing more to do.
  fed.catch(end);
  try {
    for await (const chunk of child.stdout) {
      signal.throwIfAborted();
      yield chunk as Buffer;
    }
    const code = await ended;
    signal.throwIfAborted();
    // That the rest did not come is why it complains; and if it gave up, that is why nobody took the rest.
    if (broken !== undefined) throw broken.by;
    if (code !== null && code !== 0)
      throw new LabError(
        'source_failed',
        `${name}: it cannot be unpacked: ${words.trim() || `xz ended (${code})`}`,
      );
    await fed;
    if (code === null) throw new LabError('source_failed', `${name}: xz was ended from outside`);
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    throw new LabError('source_failed', `${name}: there is no program xz where Labkeeper runs`, {
      hint: 'install xz-utils there',
      cause: thrown,
    });
  } finally {
    signal.removeEventListener('abort', end);
    feeding.abort();
    end();
  }
}
