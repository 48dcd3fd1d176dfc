import type { Clock } from '../core/clock.ts';
import { asLabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { SoundCache } from './cache.ts';
import { catalogueOf, type Voice, voiceFor } from './catalogue.ts';
import type { Speaker, SpeakerOffer, Style } from './speaker.ts';
import { utter } from './utterance.ts';
import { speakBy, type WyomingAddress } from './wyoming/client.ts';
import { encode } from './wyoming/codec.ts';
import { infoOf, type VoiceWish } from './wyoming/events.ts';

export interface VoiceParts {
  readonly speakers: readonly Speaker[];
  readonly styles: readonly Style[];
  readonly cache: SoundCache;
  /** Who speaks where a speaker cannot; undefined: nobody does. */
  readonly fallback: WyomingAddress | undefined;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Who failed is not asked again so soon: with each text somebody would wait for it in vain. */
const SPARED_MS = 30_000;

/** What Labkeeper speaks with: every voice of every speech server. */
export class LabVoice {
  readonly #parts: VoiceParts;
  #offers: readonly (SpeakerOffer | undefined)[] = [];
  #voices: readonly Voice[] = [];
  #info: Buffer | undefined;
  /** Until when a speaker is spared. */
  readonly #spared = new Map<Speaker, number>();

  constructor(parts: VoiceParts) {
    this.#parts = parts;
  }

  get voices(): readonly Voice[] {
    const { speakers, styles } = this.#parts;
    const offers = speakers.map((speaker) => speaker.offer());
    // An offer that has not changed is the same object.
    if (offers.length === this.#offers.length && offers.every((offer, at) => offer === this.#offers[at]))
      return this.#voices;
    this.#offers = offers;
    this.#voices = catalogueOf(speakers, styles);
    this.#info = undefined;
    return this.#voices;
  }

  /** Their names and languages, the one that speaks where none is asked for first. */
  named(): readonly { readonly name: string; readonly language: string }[] {
    const { voices } = this;
    if (voices.length === 0) return [];
    const chosen = voiceFor({}, voices, this.#parts.speakers);
    return [chosen, ...voices.filter((one) => one !== chosen)];
  }

  /** What `describe` is answered with. */
  info(): Buffer {
    const voices = this.voices.map(({ name, description, languages }) => ({ name, description, languages }));
    this.#info ??= encode(infoOf(voices, this.#parts.version));
    return this.#info;
  }

  async *speak(texts: AsyncIterable<string>, wish: VoiceWish, signal: AbortSignal): AsyncGenerator<Buffer> {
    const voice = voiceFor(wish, this.voices, this.#parts.speakers);
    yield* utter(texts, voice.language, (text, push, inner) => this.#make(voice, text, push, inner), signal);
  }

  async #make(voice: Voice, text: string, push: (sound: Buffer) => void, signal: AbortSignal): Promise<void> {
    const { cache, fallback, clock } = this.#parts;
    const { speaker, own, manner } = voice;
    const sentence = { text, voice: own, manner };
    const key = speaker.keyOf(sentence);
    const known = await cache.get(key);
    if (known !== undefined) {
      push(known);
      return;
    }
    const isSpared = fallback !== undefined && (this.#spared.get(speaker) ?? 0) > clock.elapsed();
    if (isSpared) return this.#makeBy(fallback, text, push, signal);
    const made: Buffer[] = [];
    try {
      for await (const sound of speaker.speak(sentence, signal)) {
        push(sound);
        made.push(sound);
      }
    } catch (thrown) {
      if (signal.aborted || fallback === undefined) throw thrown;
      this.#replace(speaker, thrown);
      return this.#makeBy(fallback, text, push, signal);
    }
    this.#spared.delete(speaker);
    speaker.replaced(false);
    await cache.put(key, Buffer.concat(made));
  }

  /** The piece as a whole, even where some of it was heard already: half a sentence is none. */
  async #makeBy(
    fallback: WyomingAddress,
    text: string,
    push: (sound: Buffer) => void,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const sound of speakBy(fallback, text, this.#parts.clock, signal)) push(sound);
  }

  #replace(speaker: Speaker, thrown: unknown): void {
    const { clock, log } = this.#parts;
    const { message, code } = asLabError(thrown);
    this.#spared.set(speaker, clock.elapsed() + SPARED_MS);
    speaker.replaced(true);
    log.warn(`the fallback speaks: ${message}`, { code });
  }
}
