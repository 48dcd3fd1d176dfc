import type { ActionRequest, Ceiling } from '../contract/action.ts';
import { pause } from '../core/clock.ts';
import { asLabError, LabError } from '../core/errors.ts';
import type { LabResource } from '../kinds/index.ts';
import type { AuditEntry } from './audit.ts';
import { DryRuns } from './dry-runs.ts';
import { isOver, type Job, type JobState } from './job.ts';
import type { JobQuery, LogLine } from './job-book.ts';
import { withLeft } from './left-behind.ts';
import { OpenJobs } from './open-jobs.ts';
import { contextOf, dryRun, type Plan, type Planned, type PlanParts, planOf } from './plan.ts';
import { type RecordParts, Records } from './records.ts';
import { recover, type Unfinished } from './recover.ts';
import { type Order, Run, type RunParts } from './run.ts';

/** Jobs of one target that may wait for the one before: whoever asks for more does not look at what it does. */
const MOST_WAITING = 20;
/** A job of an earlier run whose target is not heard for so long is not gone on with. */
const HEARD_WITHIN_MS = 900_000;
/** What is not heard for so long after others of its system is not there. */
const GONE_MS = 60_000;

export interface ExecutorParts extends Omit<PlanParts, 'allow'>, RecordParts {
  /** The option; `operate` if left out. */
  readonly allow?: Ceiling;
  /** Asks for an early read of a resource to which something was done. */
  readonly refresh: (resourceId: string) => void;
  /** The database comes from a backup, so that what it calls open is not to be gone on with. */
  readonly restored?: boolean;
}

/**
 * Where every change of the lab passes: a request is written to the audit, becomes a job, jobs of one target run one
 * after the other, and what they do shows when the source sees it. A job is never repeated by itself, and every step
 * is written down before it is sent.
 */
export class Executor {
  readonly #parts: ExecutorParts & RunParts;
  readonly #records: Records;
  readonly #openJobs: OpenJobs;
  readonly #dryRuns: DryRuns;
  /** Jobs of an earlier run that wait until their target is heard. */
  #unfinished: readonly Unfinished[];
  /** Those of them whose target may be gone, by id: it was waited for. */
  readonly #asked = new Set<string>();
  readonly #runs = new Map<string, { readonly run: Run; readonly cancel: AbortController }>();
  readonly #ends = new Map<string, Promise<Job>>();
  /** Of each target that has jobs under way: the last one's end, and how many there are. */
  readonly #lines = new Map<string, { readonly end: Promise<Job>; readonly length: number }>();
  readonly #stop = new AbortController();

  constructor(parts: ExecutorParts) {
    const { clock, log, actions, restored = false } = parts;
    this.#records = new Records(parts);
    this.#dryRuns = new DryRuns(clock);
    const signal = this.#stop.signal;
    this.#openJobs = new OpenJobs({
      clock,
      log,
      context: (target, input) => contextOf(parts, { target, input, signal }),
      settle: (job, happened, isLast) => this.#settle(job, happened, isLast),
      stillOpen: (job) => this.#records.announceEnd(job),
    });
    this.#parts = {
      ...parts,
      ...{ allow: parts.allow ?? 'operate', records: this.#records, openJobs: this.#openJobs, stop: signal },
    };
    const time = new Date(clock.now()).toISOString();
    const { jobs } = this.#records;
    this.#unfinished = recover({ jobs, openJobs: this.#openJobs, actions, restored, log, time });
    if (this.#unfinished.length > 0) this.#forgetUnheard();
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
    const { planned, job, plannedFor } = this.#accept(request);
    const { action, fingerprint, steps } = planned;
    this.#enqueue(job, { action, input: request.input, fingerprint, steps, plannedFor });
    return job;
  }

  /**
   * What a request would do: a dry run. Nothing is written or sent. With a request id, the job that is made with the
   * same one carries out just that.
   *
   * @throws LabError as `submit`, and what the action found out; that the risk is too high for the caller is a warning
   */
  async plan(request: ActionRequest): Promise<Plan> {
    const plan = await dryRun(this.#parts, request, this.#stop.signal, this.#parts.clock.now());
    this.#dryRuns.add(request, plan);
    return plan;
  }

  /**
   * Has a job end before its next step; one that waits, at once.
   *
   * @throws LabError `job_unknown`, `job_over`, `too_late`
   */
  cancel(id: string): Job {
    const job = this.job(id);
    if (job === undefined) throw new LabError('job_unknown', `there is no job “${id}”`);
    if (isOver(job)) throw new LabError('job_over', `the job is over: it has ${job.state}`);
    const running = this.#runs.get(id);
    if (running?.run.isCommitted) {
      throw new LabError('too_late', `the job cannot be stopped any more: “${job.step}” is under way`);
    }
    running?.cancel.abort();
    return job;
  }

  /** What the latest job of an action went by; undefined: there is none, or it prepares nothing. */
  lastDecided(action: string): Readonly<Record<string, unknown>> | undefined {
    return this.#records.jobs.lastCourse(action)?.decided;
  }

  /** What a job has told on its way, oldest first. */
  logOf(id: string): readonly LogLine[] {
    return this.#records.jobs.logOf(id);
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
    if (this.#stop.signal.aborted) return;
    void this.#openJobs.look(resource);
    if (!resource.available) return;
    this.#goOnWith(this.#unfinished.filter(({ job }) => job.target === resource.id));
    this.#lookForGone(resource.id);
  }

  /** What was taken away is not heard any more, and others of its system are. */
  #lookForGone(heard: string): void {
    const owner = heard.split('/', 2).join('/');
    const waiting = this.#unfinished.filter(
      ({ job, action }) => action.takesAway && job.target.startsWith(`${owner}/`) && !this.#asked.has(job.id),
    );
    for (const { job } of waiting) {
      this.#asked.add(job.id);
      const cancel = this.#parts.clock.after(GONE_MS, () => {
        if (this.#parts.resource(job.target) === undefined)
          this.#goOnWith(this.#unfinished.filter((one) => one.job.id === job.id));
      });
      this.#stop.signal.addEventListener('abort', cancel);
    }
  }

  #goOnWith(heard: readonly Unfinished[]): void {
    if (heard.length === 0) return;
    this.#unfinished = this.#unfinished.filter((one) => !heard.includes(one));
    for (const one of heard) this.#goOn(one);
  }

  /** Takes no more requests, and lets go of what runs: its outcome is then unknown to us. */
  async close(): Promise<void> {
    this.#stop.abort(new LabError('shutting_down', 'Labkeeper is shutting down'));
    await Promise.allSettled(this.#ends.values());
  }

  #goOn({ job, action, course }: Unfinished): void {
    const input = this.#records.jobs.inputOf(job.id);
    this.#enqueue(job, { action, input, fingerprint: course.fingerprint, course });
  }

  #forgetUnheard(): void {
    const cancel = this.#parts.clock.after(HEARD_WITHIN_MS, () => {
      for (const { job, course } of this.#unfinished) {
        const message = `Labkeeper ended during “${job.step}”, and ${job.target} was not heard since`;
        const told = withLeft(job, course, { hint: 'look at the target before you ask for it again' });
        const error = new LabError('interrupted', message, told.error);
        this.#records.announceEnd(this.#records.end(told.job, 'unknown', error));
      }
      this.#unfinished = [];
    });
    this.#stop.signal.addEventListener('abort', cancel);
  }

  #enqueue(job: Job, order: Omit<Order, 'cancelled'>): void {
    const cancel = new AbortController();
    const before = order.action.waits === false ? undefined : this.#lines.get(job.target);
    const run = new Run(this.#parts, job, { ...order, cancelled: cancel.signal });
    this.#runs.set(job.id, { run, cancel });
    const end = (before?.end ?? Promise.resolve()).then(() => run.toEnd());
    this.#ends.set(job.id, end);
    if (order.action.waits === false) {
      void end.finally(() => this.#forget(job));
      return;
    }
    this.#lines.set(job.target, { end, length: (before?.length ?? 0) + 1 });
    void end.finally(() => this.#left(job));
  }

  #accept(request: ActionRequest): { planned: Planned; job: Job; plannedFor: string | undefined } {
    try {
      if (this.#stop.signal.aborted) throw new LabError('shutting_down', 'Labkeeper is shutting down');
      const planned = planOf(this.#parts, request, this.#stop.signal);
      if (planned.action.waits !== false) this.#checkLine(planned.target);
      const plannedFor = this.#dryRuns.take(request);
      return { planned, job: this.#records.write(request, planned), plannedFor };
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

  #forget(job: Job): void {
    this.#ends.delete(job.id);
    this.#runs.delete(job.id);
  }

  #left(job: Job): void {
    this.#forget(job);
    const line = this.#lines.get(job.target);
    if (line === undefined || line.length <= 1) this.#lines.delete(job.target);
    else this.#lines.set(job.target, { ...line, length: line.length - 1 });
  }
}
