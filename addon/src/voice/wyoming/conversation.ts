import type { Socket } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { encode, WyomingDecoder, type WyomingEvent } from './codec.ts';
import {
  audioChunk,
  audioStart,
  audioStop,
  errorOf,
  FORMAT,
  synthesizeStopped,
  textIn,
  type VoiceWish,
  wishIn,
} from './events.ts';
import { TextQueue } from './text-queue.ts';

/**
 * Speaks a text that comes in parts.
 *
 * @returns sound in `FORMAT`, in whole samples, at least some of it
 * @throws LabError why not, at any moment
 */
export type Speak = (
  texts: AsyncIterable<string>,
  wish: VoiceWish,
  signal: AbortSignal,
) => AsyncIterable<Buffer>;

export interface ConversationParts {
  readonly clock: Clock;
  readonly log: Log;
  info(): Buffer;
  readonly speak: Speak;
  /** Takes what the other side did wrong. */
  complain(message: string): void;
}

/** A client that has said nothing for so long is gone. */
const IDLE_MS = 120_000;
/** One that takes no sound for so long as well. */
const STALLED_MS = 30_000;
/** Bytes of sound in one event; a client has to hold one as a whole. */
const MOST_SOUND = 32 * 1_024;
/** Bytes of answers that nobody takes. */
const MOST_UNREAD = 8 * 1_024 ** 2;
/** Texts that wait for one before them. */
const MOST_WAITING = 16;

/** One connection: what is said on it is answered in its order. */
export class Conversation {
  readonly #socket: Socket;
  readonly #parts: ConversationParts;
  readonly #decoder = new WyomingDecoder();
  readonly #hungUp = new AbortController();
  /** The text that comes in parts; undefined: none is under way. */
  #stream: TextQueue | undefined;
  /** Ends when all that was asked for is spoken. */
  #spoken: Promise<void> = Promise.resolve();
  #waiting = 0;
  #cancelIdle = (): void => {};

  constructor(socket: Socket, parts: ConversationParts) {
    this.#socket = socket;
    this.#parts = parts;
    socket.on('data', (bytes) => this.#hear(bytes));
    socket.on('error', () => {});
    socket.once('end', () => this.cut());
    socket.once('close', () => this.cut());
    this.#rest();
  }

  /** Ends it; what is spoken for it is not spoken any more. */
  cut(): void {
    this.#cancelIdle();
    this.#stream?.end();
    this.#hungUp.abort(new LabError('cancelled', 'whoever wanted to hear this has hung up'));
    this.#socket.destroy();
  }

  #hear(bytes: Buffer): void {
    if (this.#hungUp.signal.aborted) return;
    try {
      for (const event of this.#decoder.push(bytes)) this.#answer(event);
    } catch (thrown) {
      const { message } = asLabError(thrown);
      this.#parts.complain(`a client of the voice was hung up on: ${message}`);
      this.#hangUp(errorOf(message, 'protocol_wrong'));
    }
    this.#rest();
  }

  #answer(event: WyomingEvent): void {
    const { type, data } = event;
    switch (type) {
      case 'describe':
        this.#write(this.#parts.info());
        break;
      case 'ping':
        this.#send({ type: 'pong', data: { text: textIn(data) ?? null } });
        break;
      case 'synthesize':
        // Within a stream it is the same text once more, for who knows no streams.
        if (this.#stream === undefined) this.#begin(once(textOf(event)), wishIn(data), [audioStop]);
        break;
      case 'synthesize-start':
        if (this.#stream !== undefined) throw wrong('a text began before the one before it had ended');
        this.#stream = new TextQueue();
        this.#begin(this.#stream, wishIn(data), [audioStop, synthesizeStopped]);
        break;
      case 'synthesize-chunk':
        if (this.#stream?.push(textOf(event)) === false) throw wrong('its text is too long');
        break;
      case 'synthesize-stop':
        this.#stream?.end();
        this.#stream = undefined;
    }
    // Newer clients may say more; they do not need an answer to go on.
  }

  #begin(texts: AsyncIterable<string>, wish: VoiceWish, end: readonly WyomingEvent[]): void {
    if (this.#waiting >= MOST_WAITING) throw wrong(`more than ${MOST_WAITING} texts wait to be spoken`);
    this.#waiting += 1;
    this.#spoken = this.#spoken
      .then(() => this.#utter(texts, wish, end))
      .catch((thrown: unknown) => this.#fail(thrown))
      .finally(() => {
        this.#waiting -= 1;
        this.#rest();
      });
  }

  async #utter(texts: AsyncIterable<string>, wish: VoiceWish, end: readonly WyomingEvent[]): Promise<void> {
    const { signal } = this.#hungUp;
    signal.throwIfAborted();
    let isFirst = true;
    for await (const sound of this.#parts.speak(texts, wish, signal)) {
      signal.throwIfAborted();
      if (isFirst) this.#send(audioStart(FORMAT));
      isFirst = false;
      for (let at = 0; at < sound.length; at += MOST_SOUND)
        this.#send(audioChunk(FORMAT, sound.subarray(at, at + MOST_SOUND)));
      await this.#drained();
    }
    for (const event of end) this.#send(event);
  }

  /** Nothing that comes after it would make sense: Home Assistant waits for the end of the sound or of the connection. */
  #fail(thrown: unknown): void {
    if (this.#hungUp.signal.aborted) return;
    const { message, code, hint } = asLabError(thrown);
    const told = hint === undefined ? message : `${message}; ${hint}`;
    this.#parts.log.warn(`a text was not spoken: ${told}`, { code });
    this.#hangUp(errorOf(told, code));
  }

  #send(event: WyomingEvent): void {
    this.#write(encode(event));
  }

  #write(bytes: Buffer): void {
    if (this.#socket.destroyed) return;
    // Who asks and asks, and reads no answer, would fill the memory.
    if (this.#socket.writableLength > MOST_UNREAD) this.cut();
    else this.#socket.write(bytes);
  }

  /** Waits for a client that takes the sound as slowly as it plays; one that takes none is gone. */
  async #drained(): Promise<void> {
    const { signal } = this.#hungUp;
    if (!this.#socket.writableNeedDrain || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#parts.clock.after(STALLED_MS, () => this.cut());
    this.#socket.once('drain', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    cancel();
    this.#socket.removeListener('drain', resolve);
    signal.throwIfAborted();
  }

  /** Says why, and ends the connection when that is sent. */
  #hangUp(last: WyomingEvent): void {
    this.#hungUp.abort(new LabError('cancelled', 'the connection was ended'));
    this.#stream?.end();
    this.#cancelIdle();
    const cancel = this.#parts.clock.after(STALLED_MS, () => this.#socket.destroy());
    this.#socket.once('close', cancel);
    this.#socket.end(encode(last));
  }

  #rest(): void {
    this.#cancelIdle();
    if (this.#waiting > 0 || this.#hungUp.signal.aborted) return;
    this.#cancelIdle = this.#parts.clock.after(IDLE_MS, () => this.cut());
  }
}

function textOf({ type, data }: WyomingEvent): string {
  const text = textIn(data);
  if (text === undefined) throw wrong(`its ${type} has no text`);
  return text;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

const wrong = (what: string): LabError => new LabError('protocol_wrong', `this is not Wyoming: ${what}`);
