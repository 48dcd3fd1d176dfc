import type { Action, ActionContext, ActionRequest, Step } from '../contract/action.ts';
import type { Preparation, StepNote } from '../contract/step.ts';
import type { Clock } from '../core/clock.ts';
import { asLabError, LabError, OPEN_ENDED } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Job, JobState } from './job.ts';
import type { Course } from './job-book.ts';
import { leftText } from './left-behind.ts';
import { lookUp, unlessAborted } from './look-up.ts';
import type { OpenJobs } from './open-jobs.ts';
import { checkGuard, contextOf, fingerprintOf, type PlanParts, stateOf, stepsOf } from './plan.ts';
import { type Records, withHint } from './records.ts';
import { holdsSecret } from './redact.ts';

/** What a job that prepares does before its first step. */
export const PREPARE = 'Check';

export interface RunParts extends PlanParts {
  readonly records: Records;
  readonly openJobs: OpenJobs;
  /** Asks for an early read of a resource to which something was done. */
  readonly refresh: (resourceId: string) => void;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when Labkeeper is shut down. */
  readonly stop: AbortSignal;
}

/** What a job carries out. */
export interface Order {
  readonly action: Action;
  readonly input: ActionRequest['input'];
  /** Of the target, when it was asked for. */
  readonly fingerprint: string;
  /** Of its action where that prepares nothing. */
  readonly steps?: readonly Step<never>[] | undefined;
  /** Of the dry run that this carries out. */
  readonly plannedFor?: string | undefined;
  readonly cancelled: AbortSignal;
  /** What it goes by, where an earlier run of Labkeeper had begun it. */
  readonly course?: Course | undefined;
}

/**
 * Carries a job out, step by step, or goes on with it where an earlier run of Labkeeper was cut off. Every step is written
 * down before it is sent. One whose end is not known is looked up before it is done again.
 */
export class Run {
  readonly #parts: RunParts;
  readonly #order: Order;
  #job: Job;
  #course: Course | undefined;
  #current: Step<never> | undefined;
  #isCommitted = false;

  constructor(parts: RunParts, job: Job, order: Order) {
    this.#parts = parts;
    this.#job = job;
    this.#order = order;
    this.#course = order.course;
  }

  /** Whether it can still be cancelled. */
  get isCommitted(): boolean {
    return this.#isCommitted;
  }

  async toEnd(): Promise<Job> {
    const { records, refresh, log, stop } = this.#parts;
    const isFresh = this.#job.state === 'queued';
    if (stop.aborted) return isFresh ? records.end(this.#job, 'cancelled', NOT_BEGUN) : this.#job;
    if (isFresh && this.#order.cancelled.aborted) return records.end(this.#job, 'cancelled', CANCELLED);
    const { action, target: id, door, user } = this.#job;
    try {
      const target = this.#target();
      // What we run on may have moved there since. What is gone, nothing runs on.
      if (target.available || this.#parts.resource(id) !== undefined)
        checkGuard(this.#parts, this.#order.action, target, this.#order.input);
      this.#job = { ...this.#job, state: 'running', started: this.#job.started ?? records.time() };
      const cutOff = isFresh ? undefined : this.#job.step;
      const steps = await this.#steps(target);
      await this.#walk(steps, target, cutOff);
      log.info('done', { action, target: id, by: `${door}, ${user}` });
      const ended = records.end({ ...this.#job, progress: 1 }, 'succeeded');
      if (this.#course !== undefined) records.announceMade(ended);
      return ended;
    } catch (thrown) {
      return this.#failed(asLabError(thrown));
    } finally {
      refresh(id);
    }
  }

  #target(): LabResource {
    const { action, course } = this.#order;
    const target = this.#parts.resource(this.#job.target);
    if (target === undefined && action.takesAway && course !== undefined) return goneOf(action, this.#job);
    if (target === undefined)
      throw new LabError('target_unknown', `the lab has no “${this.#job.target}” any more`);
    const { fingerprint } = this.#course ?? this.#order;
    if (fingerprintOf(target) !== fingerprint) throw changed(target);
    return target;
  }

  async #steps(target: LabResource): Promise<readonly Step<never>[]> {
    const { action, steps, plannedFor } = this.#order;
    if (steps !== undefined) {
      if (plannedFor !== undefined && plannedFor !== fingerprintOf(target)) throw changed(target);
      return steps;
    }
    this.#course ??= await this.#prepared(target);
    return stepsOf(action, this.#context(target));
  }

  async #prepared(target: LabResource): Promise<Course> {
    const { records, stop } = this.#parts;
    const { action, input, plannedFor } = this.#order;
    this.#job = records.save({ ...this.#job, step: PREPARE, progress: 0 });
    const preparing = (action.prepare as (context: never) => Promise<Preparation>)(
      this.#context(target) as never,
    );
    const preparation = await unlessAborted(preparing, stop);
    const fingerprint = fingerprintOf(target);
    if (plannedFor !== undefined && plannedFor !== stateOf(fingerprint, preparation)) throw changed(target);
    for (const { name, ok, message } of preparation.checks)
      records.line(this.#job, `${ok ? '✓' : '✗'} ${name}: ${message}`);
    const wrong = preparation.checks.find(({ ok }) => !ok);
    if (wrong !== undefined) {
      const { name, message, hint } = wrong;
      throw new LabError('check_failed', `${name}: ${message}`, hint === undefined ? {} : { hint });
    }
    const hadSecret = holdsSecret(action.input, input);
    return { fingerprint, decided: preparation.decided, kept: {}, left: [], hadSecret };
  }

  async #walk(steps: readonly Step<never>[], target: LabResource, cutOff: string | null | undefined) {
    const { records, stop } = this.#parts;
    const first = startOf(steps, cutOff);
    for (const [index, step] of steps.entries()) {
      if (index < first) continue;
      stop.throwIfAborted();
      if (this.#order.cancelled.aborted && !this.#isCommitted) throw CANCELLED;
      if (step.commits) this.#isCommitted = true;
      const goesOn = step.name === cutOff;
      if (goesOn) records.line(this.#job, `${step.name}: goes on after a restart of Labkeeper`);
      else this.#begin(step, index / steps.length);
      this.#current = step;
      const context = (): ActionContext<unknown> =>
        this.#context(target, (news) => this.#noted(step, news, index, steps.length));
      if (!(goesOn && (await this.#hasHappened(step, context)))) await this.#do(step, context);
      this.#current = undefined;
    }
  }

  #begin({ name }: Step<never>, progress: number): void {
    const { records } = this.#parts;
    // How the system calls it belongs to one step: by it, that is looked up.
    const vendor_ref = this.#course === undefined ? this.#job.vendor_ref : null;
    this.#job = records.save({ ...this.#job, step: name, progress, vendor_ref }, this.#course);
    records.line(this.#job, name);
  }

  /** @throws LabError `interrupted` where nobody can tell */
  async #hasHappened(step: Step<never>, context: () => ActionContext<unknown>): Promise<boolean> {
    const happened = await lookUp(this.#parts, step, context);
    if (happened !== undefined) return happened;
    throw new LabError('interrupted', `Labkeeper ended during “${step.name}”: it may have happened or not`, {
      hint: 'look at the target before you ask for it again',
    });
  }

  async #do(step: Step<never>, context: () => ActionContext<unknown>): Promise<void> {
    const { stop, records } = this.#parts;
    const attempt = (): Promise<void> => unlessAborted(step.run(context() as never), stop);
    if (step.needsSecrets && this.#order.course?.hadSecret) throw forgotten(step);
    try {
      await attempt();
    } catch (thrown) {
      const error = asLabError(thrown);
      if (this.#course === undefined || stop.aborted || !OPEN_ENDED.includes(error.code)) throw error;
      records.line(this.#job, `${error.message}; looking whether it happened all the same`);
      const happened = await lookUp(this.#parts, step, context);
      if (happened === undefined) throw error;
      if (!happened) await attempt();
    }
  }

  #context(target: LabResource, note: (news: StepNote) => void = () => {}): ActionContext<unknown> {
    const { input, cancelled } = this.#order;
    const { door, user, vendor_ref } = this.#job;
    const { decided = {}, kept = {} } = this.#course ?? {};
    return {
      ...contextOf(this.#parts, { target, input, signal: this.#parts.stop }),
      ...{ decided, kept, cancelled, note, by: `${door}, ${user}`, job: this.#job.id },
      vendorRef: vendor_ref ?? undefined,
    };
  }

  #noted(step: Step<never>, news: StepNote, done: number, steps: number): void {
    // What a step left running has nothing more to say once it is over.
    if (this.#current !== step) return;
    const { keep, left } = news;
    if (this.#course !== undefined && (keep !== undefined || left !== undefined)) {
      const { kept, left: before } = this.#course;
      this.#course = { ...this.#course, kept: { ...kept, ...keep }, left: left ?? before };
    }
    this.#job = this.#parts.records.noted(this.#job, news, done, steps, this.#course);
  }

  #failed(error: LabError): Job {
    const { records, openJobs, log } = this.#parts;
    const { action, target } = this.#job;
    const step = this.#current;
    this.#current = undefined;
    const isOpen = error.code === 'interrupted' || (step !== undefined && OPEN_ENDED.includes(error.code));
    const told = this.#withLeft(error);
    log.warn(withHint(told.message, told.hint), { action, target, code: error.code });
    const ended = records.end(this.#job, stateAfter(error, isOpen), told);
    records.announceEnd(ended);
    if (isOpen && this.#course === undefined) {
      const { input, steps = [] } = this.#order;
      openJobs.add({ job: ended, input, steps: () => steps }, true);
    }
    return ended;
  }

  /** What is half made is told of with the error, and how to be rid of it. */
  #withLeft(error: LabError): LabError {
    const { left = [] } = this.#course ?? {};
    // Shut down in the middle: the next run goes on.
    if (left.length === 0 || error.code === 'shutting_down') return error;
    this.#job = { ...this.#job, result: { ...this.#job.result, left_behind: left } };
    const hint = [...(error.hint === undefined ? [] : [error.hint]), leftText(left)];
    return new LabError(error.code, error.message, { hint: hint.join('; '), cause: error });
  }
}

/** @throws LabError `interrupted` where the step that it was cut off in is none of these: they are of another version */
function startOf(steps: readonly Step<never>[], cutOff: string | null | undefined): number {
  if (cutOff == null || cutOff === PREPARE) return 0;
  const index = steps.findIndex(({ name }) => name === cutOff);
  if (index >= 0) return index;
  throw new LabError(
    'interrupted',
    `Labkeeper ended during “${cutOff}”, and does not know that step any more`,
    {
      hint: 'look at the target before you ask for it again',
    },
  );
}

const stateAfter = ({ code }: LabError, isOpen: boolean): JobState => {
  if (code === 'cancelled') return 'cancelled';
  return isOpen ? 'unknown' : 'failed';
};

/** Stands for a target that was taken away. */
const goneOf = ({ kinds: [kind = 'app'] }: Action, { target }: Job): LabResource =>
  ({ id: target, kind, name: target, available: false, readings: {}, facts: {} }) as unknown as LabResource;

const NOT_BEGUN = new LabError('shutting_down', 'Labkeeper ended before it began');
const CANCELLED = new LabError('cancelled', 'it was cancelled');

const forgotten = ({ name }: Step<never>): LabError =>
  new LabError('interrupted', `“${name}” was not done: what was given for it in secret is not kept`, {
    hint: 'ask for it again',
  });

const changed = ({ id, name }: LabResource): LabError =>
  new LabError('target_changed', `${id} is not what it was when this was asked for (now “${name}”)`, {
    hint: 'see what it is now, then ask again',
  });
