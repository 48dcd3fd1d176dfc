import { Lines } from './lines.ts';
import { sentenceEnds } from './sentences.ts';
import { isSayable, speakable } from './speakable.ts';

/** Letters of a piece. What is shorter is said with what comes next: by themselves, models add sounds to single words. */
const SHORTEST = 16;
/** What is longer takes long, and models lose themselves in it. */
const LONGEST = 280;
/** The first sound comes when the first piece is made: of a longer sentence only its beginning is taken. */
const FIRST_LONGEST = 90;
const FIRST_SHORTEST = 24;
/** Where there is no breath to take in that, the first one after it, if it is before this. */
const FIRST_LATEST = 140;
/** So much has to be known beyond that, to know that no sentence ends in it. */
const FIRST_AHEAD = 40;

/** Makes pieces of a text that comes in parts; the same ones wherever it was cut. */
export class Pieces {
  readonly #language: string;
  readonly #lines = new Lines();
  /** Of the paragraph under way, what is in no piece yet. */
  #text = '';
  /** Sayable, and too short to be a piece. */
  #short = '';
  #isFirst = true;

  /** @param language of the text, a code as in `de` */
  constructor(language: string) {
    this.#language = language;
  }

  /** @returns the pieces that are whole now, fit to be spoken */
  push(text: string): readonly string[] {
    return this.#take(this.#lines.push(text));
  }

  /** The rest. */
  end(): readonly string[] {
    const pieces = this.#take(this.#lines.end());
    const rest = this.#short;
    this.#short = '';
    return rest === '' ? pieces : [...pieces, rest];
  }

  #take(parts: ReturnType<Lines['push']>): readonly string[] {
    const pieces: string[] = [];
    for (const part of parts) {
      if (part === 'end') this.#endParagraph(pieces);
      else this.#text += part.text;
    }
    this.#endSentences(pieces);
    return pieces;
  }

  #endSentences(pieces: string[]): void {
    let start = 0;
    for (const end of sentenceEnds(this.#text, this.#language)) {
      this.#add(this.#text.slice(start, end), pieces);
      start = end;
    }
    this.#text = this.#text.slice(start);
    if (this.#isFirst && this.#text.length > FIRST_LATEST + FIRST_AHEAD) this.#text = this.#begun(pieces);
    // A sentence without an end would never be spoken.
    while (this.#text.length > 2 * LONGEST) {
      const cut = cutAt(this.#text, LONGEST);
      this.#add(this.#text.slice(0, cut), pieces);
      this.#text = this.#text.slice(cut);
    }
  }

  #endParagraph(pieces: string[]): void {
    this.#endSentences(pieces);
    const rest = this.#text;
    this.#text = '';
    // What ends without a mark ends all the same: without it headings and items would run into one another.
    this.#add(rest, pieces, true);
  }

  #add(sentence: string, pieces: string[], isEnd = false): void {
    const text = speakable(sentence);
    if (!isSayable(text)) return;
    const marked = isEnd && /[\p{L}\p{N}]$/u.test(text) ? `${text}.` : text;
    const between = /[。！？｡．、]$/u.test(this.#short) ? '' : ' ';
    const whole = this.#short === '' ? marked : `${this.#short}${between}${marked}`;
    this.#short = '';
    if (lengthOf(whole) < SHORTEST) {
      this.#short = whole;
      return;
    }
    pieces.push(...this.#parted(whole));
    this.#isFirst = false;
  }

  /** Long sentences in parts, the first of all a short one. */
  #parted(text: string): readonly string[] {
    const first = this.#isFirst && text.length > FIRST_LONGEST ? clauseEnd(text) : 0;
    const parts = first > 0 ? [text.slice(0, first).trim()] : [];
    let rest = text.slice(first).trim();
    while (rest.length > LONGEST) {
      const cut = cutAt(rest, LONGEST);
      parts.push(rest.slice(0, cut).trim());
      rest = rest.slice(cut).trim();
    }
    return [...parts, rest].filter(isSayable);
  }

  /** The first piece of all, before its sentence has ended. @returns the text without it */
  #begun(pieces: string[]): string {
    const cut = this.#short === '' ? clauseEnd(this.#text) : 0;
    if (cut === 0) return this.#text;
    this.#add(this.#text.slice(0, cut), pieces);
    return this.#text.slice(cut);
  }
}

/** Behind the mark at which a sentence takes a breath that suits a first piece best; 0: there is none. */
function clauseEnd(text: string): number {
  const breaths = [...text.slice(0, FIRST_LATEST).matchAll(/[,;:–—](?=\s)|[、，；：]/gu)]
    .map(({ index, 0: mark }) => index + mark.length)
    .filter((end) => end > FIRST_SHORTEST);
  return breaths.findLast((end) => end <= FIRST_LONGEST) ?? breaths[0] ?? 0;
}

/** Letters, as far as they tell how long a text is to be heard: signs that are words or syllables count for more. */
const lengthOf = (text: string): number =>
  text.length + 2 * (text.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu)?.length ?? 0);

/** Where to cut what is too long: at a breath, else between words, else anywhere but within a letter. */
function cutAt(text: string, longest: number): number {
  const begin = text.slice(0, longest);
  const breath = Math.max(
    ...[...begin.matchAll(/[,;:–—、，；：]\s*/gu)].map(({ index, 0: all }) => index + all.length),
    0,
  );
  if (breath > longest / 3) return breath;
  const space = begin.lastIndexOf(' ');
  if (space > longest / 3) return space + 1;
  return /[\ud800-\udbff]$/.test(begin) ? longest - 1 : longest;
}
