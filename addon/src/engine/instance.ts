import type { PollTask, Session, Tier, Watch } from '../contract/source.ts';
import { type Backoff, waitAfter } from '../core/backoff.ts';
import { type Clock, pause } from '../core/clock.ts';
import { asAnswerError, LabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Meter } from '../core/meter.ts';
import type { LabResource } from '../kinds/index.ts';

/** Seconds between two reads of a tier. */
export type Intervals = Readonly<Record<Tier, number>>;

const BACKOFF: Backoff = { first: 1_000, most: 60_000 };
/** Wrong credentials stay wrong until somebody changes them, and many systems lock the account. */
const PATIENT: Backoff = { first: 60_000, most: 900_000 };
/** A stream that was cut is opened again at once; only when that fails too the system counts as gone. */
const FAILURES_TILL_DOWN = 2;
/** What failed so often from the start is not about to be read: nobody has to wait for it. */
const FAILURES_TILL_GIVEN_UP = 3;
/** One that stood for less was not up: opening it again at once, again and again, would be a storm. */
const STABLE_MS = 30_000;

/** Rates need two reads; nobody wants to look at "unknown" for a minute after the start. */
const EARLY_READS = 2;
const EARLY_MS = 3_000;
/** One that takes longer than this to answer when it is asked counts as silent. */
const ASKED_MS = 20_000;
/** What is read less often than this tells no rates. */
const NO_RATES_MS = 120_000;

export interface InstanceParts {
  readonly session: Session;
  readonly intervals: Intervals;
  /** Calls a minute that polling may cost, on average. */
  readonly budget: number;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /**
   * A watch stands and has read everything, or, without `resources`, a vital task has read and published.
   * `reachable`: so did all others.
   */
  readonly onHeard: (resources: readonly LabResource[] | undefined, reachable: boolean) => void;
  /** The system does not answer any more. */
  readonly onLost: () => void;
}

/** `starting`: it was not heard in this run, and not given up. */
export type InstanceState = 'starting' | 'reachable' | 'lost';

/** Keeps one system's watches running and its tasks polled. A failure of it touches no other instance. */
export class Instance {
  readonly #parts: InstanceParts;
  readonly #stop = new AbortController();
  /** Watches that do not run and vital tasks that fail: at first all of them. */
  readonly #down = new Set<string>();
  /** Calls a minute that each task would take at the pace that it wants, by name. */
  readonly #wanted = new Map<string, number>();
  /** Watches and tasks that were not read yet in this run. */
  readonly #unread = new Set<string>();
  /** Tasks whose last read failed. */
  readonly #failing = new Set<string>();
  #runs: Promise<unknown> = Promise.resolve();
  /** The last run of each vital task that was begun, by name. */
  readonly #begun = new Map<string, Promise<void>>();
  #state: InstanceState = 'starting';
  #trouble: LabError | undefined;
  /** Aborted to end the waits of what failed. */
  #hurry = new AbortController();

  constructor(parts: InstanceParts) {
    this.#parts = parts;
  }

  get session(): Session {
    return this.#parts.session;
  }

  get reachable(): boolean {
    return this.#state === 'reachable';
  }

  get state(): InstanceState {
    return this.#state;
  }

  /** What keeps it from being reachable; undefined: nothing, or nothing yet. */
  get trouble(): LabError | undefined {
    return this.#trouble;
  }

  /** Names of what was not read yet in this run and is likely to be soon. */
  get unread(): readonly string[] {
    return [...this.#unread];
  }

  /** Names of what could not be read the last time. */
  get failing(): readonly string[] {
    return [...this.#failing];
  }

  start(): void {
    const { session } = this.#parts;
    for (const { name } of session.watches) this.#unread.add(name);
    for (const { name, endless } of session.tasks) if (!endless) this.#unread.add(name);
    for (const { name } of session.watches) this.#down.add(name);
    for (const { name, vital } of session.tasks) if (vital) this.#down.add(name);
    this.#runs = Promise.all([
      ...session.watches.map((watch) => this.#keepWatching(watch)),
      ...session.tasks.map((task) => this.#keepPolling(task)),
    ]);
  }

  /**
   * Whether the system answers now, however long ago it was heard; undefined: it cannot be asked.
   *
   * @param signal aborted, it counts as silent
   */
  async answers(signal: AbortSignal): Promise<boolean | undefined> {
    const asked = await this.ask(signal);
    return asked && asked.error === undefined;
  }

  /**
   * Asks the system now. One that answers although it was lost is not waited for any longer.
   *
   * @param signal aborted, it counts as silent
   * @returns why it does not answer, if so; undefined: it cannot be asked
   */
  async ask(signal: AbortSignal): Promise<{ readonly error: LabError | undefined } | undefined> {
    const { session, clock } = this.#parts;
    const vital = session.tasks.filter((task) => task.vital);
    if (session.ask === undefined && vital.length === 0) return undefined;
    const over = new AbortController();
    const asked = AbortSignal.any([signal, this.#stop.signal, over.signal]);
    const all = session.ask?.(asked) ?? Promise.all(vital.map((task) => this.#once(task, asked)));
    const answer = all.then(() => undefined, asAnswerError);
    const late = pause(clock, ASKED_MS, asked).then(
      () => new LabError('deadline_passed', `it does not answer within ${ASKED_MS / 1_000} seconds`),
    );
    const error = await Promise.race([answer, late]);
    over.abort();
    if (error === undefined && this.#state === 'lost') this.#hurry.abort();
    return { error };
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
          this.#unread.delete(watch.name);
          this.#isUp(watch.name, resources);
        });
        if (!signal.aborted) throw new LabError('unreachable', `${watch.name}: the stream ended`);
      } catch (thrown) {
        if (signal.aborted) return;
        failures = clock.elapsed() - standsSince >= STABLE_MS ? 1 : failures + 1;
        const error = asAnswerError(thrown);
        this.#parts.meter.fault(error);
        if (failures >= FAILURES_TILL_DOWN || error.next === 'ask') this.#isDown(watch.name, error);
        // A stream that was cut is opened again at once; refused credentials are not.
        const waits = error.next === 'ask' ? failures : failures - 1;
        if (waits > 0) await this.#wait(waits, error);
      }
    }
  }

  async #keepPolling(task: PollTask): Promise<void> {
    const { meter, log } = this.#parts;
    const { signal } = this.#stop;
    let failures = 0;
    let reads = 0;
    /** Calls that the last run took. What ran beside it counts too, so the cheaper one of the last two tells. */
    let cost = 0;
    let taken = Number.POSITIVE_INFINITY;
    while (!signal.aborted) {
      // A system that is gone shall be found as soon as it is back, and a new one at once.
      const eager = task.vital === true && (reads === 0 || failures > 0);
      if (!eager) await pause(this.#parts.clock, this.#interval(task, reads, cost), signal);
      // While the system is gone, the watches and vital tasks find out when it is back.
      if (signal.aborted || (this.#down.size > 0 && !task.vital)) continue;
      const before = meter.calls;
      try {
        await this.#once(task, signal);
        cost = Math.min(taken, meter.calls - before);
        taken = meter.calls - before;
        failures = 0;
        reads += 1;
        this.#unread.delete(task.name);
        this.#failing.delete(task.name);
        if (task.vital) this.#isUp(task.name, undefined);
      } catch (thrown) {
        if (signal.aborted) return;
        failures += 1;
        if (!task.endless) this.#failing.add(task.name);
        if (failures >= FAILURES_TILL_GIVEN_UP) this.#unread.delete(task.name);
        const error = asAnswerError(thrown);
        if (task.vital && (failures >= FAILURES_TILL_DOWN || reads === 0 || error.next === 'ask')) {
          this.#isDown(task.name, error);
        } else {
          log[failures === 1 ? 'warn' : 'debug'](`${task.name}: ${toldOf(error)}`, { code: error.code });
        }
        await this.#wait(failures, error);
      }
    }
  }

  /** Runs a task once no earlier run of it goes on. */
  #once(task: PollTask, signal: AbortSignal): Promise<void> {
    if (!task.vital) return task.run(signal);
    const before = this.#begun.get(task.name);
    const run = before === undefined ? task.run(signal) : before.catch(() => {}).then(() => task.run(signal));
    this.#begun.set(task.name, run);
    return run.finally(() => {
      if (this.#begun.get(task.name) === run) this.#begun.delete(task.name);
    });
  }

  /** Milliseconds until a task's next read. */
  #interval({ name, tier, everySeconds }: PollTask, reads: number, cost: number): number {
    const { intervals, budget, random } = this.#parts;
    const seconds = typeof everySeconds === 'function' ? everySeconds() : everySeconds;
    const wished = (seconds ?? intervals[tier]) * 1_000;
    this.#wanted.set(name, (cost / wished) * 60_000);
    // Where all of them together would take too much, each waits longer by the same part.
    const wanted = [...this.#wanted.values()].reduce((sum, calls) => sum + calls, 0);
    const isEarly = reads < (wished > NO_RATES_MS ? 1 : EARLY_READS);
    const wait = isEarly ? Math.min(EARLY_MS, wished) : wished * Math.max(1, wanted / budget);
    // Jitter: many instances with the same interval do not ask in the same moment for ever.
    return wait * (0.9 + random() * 0.2);
  }

  #wait(failures: number, error: LabError): Promise<void> {
    const backoff = error.next === 'ask' ? PATIENT : BACKOFF;
    if (this.#hurry.signal.aborted) this.#hurry = new AbortController();
    const ended = AbortSignal.any([this.#stop.signal, this.#hurry.signal]);
    return pause(this.#parts.clock, waitAfter(failures, backoff, this.#parts.random()), ended);
  }

  #isUp(name: string, resources: readonly LabResource[] | undefined): void {
    const { log, onHeard } = this.#parts;
    this.#down.delete(name);
    const reachable = this.#down.size === 0;
    const before = this.#state;
    if (reachable) {
      this.#state = 'reachable';
      this.#trouble = undefined;
    }
    onHeard(resources, reachable);
    if (before === this.#state) return;
    const found = resources === undefined ? '' : `, ${resources.length} things found`;
    log.info(before === 'starting' ? `connected${found}` : 'reachable again');
  }

  #isDown(name: string, error: LabError): void {
    this.#down.add(name);
    this.#trouble = error;
    if (this.#state === 'lost') return;
    this.#state = 'lost';
    this.#parts.log.warn(toldOf(error), { code: error.code });
    this.#parts.onLost();
  }
}

/** What happened, and what a person can do about it. */
const toldOf = ({ message, hint }: LabError): string =>
  hint === undefined ? message : `${message}; ${hint}`;
