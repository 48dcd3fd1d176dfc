import type { ActionContext, Step } from '../contract/action.ts';
import type { Clock } from '../core/clock.ts';
import { asLabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Job } from './job.ts';

/** How long a change of the target may still be the effect of the job. */
const PATIENCE_MS = 600_000;
/** A system that is gone for days must not make an endless list. */
const MOST = 100;

/** A job of which it is not known whether its last step happened. */
export interface OpenJob {
  readonly job: Job;
  readonly input: Readonly<Record<string, unknown>>;
  /** Its steps, planned anew where an earlier run had planned them; throws a `LabError` where that cannot be done. */
  readonly steps: (context: ActionContext<unknown>) => readonly Step<never>[];
}

export interface OpenJobParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly context: (target: LabResource, input: Readonly<Record<string, unknown>>) => ActionContext<unknown>;
  /** It has shown whether the step happened; `isLast`: with it, all of the job. */
  readonly settle: (job: Job, happened: boolean, isLast: boolean) => void;
  /** The target was heard for the first time and does not say it. */
  readonly stillOpen: (job: Job) => void;
}

/** Finds out, as targets are read again, what became of jobs that were cut off. */
export class OpenJobs {
  readonly #parts: OpenJobParts;
  readonly #waiting = new Map<string, { open: OpenJob; heardAt: number | undefined; asking: boolean }>();

  constructor(parts: OpenJobParts) {
    this.#parts = parts;
  }

  /** @param heard false: its target has not been read yet in this run, and nobody was told of the open end */
  add(open: OpenJob, heard: boolean): void {
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size >= MOST && oldest !== undefined) this.#waiting.delete(oldest);
    const heardAt = heard ? this.#parts.clock.elapsed() : undefined;
    this.#waiting.set(open.job.id, { open, heardAt, asking: false });
  }

  /** To be called with every resource that was added or changed. */
  async look(resource: LabResource): Promise<void> {
    if (!resource.available) return;
    const { clock } = this.#parts;
    for (const [id, entry] of this.#waiting) {
      if (entry.open.job.target !== resource.id || entry.asking) continue;
      const first = entry.heardAt === undefined;
      entry.heardAt ??= clock.elapsed();
      if (clock.elapsed() - entry.heardAt > PATIENCE_MS) {
        this.#waiting.delete(id);
        continue;
      }
      entry.asking = true;
      const { happened, isLast, canTell } = await this.#ask(entry.open, resource);
      entry.asking = false;
      if (happened === undefined && first) this.#parts.stillOpen(entry.open.job);
      if (happened === undefined && canTell) continue;
      this.#waiting.delete(id);
      if (happened !== undefined) this.#parts.settle(entry.open.job, happened, isLast);
    }
  }

  async #ask({ steps, input, job }: OpenJob, target: LabResource): Promise<Answer> {
    const context = this.#parts.context(target, input);
    try {
      const all = steps(context);
      const step = all.find(({ name }) => name === job.step);
      if (step?.happened === undefined) return { happened: undefined, isLast: false, canTell: false };
      const happened = await step.happened(context as never);
      return { happened, isLast: all.at(-1) === step, canTell: true };
    } catch (thrown) {
      const { message } = asLabError(thrown);
      this.#parts.log.debug(`cannot tell whether “${job.step}” happened: ${message}`, { job: job.id });
      return { happened: undefined, isLast: false, canTell: true };
    }
  }
}

interface Answer {
  readonly happened: boolean | undefined;
  readonly isLast: boolean;
  readonly canTell: boolean;
}
