import type { WyomingEvent } from './codec.ts';

/** How sound is measured: samples a second, bytes a sample, channels. */
export interface SoundFormat {
  readonly rate: number;
  readonly width: number;
  readonly channels: number;
}

/** What Labkeeper speaks in: as Chatterbox makes it, 16 bits with a sign, the low byte first. */
export const FORMAT: SoundFormat = { rate: 24_000, width: 2, channels: 1 };

/** A voice that others may choose. */
export interface OfferedVoice {
  /** What it is asked for by. */
  readonly name: string;
  /** For people. */
  readonly description: string;
  /** Codes, as in `de`. */
  readonly languages: readonly string[];
}

/** Who is asked for; empty: nobody in particular. */
export interface VoiceWish {
  readonly name?: string;
  readonly speaker?: string;
  readonly language?: string;
}

/** What there is to be spoken with. @param version of Labkeeper */
export function infoOf(voices: readonly OfferedVoice[], version: string): WyomingEvent {
  const none: readonly unknown[] = [];
  const attribution = { name: 'Resemble AI', url: 'https://github.com/resemble-ai/chatterbox' };
  const program = {
    ...{ name: 'Chatterbox', description: 'Chatterbox by Labkeeper', attribution, installed: true, version },
    // One without voices would be set up, and offer nothing.
    voices: voices.map((voice) => ({
      ...voice,
      attribution,
      installed: true,
      version: null,
      speakers: null,
    })),
    supports_synthesize_streaming: true,
  };
  return {
    type: 'info',
    data: {
      ...{ asr: none, tts: voices.length === 0 ? none : [program] },
      ...{ handle: none, intent: none, wake: none, mic: none, snd: none },
    },
  };
}

export const audioStart = (format: SoundFormat): WyomingEvent => ({
  type: 'audio-start',
  data: { ...format, timestamp: 0 },
});

export const audioChunk = (format: SoundFormat, payload: Buffer): WyomingEvent => ({
  type: 'audio-chunk',
  data: { ...format },
  payload,
});

export const audioStop: WyomingEvent = { type: 'audio-stop', data: {} };
export const synthesizeStopped: WyomingEvent = { type: 'synthesize-stopped', data: {} };

/** @param text for people */
export const errorOf = (text: string, code: string): WyomingEvent => ({
  type: 'error',
  data: { text, code },
});

/** The format that a peer names; undefined where that makes no sense. */
export function formatIn({ rate, width, channels }: WyomingEvent['data']): SoundFormat | undefined {
  const isCount = (value: unknown, most: number): value is number =>
    Number.isInteger(value) && Number(value) > 0 && Number(value) <= most;
  if (!isCount(rate, 192_000) || !isCount(width, 4) || !isCount(channels, 8)) return undefined;
  return { rate, width, channels };
}

/** The text that is to be spoken; undefined where there is none. */
export const textIn = ({ text }: WyomingEvent['data']): string | undefined =>
  typeof text === 'string' ? text : undefined;

export function wishIn({ voice }: WyomingEvent['data']): VoiceWish {
  if (typeof voice !== 'object' || voice === null) return {};
  const given = voice as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    (['name', 'speaker', 'language'] as const).flatMap((key) => {
      const value = given[key];
      return typeof value === 'string' && value !== '' ? [[key, value]] : [];
    }),
  );
}
