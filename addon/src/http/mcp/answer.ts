import { asLabError, type LabError } from '../../core/errors.ts';
import { errorBody } from '../errors.ts';

/** Characters of one answer: whoever reads it pays for each. */
const MOST_CHARACTERS = 24_000;

export interface ToolAnswer {
  readonly content: { readonly type: 'text'; readonly text: string }[];
  readonly isError?: true;
  readonly [key: string]: unknown;
}

/** An answer as JSON: whatever the lab said stands in it as quoted text. */
export function answerOf(data: unknown): ToolAnswer {
  const text = JSON.stringify(data);
  if (text.length <= MOST_CHARACTERS) return { content: [{ type: 'text', text }] };
  const cut = { cut: `the first ${MOST_CHARACTERS} of ${text.length} characters; ask for less at once` };
  return {
    content: [
      { type: 'text', text: JSON.stringify(cut) },
      { type: 'text', text: text.slice(0, MOST_CHARACTERS) },
    ],
  };
}

/** A refusal in the words that every door has for it. */
export function refusalOf(thrown: unknown): ToolAnswer {
  const error: LabError = asLabError(thrown);
  return { content: [{ type: 'text', text: JSON.stringify(errorBody(error)) }], isError: true };
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Names the next page; undefined: this is the last one. */
  readonly next: string | undefined;
}

/** A piece of a list, from where `cursor` says. @throws LabError never: what is no cursor begins at the beginning */
export function pageOf<T>(all: readonly T[], cursor: string | undefined, size: number): Page<T> {
  const from = /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 0;
  const end = from + size;
  return { items: all.slice(from, end), next: end < all.length ? String(end) : undefined };
}
