import type { ChatterboxMachine } from '../machine.ts';

/** A request as it came in. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Fields of a form, where it is one. */
  readonly form: ReadonlyMap<string, string | FormFile>;
  readonly authorization: string | undefined;
}

export interface FormFile {
  readonly filename: string;
  readonly data: Buffer;
}

/** What is answered: JSON, or texts to be spoken, one after another, as one WAV. */
export type Answer =
  | { readonly status?: number; readonly json: unknown }
  | {
      readonly texts: readonly string[];
      readonly voice: string;
      readonly language: string;
      readonly speed: number;
      /** Each is sent when it is made; else all of them together. */
      readonly streams: boolean;
    };

/** One of the servers that there are, by its interface. */
export type Dialect = (machine: ChatterboxMachine, call: Call) => Answer | undefined;

/** A text in parts of about so many letters, at its sentences. */
export function chunksOf(text: string, size: number): readonly string[] {
  const chunks: string[] = [];
  for (const sentence of text.split(/(?<=[.!?])\s+/)) {
    const last = chunks.at(-1);
    if (last !== undefined && last.length + sentence.length < size)
      chunks[chunks.length - 1] = `${last} ${sentence}`;
    else chunks.push(sentence);
  }
  return chunks;
}

export const numberIn = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;
