const MOST_LINES = 2_000;
const MOST_CHARACTERS = 400_000;

/** A line as it was logged, with a number that grows by one with each. */
export interface LoggedLine {
  readonly seq: number;
  readonly text: string;
}

/** The last lines of our own log, secrets taken out as in all of it: to be shown to people while it runs. */
export class LogTail {
  readonly #lines: LoggedLine[] = [];
  #seq = 0;
  #characters = 0;

  /** @param line with its line break */
  add(line: string): void {
    const text = line.trimEnd();
    this.#seq += 1;
    this.#lines.push({ seq: this.#seq, text });
    this.#characters += text.length;
    while (this.#lines.length > MOST_LINES || this.#characters > MOST_CHARACTERS) {
      this.#characters -= this.#lines.shift()?.text.length ?? 0;
    }
  }

  /** The lines behind the one with this number, the newest of them if there are more. */
  after(seq: number, most: number): readonly LoggedLine[] {
    return this.#lines.filter((line) => line.seq > seq).slice(-most);
  }
}
