import type { Clock } from '../../core/clock.ts';

interface Waiting {
  readonly who: string;
  readonly isUrgent: boolean;
  readonly begin: () => void;
}

/** Nobody speaks for so long: who has the turn was forgotten. */
const MOST_MS = 1_200_000;

/** Lets one speak at a time: in the order in which they came, who is urgent before the others. */
export class Line {
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #speaker: string | undefined;
  #cancel = (): void => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves when it is one's turn; at once for who has it.
   *
   * @throws the reason of the signal; then there is nothing to be done
   */
  async turn(who: string, isUrgent: boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#speaker === who) return;
    if (this.#speaker === undefined) this.#begin(who);
    else await this.#wait(who, isUrgent, signal);
  }

  leave(who: string): void {
    if (this.#speaker !== who) return;
    this.#cancel();
    this.#speaker = undefined;
    // Whoever is next has the turn at once: nobody gets in between.
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#begin(next.who);
    next.begin();
  }

  #begin(who: string): void {
    this.#speaker = who;
    this.#cancel = this.#clock.after(MOST_MS, () => this.leave(who));
  }

  #wait(who: string, isUrgent: boolean, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const own: Waiting = { who, isUrgent, begin: resolve };
    const first = this.#waiting.findIndex((other) => isUrgent && !other.isUrgent);
    this.#waiting.splice(first < 0 ? this.#waiting.length : first, 0, own);
    const leave = (): void => {
      const at = this.#waiting.indexOf(own);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave);
    return promise.finally(() => signal.removeEventListener('abort', leave));
  }
}
