import type { Clock } from '../../addon/src/core/clock.ts';
import type { Chance } from './chance.ts';
import { encodeUpid, type Upid } from './upid.ts';

const INTERRUPTED = 'received interrupt';

/** A worker on a node, and after its end what is kept of it. */
export class SimTask {
  readonly upid: string;
  readonly about: Upid;
  readonly lines: string[] = [];
  /** Seconds since 1970; undefined while it runs. */
  endtime: number | undefined;
  /** `OK`, `WARNINGS: 1` or an error. A worker that died with its node never says. */
  exitstatus: string | undefined;
  readonly #clock: Clock;
  readonly #waiting = new Set<(error: Error) => void>();
  #warnings = 0;

  constructor(about: Upid, clock: Clock) {
    this.about = about;
    this.upid = encodeUpid(about);
    this.#clock = clock;
  }

  get running(): boolean {
    return this.endtime === undefined;
  }

  /** A line of its log. */
  say(line: string): void {
    this.lines.push(line);
  }

  warn(line: string): void {
    this.#warnings += 1;
    this.say(`WARN: ${line}`);
  }

  /** Rejects when the task is stopped meanwhile. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const stopped = (error: Error): void => {
        cancel();
        reject(error);
      };
      const cancel = this.#clock.after(ms, () => {
        this.#waiting.delete(stopped);
        resolve();
      });
      this.#waiting.add(stopped);
    });
  }

  /** What `DELETE` on a task does: it ends where it waits next, or waits now. */
  interrupt(): void {
    this.#abort(new Error(INTERRUPTED));
  }

  /** Its node is gone: it ends without a word. */
  vanish(): void {
    if (!this.running) return;
    this.endtime = this.#now();
    this.exitstatus = 'unexpected status';
    this.#abort(new Error('gone'));
  }

  /** @param error undefined: it went well */
  end(error?: Error): void {
    if (!this.running) return;
    this.endtime = this.#now();
    const [reason] = (error?.message ?? '').split('\n');
    if (error !== undefined) {
      this.exitstatus = reason ?? '';
      this.say(`TASK ERROR: ${reason}`);
    } else if (this.#warnings > 0) {
      this.exitstatus = `WARNINGS: ${this.#warnings}`;
      this.say(`TASK WARNINGS: ${this.#warnings}`);
    } else {
      this.exitstatus = 'OK';
      this.say('TASK OK');
    }
  }

  #abort(error: Error): void {
    for (const stop of [...this.#waiting]) stop(error);
    this.#waiting.clear();
  }

  #now(): number {
    return Math.floor(this.#clock.now() / 1_000);
  }
}

export interface Work {
  readonly node: string;
  readonly type: string;
  readonly id: string;
  readonly user: string;
  /** What it does; whatever it throws is its exit status. */
  readonly run: (task: SimTask) => Promise<void> | void;
}

/** How many ended tasks are kept a cluster. */
const KEPT = 2_000;

/** All tasks of a cluster. */
export class TaskBoard {
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #bootedAt: (node: string) => number;
  readonly #tasks = new Map<string, SimTask>();

  /** @param bootedAt of a node, milliseconds since 1970 */
  constructor(clock: Clock, chance: Chance, bootedAt: (node: string) => number) {
    this.#clock = clock;
    this.#chance = chance;
    this.#bootedAt = bootedAt;
  }

  /** The newest first. */
  get all(): readonly SimTask[] {
    return [...this.#tasks.values()].reverse();
  }

  find(upid: string): SimTask | undefined {
    return this.#tasks.get(upid);
  }

  /** Forks a worker; it has begun when this returns. */
  start({ node, type, id, user, run }: Work): SimTask {
    const now = this.#clock.now();
    const pstart = Math.max(0, Math.floor((now - this.#bootedAt(node)) / 10));
    // Two workers of one moment still have two process ids.
    const pid = 1_000 + Math.floor(this.#chance.next() * 4_000_000);
    const about = { node, pid, pstart, starttime: Math.floor(now / 1_000), type, id, user };
    const task = new SimTask(about, this.#clock);
    this.#add(task);
    void this.#follow(task, run);
    return task;
  }

  /**
   * One that ended before the simulation began.
   *
   * @param startedAt milliseconds since 1970
   */
  remember(
    work: Omit<Work, 'run'>,
    startedAt: number,
    ms: number,
    exitstatus: string,
    log: readonly string[],
  ): SimTask {
    const pid = 1_000 + Math.floor(this.#chance.next() * 4_000_000);
    const pstart = Math.max(0, Math.floor((startedAt - this.#bootedAt(work.node)) / 10));
    const { node, type, id, user } = work;
    const about = { node, pid, pstart, starttime: Math.floor(startedAt / 1_000), type, id, user };
    const task = new SimTask(about, this.#clock);
    task.lines.push(...log, exitstatus === 'OK' ? 'TASK OK' : `TASK ERROR: ${exitstatus}`);
    task.endtime = Math.floor((startedAt + ms) / 1_000);
    task.exitstatus = exitstatus;
    this.#add(task);
    return task;
  }

  async #follow(task: SimTask, run: Work['run']): Promise<void> {
    try {
      await run(task);
      task.end();
    } catch (thrown) {
      task.end(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  #add(task: SimTask): void {
    this.#tasks.set(task.upid, task);
    if (this.#tasks.size <= KEPT) return;
    for (const [upid, old] of this.#tasks) {
      if (old.running) continue;
      this.#tasks.delete(upid);
      return;
    }
  }
}
