/** How many requests a node may be busy with at once: its web server has few workers, and other clients. */
const WIDTH = 2;

/** Lets at most two at a time go on, a node; the others wait in their order. */
export class Lanes {
  readonly #busy = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  async run<T>(node: string, work: () => Promise<T>): Promise<T> {
    await this.#enter(node);
    try {
      return await work();
    } finally {
      this.#leave(node);
    }
  }

  async #enter(node: string): Promise<void> {
    const busy = this.#busy.get(node) ?? 0;
    if (busy < WIDTH) {
      this.#busy.set(node, busy + 1);
      return;
    }
    const waiting = this.#waiting.get(node) ?? [];
    this.#waiting.set(node, waiting);
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  /** Whoever waits longest takes the place over. */
  #leave(node: string): void {
    const next = this.#waiting.get(node)?.shift();
    if (next !== undefined) {
      next();
      return;
    }
    const busy = (this.#busy.get(node) ?? 1) - 1;
    if (busy > 0) this.#busy.set(node, busy);
    else this.#busy.delete(node);
    this.#waiting.delete(node);
  }
}
