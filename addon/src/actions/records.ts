import { randomUUID } from 'node:crypto';
import type { Action, ActionRequest, Door } from '../contract/action.ts';
import type { StepNote } from '../contract/step.ts';
import type { Clock } from '../core/clock.ts';
import type { Database } from '../core/database.ts';
import { durably } from '../core/durably.ts';
import type { ErrorCode, LabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { LabResource } from '../kinds/index.ts';
import { Audit, type AuditEntry } from './audit.ts';
import type { Job, JobError, JobState } from './job.ts';
import { type Course, JobBook } from './job-book.ts';
import type { Planned } from './plan.ts';
import { inputForRecord } from './redact.ts';

const PRUNE_EVERY = 100;
/** Characters. */
const MOST_OF_LINE = 2_000;

/** What somebody should see on the device: a command that did not do what it was given for, or has made something. */
export interface Outcome {
  readonly type: 'refused' | 'failed' | 'unknown' | 'succeeded' | 'cancelled';
  /** Id of a resource that the lab has; Labkeeper's own device where the request named none. */
  readonly target: string;
  readonly action: string;
  /** Left out: it succeeded. */
  readonly code?: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly jobId?: string;
  readonly door: Door;
  readonly user: string;
}

export interface RecordParts {
  readonly actions: readonly Action[];
  readonly resource: (id: string) => LabResource | undefined;
  /** Labkeeper's own device, which stands for the lab as a whole. */
  readonly self: string;
  readonly database: Database;
  readonly announce?: (outcome: Outcome) => void;
  /** Takes known secrets out of what is written down. */
  readonly redact?: (text: string) => string;
  readonly clock: Clock;
  readonly log: Log;
}

/** All that is written down and told of requests and jobs: audit, jobs, log, and the outcome on the device. */
export class Records {
  readonly audit: Audit;
  readonly jobs: JobBook;
  readonly #parts: RecordParts;
  readonly #listeners = new Set<(job: Job) => void>();
  #untilPrune = 0;

  constructor(parts: RecordParts) {
    this.#parts = parts;
    this.audit = new Audit(parts.database);
    this.jobs = new JobBook(parts.database);
  }

  /** Calls `listener` with every job that is new or has changed. The returned function ends it. */
  onChange(listener: (job: Job) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The audit and the job, before anything is sent. */
  write(request: ActionRequest, { action, target }: Planned): Job {
    const { database, redact = String, clock } = this.#parts;
    const id = randomUUID();
    const job: Job = {
      ...{ id, request_id: request.requestId || id, action: action.id, target: target.id },
      ...{ door: request.door, user: request.user, state: 'queued', step: null, progress: null },
      ...{ vendor_ref: null, created: this.time(), started: null, ended: null },
    };
    const input = inputForRecord(action.input, request.input, redact);
    durably(database, () => {
      this.audit.add({ ...this.#entry(request), target: target.id, decision: 'accepted', job: id }, input);
      this.jobs.add(job, input);
    });
    this.#untilPrune -= 1;
    if (this.#untilPrune < 0) {
      this.#untilPrune = PRUNE_EVERY;
      this.jobs.prune(clock.now());
      this.audit.prune(clock.now());
    }
    this.#tell(job);
    return job;
  }

  /** Of a request nothing is done: that is written, logged and shown. */
  refuse(request: ActionRequest, error: LabError): void {
    const { log, redact = String, announce, resource, self } = this.#parts;
    const { code, message, hint } = this.#shown(error);
    const { action, door, user } = request;
    const entry = { ...this.#entry(request), decision: 'refused', code, message } as const;
    try {
      this.audit.add(entry, inputForRecord(this.#action(action)?.input, request.input, redact));
      this.audit.prune(this.#parts.clock.now());
    } catch (thrown) {
      log.error(`a refusal could not be written to the audit: ${(thrown as Error).message}`);
    }
    log.warn(`refused: ${withHint(message, hint)}`, { action, target: entry.target, code, door, user });
    const target = resource(entry.target)?.id ?? self;
    announce?.({ type: 'refused', target, action, code, message, ...(hint && { hint }), door, user });
  }

  /**
   * Before anything is sent.
   *
   * @param course what it goes by, if that has changed
   * @throws LabError when it cannot be written
   */
  save(job: Job, course?: Course): Job {
    durably(this.#parts.database, () => {
      this.jobs.save(job);
      if (course !== undefined) this.jobs.saveCourse(job.id, course);
    });
    this.#tell(job);
    return job;
  }

  /** A line of the job's log, for people. Losing one is no reason to stop. */
  line({ id }: Job, text: string): void {
    const { redact = String, log } = this.#parts;
    try {
      this.jobs.addLine(id, { time: this.time(), text: redact(text).slice(0, MOST_OF_LINE) });
    } catch (thrown) {
      log.debug(`a line of the log of a job could not be written: ${(thrown as Error).message}`);
    }
  }

  /** What step `done` of `steps` has to tell. */
  noted(job: Job, news: StepNote, done: number, steps: number, course?: Course): Job {
    const { vendorRef, progress, result, keep, left } = news;
    if (news.log !== undefined) this.line(job, news.log);
    const within = progress === undefined ? undefined : (done + Math.min(1, Math.max(0, progress))) / steps;
    const next = {
      ...job,
      ...(vendorRef !== undefined && { vendor_ref: vendorRef }),
      ...(within !== undefined && { progress: within }),
      ...(result !== undefined && { result }),
    };
    const moved = Math.abs((within ?? 0) - (job.progress ?? 0)) >= 0.01;
    const isNews = [vendorRef, result, keep, left].some((one) => one !== undefined);
    if (!isNews && !moved) return job;
    try {
      return this.save(next, course);
    } catch (thrown) {
      // It was sent already: going on is all that helps.
      this.#parts.log.error((thrown as Error).message, { job: job.id });
      return next;
    }
  }

  /** The job is over. */
  end(job: Job, state: JobState, error?: LabError): Job {
    const ended = { ...job, state, ended: this.time(), ...(error && { error: this.#shown(error) }) };
    if (error !== undefined) this.line(job, withHint(error.message, error.hint));
    try {
      return this.save(ended);
    } catch (thrown) {
      this.#parts.log.error((thrown as Error).message, { job: job.id });
      return ended;
    }
  }

  /** Shows on the device what has made something. */
  announceMade({ id, action, target, door, user }: Job): void {
    const { announce, resource, self } = this.#parts;
    announce?.({
      ...{ type: 'succeeded', target: resource(target)?.id ?? self, action },
      ...{ message: `${this.#action(action)?.title ?? action}: done`, jobId: id, door, user },
    });
  }

  /** Shows on the device what did not do what it was asked for. */
  announceEnd({ id, action, target, door, user, state, error }: Job): void {
    if (error === undefined || (state !== 'failed' && state !== 'unknown' && state !== 'cancelled')) return;
    const { announce, resource, self } = this.#parts;
    announce?.({
      type: state,
      target: resource(target)?.id ?? self,
      action,
      ...error,
      jobId: id,
      door,
      user,
    });
  }

  #entry(request: ActionRequest): Omit<AuditEntry, 'input' | 'decision'> {
    const clip = (text: string): string => text.slice(0, 300);
    return {
      time: this.time(),
      door: request.door,
      user: clip(request.user),
      administrator: request.administrator ?? null,
      token: request.tokenName ?? null,
      action: clip(request.action),
      target: clip(request.target ?? this.#parts.self),
      risk: this.#action(request.action)?.risk ?? null,
      ...{ code: null, message: null, job: null },
      request_id: request.requestId || null,
    };
  }

  /** What systems say of an error may hold what they were told. */
  #shown(error: LabError): JobError {
    const { redact = String } = this.#parts;
    const { code, message, hint } = error;
    return { code, message: redact(message), ...(hint !== undefined && { hint: redact(hint) }) };
  }

  #action(id: string): Action | undefined {
    return this.#parts.actions.find((action) => action.id === id);
  }

  #tell(job: Job): void {
    for (const listener of this.#listeners) listener(job);
  }

  time(): string {
    return new Date(this.#parts.clock.now()).toISOString();
  }
}

export const withHint = (message: string, hint: string | undefined): string =>
  hint === undefined ? message : `${message}; ${hint}`;
