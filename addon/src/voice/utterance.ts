import { LabError } from '../core/errors.ts';
import { Making } from './sound/making.ts';
import { Seams } from './sound/seams.ts';
import { Pieces } from './text/pieces.ts';
import { FORMAT } from './wyoming/events.ts';

/** Pieces that are made or wait to be heard at the same time: the one that is heard, and the one after it. */
const AHEAD = 2;
/** Of silence, for a text in which there is nothing to be said: no sound at all would be an error to Home Assistant. */
const NOTHING_MS = 100;

/** Makes the sound of one piece, and hands it in as it comes. */
export type MakePiece = (text: string, push: (sound: Buffer) => void, signal: AbortSignal) => Promise<void>;

/**
 * A text as sound, in its order, while it still comes: the next piece is made while one is heard.
 *
 * @param language of the text, a code as in `de`
 * @throws what `make` throws, behind the sound of the pieces before it
 */
export async function* utter(
  texts: AsyncIterable<string>,
  language: string,
  make: MakePiece,
  outer: AbortSignal,
): AsyncGenerator<Buffer> {
  const ended = new AbortController();
  const signal = AbortSignal.any([outer, ended.signal]);
  const seams = new Seams(FORMAT.rate);
  const pieces = piecesOf(texts, language)[Symbol.asyncIterator]();
  const ahead: Making[] = [];
  let isSilent = true;
  let next = pieces.next();
  // What fails while another piece is heard is told in its turn.
  next.catch(() => {});
  let isOver = false;
  const begin = async (): Promise<void> => {
    const piece = await next;
    if (piece.done) {
      isOver = true;
      return;
    }
    ahead.push(new Making((push) => make(piece.value, push, signal)));
    next = pieces.next();
    next.catch(() => {});
  };
  try {
    await begin();
    while (ahead.length > 0) {
      const making = ahead.shift() as Making;
      const sounds = making[Symbol.asyncIterator]();
      let sound = sounds.next();
      for (;;) {
        // Whatever comes first: sound of this piece, or the text of the next.
        const isSound = await heardFirst(sound, isOver || ahead.length + 1 >= AHEAD ? undefined : next);
        signal.throwIfAborted();
        if (!isSound) {
          await begin();
          continue;
        }
        const { done, value } = await sound;
        if (done) break;
        sound = sounds.next();
        sound.catch(() => {});
        const ready = seams.push(value);
        if (ready.length > 0) yield ready;
        isSilent = false;
      }
      const last = seams.end();
      if (last.length > 0) yield last;
      if (ahead.length === 0 && !isOver) await begin();
    }
    if (isSilent) yield Buffer.alloc(Math.round((FORMAT.rate * NOTHING_MS) / 1_000) * FORMAT.width);
  } finally {
    ended.abort(new LabError('cancelled', 'nobody listens any more'));
  }
}

async function heardFirst(sound: Promise<unknown>, text: Promise<unknown> | undefined): Promise<boolean> {
  if (text === undefined) return true;
  // The text first: where both are there, the next piece is begun.
  return Promise.race([
    text.then(
      () => false,
      () => false,
    ),
    sound.then(
      () => true,
      () => true,
    ),
  ]);
}

async function* piecesOf(texts: AsyncIterable<string>, language: string): AsyncGenerator<string> {
  const pieces = new Pieces(language);
  for await (const text of texts) yield* pieces.push(text);
  yield* pieces.end();
}
