/** Work that must not go on at the same time: one after another in each line. */
export class Lines {
  readonly #ends = new Map<string, Promise<unknown>>();

  /** Runs when all that came before in this line is over. */
  run<T>(line: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#ends.get(line) ?? Promise.resolve()).then(work);
    const end = result.catch(() => {});
    this.#ends.set(line, end);
    void end.then(() => {
      if (this.#ends.get(line) === end) this.#ends.delete(line);
    });
    return result;
  }
}
