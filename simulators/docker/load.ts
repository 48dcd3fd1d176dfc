/** What a running container uses at one moment. */
export interface Load {
  /** CPU cores kept busy: 0.5 is half of one. */
  readonly cores: number;
  /** Bytes, without the page cache. */
  readonly memory: number;
  /** Bytes a second, each. */
  readonly received: number;
  readonly sent: number;
  readonly read: number;
  readonly written: number;
}

/** @param at milliseconds since 1970 */
export type LoadCurve = (at: number) => Load;

const IDLE: Load = { cores: 0.002, memory: 24 * 1024 ** 2, received: 40, sent: 30, read: 0, written: 200 };

export function steady(load: Partial<Load> = {}): LoadCurve {
  const complete = { ...IDLE, ...load };
  return () => complete;
}

/** However long nobody looked, no more than this many points of the curve are taken. */
const MOST_STEPS = 100;
const STEP_MS = 5_000;

/** What the kernel counts from a container's start on: the load added up over the time that it ran. */
export class Counters {
  /** Nanoseconds. */
  cpu = 0;
  /** Bytes, each. */
  received = 0;
  sent = 0;
  read = 0;
  written = 0;
  #until: number;

  constructor(startedAt: number) {
    this.#until = startedAt;
  }

  /** Counts on to `at`. */
  advance(at: number, curve: LoadCurve): void {
    const elapsed = at - this.#until;
    if (elapsed <= 0) return;
    const steps = Math.min(MOST_STEPS, Math.ceil(elapsed / STEP_MS));
    const seconds = elapsed / steps / 1_000;
    for (let step = 0; step < steps; step += 1) {
      const load = curve(this.#until + (step + 0.5) * seconds * 1_000);
      this.cpu += load.cores * seconds * 1e9;
      this.received += load.received * seconds;
      this.sent += load.sent * seconds;
      this.read += load.read * seconds;
      this.written += load.written * seconds;
    }
    this.#until = at;
  }

  /** Leaves out the time up to `at`, in which the container was paused. */
  skip(at: number): void {
    this.#until = at;
  }
}
