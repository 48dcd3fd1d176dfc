/** Characters of one text: hours of speech. */
const LONGEST = 200_000;

/** A text that comes in parts; one reader takes them as they come. */
export class TextQueue implements AsyncIterable<string> {
  readonly #parts: string[] = [];
  #length = 0;
  #isOver = false;
  #wake = (): void => {};

  /** @returns false: the text is longer than any that is worth speaking, and this part was not taken */
  push(part: string): boolean {
    this.#length += part.length;
    if (this.#length > LONGEST) return false;
    if (!this.#isOver) this.#parts.push(part);
    this.#wake();
    return true;
  }

  /** Nothing more comes. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const part = this.#parts.shift();
      if (part !== undefined) yield part;
      else if (this.#isOver) return;
      else {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        await promise;
      }
    }
  }
}
