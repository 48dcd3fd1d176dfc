import type { SpeechManner, VoiceSample } from '../../contract/speech.ts';
import type { HttpRequest } from '../../net/http-client.ts';

export type DialectId = 'devnen' | 'travisvn' | 'openai';

/** One voice as its server knows it. */
export interface ServerVoice {
  /** As requests name it. */
  readonly id: string;
  readonly title: string;
  /** Made of a sample that a person gave. */
  readonly isCloned: boolean;
  /** Where the voice has one of its own, whatever the model speaks. */
  readonly language?: string;
}

/** What a server tells of itself. */
export interface Seen {
  /** null: it does not say. */
  readonly model: string | null;
  /** Ready to speak. */
  readonly loaded: boolean;
  /** Codes of the languages that it is asked for by; undefined: it is not asked for one. */
  readonly languages: readonly string[] | undefined;
  readonly voices: readonly ServerVoice[];
  /** GiB of the card's memory; undefined: it does not say. */
  readonly memory: number | undefined;
}

/** What is to be said, as a server needs it told. */
export interface Order {
  readonly text: string;
  readonly voice: ServerVoice;
  /** Code; undefined: the voice or the model decides. */
  readonly language: string | undefined;
  readonly manner: SpeechManner;
  readonly seed: number;
  readonly model: string | null;
}

/** A question to a server. @returns what it answers; undefined: it knows no such path */
export type Ask = (path: string) => Promise<unknown>;

/** How one of the servers that there are is spoken to. Nothing here does I/O of its own. */
export interface Dialect {
  readonly id: DialectId;
  /** For people. */
  readonly title: string;
  /** Whoever answers nothing else may be one: it is told by its path of this alone. */
  readonly shownBy?: string;
  /** @returns undefined: it is another one */
  look(ask: Ask): Promise<Seen | undefined>;
  /** What is posted to have something said. */
  speech(order: Order): { readonly path: string; readonly body: object };
  /** What is sent to have it let go of the card's memory, or get ready; left out: it cannot. */
  readonly unload?: HttpRequest;
  readonly load?: HttpRequest;
  /** How it is given a sample to make a voice of; left out: it cannot. */
  readonly clone?: {
    request(sample: VoiceSample): HttpRequest;
    /** Why it was not taken, where a server says so in an answer of success; undefined: it was. */
    refusal?(answer: unknown): string | undefined;
  };
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textIn = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

export const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** `Emily_Rose.wav` as people write it. */
export const titleOf = (file: string): string =>
  file
    .replace(/\.[A-Za-z0-9]{2,4}$/, '')
    .replace(/[_]+/g, ' ')
    .trim() || file;
