import type { LogTail } from '../../contract/capabilities.ts';

/** Bytes of a frame's head: which stream, three zeros, the length of what follows. */
const HEAD = 8;
/** Bytes that a log may show. */
const MOST_SHOWN = 64 * 1024;
/** Bytes that are read of it at most: its end is what counts, and what follows is thrown away as it comes. */
const MOST_READ = 8 * 1024 * 1024;
/** Bytes kept while reading: heads of frames, and text that is taken out, shall not make the end shorter. */
const KEPT = 4 * MOST_SHOWN;

/**
 * Takes the end of a log off its stream, without keeping more of it than can be shown.
 *
 * @param tty with a terminal, the log is what was written; without one, it comes in frames of either stream
 */
export async function tailOf(
  chunks: AsyncIterable<Uint8Array>,
  tty: boolean,
  lines: number,
): Promise<LogTail> {
  const end = new End();
  const frames = new Frames((bytes) => end.add(bytes));
  let read = 0;
  for await (const chunk of chunks) {
    read += chunk.length;
    if (tty) end.add(chunk);
    else frames.add(Buffer.from(chunk));
    if (read > MOST_READ) break;
  }
  return shown(end.bytes(), lines, end.isCut || read > MOST_READ);
}

/** The last bytes of a stream. */
class End {
  #chunks: Uint8Array[] = [];
  #length = 0;
  isCut = false;

  add(chunk: Uint8Array): void {
    // A copy: a part of a large buffer would keep all of that.
    const own = Buffer.from(chunk.subarray(Math.max(0, chunk.length - KEPT)));
    if (own.length < chunk.length) this.isCut = true;
    this.#chunks.push(own);
    this.#length += own.length;
    while (this.#length - (this.#chunks[0]?.length ?? 0) >= KEPT) {
      this.#length -= this.#chunks.shift()?.length ?? 0;
      this.isCut = true;
    }
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

/** Takes frames apart, wherever the chunks were cut. */
export class Frames {
  readonly #take: (bytes: Uint8Array) => void;
  #head = Buffer.alloc(0);
  /** Bytes that are still to come of the frame that has begun. */
  #left = 0;

  constructor(take: (bytes: Uint8Array) => void) {
    this.#take = take;
  }

  add(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#left === 0) {
        const missing = HEAD - this.#head.length;
        this.#head = Buffer.concat([this.#head, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (this.#head.length < HEAD) return;
        this.#left = this.#head.readUInt32BE(4);
        this.#head = Buffer.alloc(0);
        continue;
      }
      const part = rest.subarray(0, this.#left);
      this.#take(part);
      this.#left -= part.length;
      rest = rest.subarray(part.length);
    }
  }
}

/** Colours, cursor movements and titles of a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is to be found
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
/** All that no reader shows, but tabs and the ends of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;

function shown(bytes: Buffer, lines: number, isCut: boolean): LogTail {
  const all = new TextDecoder()
    .decode(bytes)
    .replaceAll(ESCAPES, '')
    .split('\n')
    // A lone carriage return begins its line anew, as progress bars do.
    .map((line) => line.replace(/\r+$/, '').split('\r').at(-1) as string)
    .map((line) => line.replaceAll(UNSEEN, (character) => (character === '\t' ? '\t' : '')));
  if (all.at(-1) === '') all.pop();
  const last = all.slice(-lines);
  let size = 0;
  let first = last.length;
  while (first > 0) {
    const length = Buffer.byteLength(last[first - 1] as string) + 1;
    if (size + length > MOST_SHOWN) break;
    size += length;
    first -= 1;
  }
  const fitting = last.slice(first);
  // A line that is longer than everything that may be shown: its end.
  if (fitting.length === 0 && last.length > 0) {
    const line = Buffer.from(last.at(-1) as string);
    const end = new TextDecoder().decode(line.subarray(line.length - MOST_SHOWN)).replace(/^\uFFFD+/, '');
    return { text: end, isCut: true };
  }
  return { text: fitting.join('\n'), isCut: isCut || first > 0 };
}
