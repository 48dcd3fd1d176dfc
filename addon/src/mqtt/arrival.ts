import type { Clock } from '../core/clock.ts';
import type { Rival } from './rival.ts';

/** No retained message for so long: the broker has told them all. */
const QUIET_MS = 300;
/** A broker that does not give our question back, or does not stop telling, is not waited for any longer. */
const PATIENCE_MS = 10_000;
/** Somebody who is there answers within this. */
const ANSWER_MS = 1_000;

export interface ArrivalParts {
  readonly clock: Clock;
  readonly rival: Rival;
  /** The broker has told what it holds, and nobody else has our topics. */
  readonly onArrived: () => void;
}

/**
 * From a connection to the first word: who else is there, and what does the broker hold? Our own question comes back
 * behind most of what the broker kept for us; brokers that send that on the side are given some time of quiet.
 */
export class Arrival {
  readonly #parts: ArrivalParts;
  #cancel: () => void = () => {};
  #arriving = false;
  #isSaidOnline = false;
  #wasHere = false;
  #echoed = false;
  #askedAt = 0;
  #heardAt = 0;

  constructor(parts: ArrivalParts) {
    this.#parts = parts;
  }

  /** The connection stands and everything is subscribed. */
  begin(): void {
    const { clock, rival } = this.#parts;
    this.#arriving = true;
    this.#echoed = false;
    this.#askedAt = clock.elapsed();
    this.#heardAt = this.#askedAt;
    rival.ask(() => {
      this.#echoed = true;
    });
    this.#look();
  }

  /** The connection is gone. */
  abort(): void {
    this.#cancel();
    this.#arriving = false;
    this.#isSaidOnline = false;
  }

  /** The broker told something that it had kept. */
  heardKept(): void {
    this.#heardAt = this.#parts.clock.elapsed();
  }

  /** What the broker has kept as the last word of whoever used our topics. */
  heardBridge(payload: string): void {
    this.heardKept();
    this.#isSaidOnline = payload === 'online';
  }

  #look(): void {
    const { clock, rival, onArrived } = this.#parts;
    if (!this.#arriving || rival.lost) return;
    const now = clock.elapsed();
    // Said by ourselves before the connection broke, it needs no answer; said by somebody else it may be out of date.
    const answered = this.#wasHere || !this.#isSaidOnline || now - this.#askedAt >= ANSWER_MS;
    const quiet = this.#echoed && now - this.#heardAt >= QUIET_MS;
    if ((answered && quiet) || now - this.#askedAt >= PATIENCE_MS) {
      this.#arriving = false;
      this.#wasHere = true;
      rival.settle();
      onArrived();
      return;
    }
    this.#cancel = clock.after(QUIET_MS / 3, () => this.#look());
  }
}
