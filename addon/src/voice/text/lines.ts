/** A part of a text: words, or the end of a paragraph. */
export type LinePart = { readonly text: string } | 'end';

/** From so many letters on it is clear what a line begins with. */
const CLEAR = 8;
const FENCE = /^\s*(?:```|~~~)/;
const RULE = /^[\s\-*_=]{3,}$/;
const TABLE_RULE = /^[\s|:-]+$/;
const HEADING = /^\s{0,3}#{1,6}\s+/;
const ITEM = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/;
const QUOTE = /^\s*(?:>\s?)+/;

/**
 * Takes a text with Markdown line by line, as far as it has come: what is in blocks of code goes, and what stands by itself
 * (headings, items, rows of tables) becomes a paragraph.
 */
export class Lines {
  /** What has come of a line and is not used yet. */
  #line = '';
  /** What the line begins with has been looked at, and the rest is words. */
  #isOpen = false;
  #isCode = false;
  /** The line that is open stands by itself. */
  #isAlone = false;

  push(text: string): readonly LinePart[] {
    const parts: LinePart[] = [];
    const lines = text.split(/\r\n|\r|\n/);
    for (const [at, line] of lines.entries()) {
      this.#line += line;
      parts.push(...this.#use(at < lines.length - 1));
    }
    return parts;
  }

  end(): readonly LinePart[] {
    return [...this.#use(true), 'end'];
  }

  #use(isWhole: boolean): readonly LinePart[] {
    if (!this.#isOpen) {
      const begin = this.#line.trimStart();
      if (
        !isWhole &&
        (begin.length < CLEAR || begin.startsWith('|') || RULE.test(this.#line) || this.#isCode)
      )
        return [];
      const parts = this.#open();
      if (isWhole) this.#close(parts);
      return parts;
    }
    const parts: LinePart[] = [{ text: this.#line }];
    this.#line = '';
    if (isWhole) this.#close(parts);
    return parts;
  }

  #open(): LinePart[] {
    const line = this.#line;
    this.#line = '';
    this.#isOpen = true;
    this.#isAlone = false;
    if (FENCE.test(line)) {
      this.#isCode = !this.#isCode;
      return ['end'];
    }
    if (this.#isCode) return [];
    if (line.trim() === '' || RULE.test(line) || TABLE_RULE.test(line)) return ['end'];
    if (line.trimStart().startsWith('|')) return this.#alone(cellsOf(line));
    if (HEADING.test(line)) return this.#alone(line.replace(HEADING, '').replace(/\s#+\s*$/, ''));
    if (ITEM.test(line)) return this.#alone(line.replace(ITEM, ''));
    return [{ text: line.replace(QUOTE, '') }];
  }

  #alone(text: string): LinePart[] {
    this.#isAlone = true;
    return ['end', { text }];
  }

  #close(parts: LinePart[]): void {
    parts.push(this.#isAlone ? 'end' : { text: ' ' });
    this.#isOpen = false;
  }
}

const cellsOf = (row: string): string =>
  row
    .split('|')
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '')
    .join(', ');
