/** Has a few do something at a time, and the others wait in the order in which they came. */
export class Turns {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** Is told when somebody came, or was done. */
  onChange = (): void => {};

  constructor(most: number) {
    this.#most = most;
  }

  /** Who has their turn, and who waits for it. */
  get length(): number {
    return this.#running + this.#waiting.length;
  }

  get running(): number {
    return this.#running;
  }

  /**
   * Resolves when it is one's turn.
   *
   * @returns to be called when done
   * @throws the reason of the signal; then there is nothing to be done
   */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#running >= this.#most) await this.#turn(signal);
    else this.#running += 1;
    this.onChange();
    let isDone = false;
    return () => {
      if (isDone) return;
      isDone = true;
      const next = this.#waiting.shift();
      // Whoever is next has the turn at once: nobody gets in between.
      if (next === undefined) this.#running -= 1;
      else next();
      this.onChange();
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      const at = this.#waiting.indexOf(resolve);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      this.onChange();
      reject(signal.reason);
    };
    this.#waiting.push(resolve);
    signal.addEventListener('abort', leave);
    return promise.finally(() => signal.removeEventListener('abort', leave));
  }
}
