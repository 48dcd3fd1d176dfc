/** Sound that is made whether somebody listens already or not; one listener takes it as it comes. */
export class Making implements AsyncIterable<Buffer> {
  readonly #parts: Buffer[] = [];
  #failure: unknown;
  #isOver = false;
  #wake = (): void => {};

  /** @param make hands in sound in whole samples, as it comes */
  constructor(make: (push: (sound: Buffer) => void) => Promise<void>) {
    const push = (sound: Buffer): void => {
      this.#parts.push(sound);
      this.#wake();
    };
    make(push)
      .catch((thrown: unknown) => {
        this.#failure = thrown;
      })
      .finally(() => {
        this.#isOver = true;
        this.#wake();
      });
  }

  /** Throws why it could not be made, behind what was. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      const part = this.#parts.shift();
      if (part !== undefined) yield part;
      else if (this.#failure !== undefined) throw this.#failure;
      else if (this.#isOver) return;
      else {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        await promise;
      }
    }
  }
}
