import type { ActionRequest, Ceiling, StepNote } from '../contract/action.ts';
import { pause } from '../core/clock.ts';
import { asLabError, type ErrorCode, LabError } from '../core/errors.ts';
import type { LabResource } from '../kinds/index.ts';
import type { AuditEntry } from './audit.ts';
import type { Job, JobState } from './job.ts';
import type { JobQuery } from './job-book.ts';
import { OpenJobs } from './open-jobs.ts';
import {
  checkGuard,
  contextOf,
  dryRun,
  fingerprintOf,
  type Plan,
  type Planned,
  type PlanParts,
  planOf,
} from './plan.ts';
import { type RecordParts, Records, withHint } from './records.ts';
import { recover } from './recover.ts';

/** Jobs of one target that may wait for the one before: whoever asks for more does not look at what it does. */
const MOST_WAITING = 20;
/** Of an error, in these the system may have done it all the same. */
const OPEN_ENDED: readonly ErrorCode[] = ['deadline_passed', 'shutting_down', 'unreachable'];

export interface ExecutorParts extends Omit<PlanParts, 'allow'>, RecordParts {
  /** The option; `operate` if left out. */
  readonly allow?: Ceiling;
  /** Asks for an early read of a resource to which something was done. */
  readonly refresh: (resourceId: string) => void;
}

/**
 * Where every change of the lab passes: a request is written to the audit, becomes a job, jobs of one target run one
 * after the other, and what they do shows when the source sees it. A job is never repeated by itself, and every step
 * is written down before it is sent.
 */
export class Executor {
  readonly #parts: ExecutorParts & PlanParts;
  readonly #records: Records;
  readonly #openJobs: OpenJobs;
  readonly #ends = new Map<string, Promise<Job>>();
  /** Of each target that has jobs under way: the last one's end, and how many there are. */
  readonly #lines = new Map<string, { readonly end: Promise<Job>; readonly length: number }>();
  readonly #stop = new AbortController();

  constructor(parts: ExecutorParts) {
    this.#parts = { ...parts, allow: parts.allow ?? 'operate' };
    this.#records = new Records(parts);
    this.#openJobs = new OpenJobs({
      clock: parts.clock,
      log: parts.log,
      context: (target, input) => contextOf(parts, target, input, this.#stop.signal),
      settle: (job, happened, isLast) => this.#settle(job, happened, isLast),
      stillOpen: (job) => this.#records.announceEnd(job),
    });
    recover({
      jobs: this.#records.jobs,
      openJobs: this.#openJobs,
      actions: parts.actions,
      log: parts.log,
      time: new Date(parts.clock.now()).toISOString(),
    });
  }

  /** The option `allow`: the most that is let through over `http` and `mcp`. */
  get allow(): Ceiling {
    return this.#parts.allow;
  }

  /**
   * Takes a request; a request id that was used before returns the job it made then.
   *
   * @throws LabError when it cannot be done at all: nothing was changed and no job was made
   */
  submit(request: ActionRequest): Job {
    const earlier = request.requestId ? this.#records.jobs.byRequest(request.requestId) : undefined;
    if (earlier !== undefined) return earlier;
    const { planned, job } = this.#accept(request);
    const before = this.#lines.get(job.target);
    const end = (before?.end ?? Promise.resolve()).then(() => this.#run(job, request, planned));
    this.#lines.set(job.target, { end, length: (before?.length ?? 0) + 1 });
    this.#ends.set(job.id, end);
    void end.finally(() => this.#left(job));
    return job;
  }

  /**
   * What a request would do: a dry run. Nothing is written or sent.
   *
   * @throws LabError as `submit`; that the risk is too high for the caller is a warning
   */
  plan(request: ActionRequest): Plan {
    return dryRun(this.#parts, request, this.#stop.signal, this.#parts.clock.now());
  }

  job(id: string): Job | undefined {
    return this.#records.jobs.get(id);
  }

  /** Newest first. */
  jobs(query: JobQuery): readonly Job[] {
    return this.#records.jobs.list(query);
  }

  /** How many jobs of each state are kept. */
  counts(): ReadonlyMap<JobState, number> {
    return this.#records.jobs.counts();
  }

  /** Who asked for what and what was decided, newest first. */
  audit(query: { limit: number; before?: number | undefined }): readonly AuditEntry[] {
    return this.#records.audit.list(query);
  }

  /** The job once it is over, or as it is after `withinMs` milliseconds. */
  async ended(id: string, withinMs?: number): Promise<Job | undefined> {
    const end = this.#ends.get(id);
    if (end === undefined || withinMs === 0) return this.job(id);
    if (withinMs === undefined) return await end;
    const waiting = new AbortController();
    await Promise.race([end, pause(this.#parts.clock, withinMs, waiting.signal)]);
    waiting.abort();
    return this.job(id);
  }

  /** Calls `listener` with every job that is new or has changed. The returned function ends it. */
  onChange(listener: (job: Job) => void): () => void {
    return this.#records.onChange(listener);
  }

  /** To be called with every resource that was read and differs: it may show what became of a job. */
  look(resource: LabResource): void {
    if (!this.#stop.signal.aborted) void this.#openJobs.look(resource);
  }

  /** Takes no more requests, and lets go of what runs: its outcome is then unknown to us. */
  async close(): Promise<void> {
    this.#stop.abort(new LabError('shutting_down', 'Labkeeper is shutting down'));
    await Promise.allSettled(this.#ends.values());
  }

  #accept(request: ActionRequest): { planned: Planned; job: Job } {
    try {
      if (this.#stop.signal.aborted) throw new LabError('shutting_down', 'Labkeeper is shutting down');
      const planned = planOf(this.#parts, request, this.#stop.signal);
      this.#checkLine(planned.target);
      return { planned, job: this.#records.write(request, planned) };
    } catch (thrown) {
      const error = asLabError(thrown);
      this.#records.refuse(request, error);
      throw error;
    }
  }

  #checkLine({ id, name }: LabResource): void {
    if ((this.#lines.get(id)?.length ?? 0) <= MOST_WAITING) return;
    throw new LabError('target_busy', `${MOST_WAITING} commands already wait for ${name}`, {
      hint: 'wait until they are done; GET api/jobs shows them',
    });
  }

  async #run(queued: Job, request: ActionRequest, planned: Planned): Promise<Job> {
    const { log, refresh, resource } = this.#parts;
    if (this.#stop.signal.aborted) return this.#records.end(queued, 'cancelled', NOT_BEGUN);
    const { steps } = planned;
    let job = queued;
    let current: (typeof steps)[number] | undefined;
    try {
      const target = resource(job.target);
      if (target === undefined)
        throw new LabError('target_unknown', `the lab has no “${job.target}” any more`);
      if (fingerprintOf(target) !== planned.fingerprint) throw changed(target);
      // What we run on may have moved there since.
      checkGuard(this.#parts, planned.action, target, request.input);
      job = { ...job, state: 'running', started: this.#records.time() };
      for (const [done, step] of steps.entries()) {
        this.#stop.signal.throwIfAborted();
        job = this.#records.save({ ...job, step: step.name, progress: done / steps.length });
        current = step;
        const note = (news: StepNote): void => {
          // What a step left running has nothing more to say once it is over.
          if (current === step) job = this.#records.noted(job, news, done, steps.length);
        };
        const { signal } = this.#stop;
        const context = contextOf(
          this.#parts,
          target,
          request.input,
          signal,
          note,
          `${job.door}, ${job.user}`,
        );
        await unlessAborted(step.run(context as never), signal);
        current = undefined;
      }
      log.info('done', { action: job.action, target: job.target, by: `${job.door}, ${job.user}` });
      return this.#records.end({ ...job, progress: 1 }, 'succeeded');
    } catch (thrown) {
      const step = current;
      current = undefined;
      const error = asLabError(thrown);
      const open = step !== undefined && OPEN_ENDED.includes(error.code);
      log.warn(withHint(error.message, error.hint), {
        ...{ action: job.action, target: job.target, code: error.code },
      });
      const ended = this.#records.end(job, open ? 'unknown' : 'failed', error);
      this.#records.announceEnd(ended);
      if (open) this.#openJobs.add({ job: ended, input: request.input, steps: () => steps }, true);
      return ended;
    } finally {
      refresh(job.target);
    }
  }

  #settle(job: Job, happened: boolean, isLast: boolean): void {
    const { log } = this.#parts;
    const { action, target, step } = job;
    if (happened && isLast) {
      log.info('done after all, as the target shows', { action, target });
      const { error: _, ...rest } = job;
      this.#records.end({ ...rest, progress: 1 }, 'succeeded');
      return;
    }
    const message = happened
      ? `it was cut off after “${step}”; what comes after that was not done`
      : `it was cut off, and “${step}” did not happen`;
    const hint = 'look at the target, then ask for it again';
    this.#records.announceEnd(
      this.#records.end(job, 'failed', new LabError('interrupted', message, { hint })),
    );
  }

  #left(job: Job): void {
    this.#ends.delete(job.id);
    const line = this.#lines.get(job.target);
    if (line === undefined || line.length <= 1) this.#lines.delete(job.target);
    else this.#lines.set(job.target, { ...line, length: line.length - 1 });
  }
}

/** Lets go of work that does not end when it is told to. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const NOT_BEGUN = new LabError('shutting_down', 'Labkeeper ended before it began');

const changed = ({ id, name }: LabResource): LabError =>
  new LabError('target_changed', `${id} is not what it was when this was asked for (now “${name}”)`, {
    hint: 'see what it is now, then ask again',
  });
