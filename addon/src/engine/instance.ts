import type { PollTask, Session, Tier, Watch } from '../contract/source.ts';
import { type Backoff, waitAfter } from '../core/backoff.ts';
import { type Clock, pause } from '../core/clock.ts';
import { asLabError, LabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { LabResource } from '../kinds/index.ts';

/** Seconds between two reads of a tier. */
export type Intervals = Readonly<Record<Tier, number>>;

const BACKOFF: Backoff = { first: 1_000, most: 60_000 };
/** Wrong credentials stay wrong until somebody changes them, and many systems lock the account. */
const PATIENT: Backoff = { first: 60_000, most: 900_000 };
/** A stream that was cut is opened again at once; only when that fails too the system counts as gone. */
const FAILURES_TILL_DOWN = 2;
/** One that stood for less was not up: opening it again at once, again and again, would be a storm. */
const STABLE_MS = 30_000;

/** Rates need two reads; nobody wants to look at "unknown" for a minute after the start. */
const EARLY_READS = 2;
const EARLY_MS = 3_000;

export interface InstanceParts {
  readonly session: Session;
  readonly intervals: Intervals;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** A watch stands and has read everything; `reachable`: so do all others. */
  readonly onWatching: (resources: readonly LabResource[], reachable: boolean) => void;
  /** The system does not answer any more. */
  readonly onLost: () => void;
}

/** Keeps one system's watches running and its tasks polled. A failure of it touches no other instance. */
export class Instance {
  readonly #parts: InstanceParts;
  readonly #stop = new AbortController();
  /** Watches that do not run: at first all of them. */
  readonly #down = new Set<string>();
  #runs: Promise<unknown> = Promise.resolve();
  #state: 'starting' | 'reachable' | 'lost' = 'starting';

  constructor(parts: InstanceParts) {
    this.#parts = parts;
  }

  get session(): Session {
    return this.#parts.session;
  }

  start(): void {
    const { session } = this.#parts;
    for (const { name } of session.watches) this.#down.add(name);
    this.#runs = Promise.all([
      ...session.watches.map((watch) => this.#keepWatching(watch)),
      ...session.tasks.map((task) => this.#keepPolling(task)),
    ]);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#parts.session.close();
    await this.#runs;
  }

  async #keepWatching(watch: Watch): Promise<void> {
    const { signal } = this.#stop;
    const { clock } = this.#parts;
    let failures = 0;
    while (!signal.aborted) {
      let standsSince = Number.POSITIVE_INFINITY;
      try {
        await watch.run(signal, (resources) => {
          standsSince = clock.elapsed();
          this.#isUp(watch.name, resources);
        });
        if (!signal.aborted) throw new LabError('unreachable', `${watch.name}: the stream ended`);
      } catch (thrown) {
        if (signal.aborted) return;
        failures = clock.elapsed() - standsSince >= STABLE_MS ? 1 : failures + 1;
        const error = asLabError(thrown);
        if (failures >= FAILURES_TILL_DOWN || error.next === 'ask') this.#isDown(watch.name, error);
        // A stream that was cut is opened again at once; refused credentials are not.
        const waits = error.next === 'ask' ? failures : failures - 1;
        if (waits > 0) await this.#wait(waits, error);
      }
    }
  }

  async #keepPolling(task: PollTask): Promise<void> {
    const { intervals, clock, random } = this.#parts;
    const { signal } = this.#stop;
    const interval = intervals[task.tier] * 1_000;
    let failures = 0;
    let reads = 0;
    while (!signal.aborted) {
      // Jitter: many instances with the same interval do not ask in the same moment for ever.
      const wait = (reads < EARLY_READS ? Math.min(EARLY_MS, interval) : interval) * (0.9 + random() * 0.2);
      await pause(clock, wait, signal);
      // While the system is gone, the watches find out when it is back.
      if (signal.aborted || this.#down.size > 0) continue;
      try {
        await task.run(signal);
        failures = 0;
        reads += 1;
      } catch (thrown) {
        if (signal.aborted) return;
        failures += 1;
        const error = asLabError(thrown);
        this.#parts.log[failures === 1 ? 'warn' : 'debug'](`${task.name}: ${error.message}`, {
          code: error.code,
        });
        await this.#wait(failures, error);
      }
    }
  }

  #wait(failures: number, error: LabError): Promise<void> {
    const backoff = error.next === 'ask' ? PATIENT : BACKOFF;
    return pause(this.#parts.clock, waitAfter(failures, backoff, this.#parts.random()), this.#stop.signal);
  }

  #isUp(watch: string, resources: readonly LabResource[]): void {
    const { log, onWatching } = this.#parts;
    this.#down.delete(watch);
    const reachable = this.#down.size === 0;
    onWatching(resources, reachable);
    if (!reachable || this.#state === 'reachable') return;
    log.info(this.#state === 'starting' ? `connected, ${resources.length} things found` : 'reachable again');
    this.#state = 'reachable';
  }

  #isDown(watch: string, error: LabError): void {
    this.#down.add(watch);
    if (this.#state === 'lost') return;
    this.#state = 'lost';
    this.#parts.log.warn(`${error.message}${error.hint ? `; ${error.hint}` : ''}`, { code: error.code });
    this.#parts.onLost();
  }
}
