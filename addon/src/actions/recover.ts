import type { Action } from '../contract/action.ts';
import type { Log } from '../core/log.ts';
import type { Job, JobError } from './job.ts';
import type { Course, JobBook } from './job-book.ts';
import { withLeft } from './left-behind.ts';
import type { OpenJob, OpenJobs } from './open-jobs.ts';
import { PREPARE } from './run.ts';

const CANCELLED: JobError = {
  code: 'interrupted',
  message: 'Labkeeper ended before it began',
  hint: 'nothing was sent; ask for it again if it is still wanted',
};
const UNKNOWN: JobError = {
  code: 'interrupted',
  message: 'Labkeeper ended while this ran: it may have happened or not',
  hint: 'look at the target before you ask for it again',
};
const RESTORED: JobError = {
  code: 'interrupted',
  message: 'Labkeeper was restored from a backup that was made while this ran: it is not gone on with',
  hint: 'look at the target before you ask for it again',
};

export interface RecoverParts {
  readonly jobs: JobBook;
  readonly openJobs: OpenJobs;
  readonly actions: readonly Action[];
  /** The database comes from a backup: what it calls open was ended by somebody long ago. */
  readonly restored: boolean;
  readonly log: Log;
  /** ISO 8601 */
  readonly time: string;
}

/** A job that is gone on with as soon as its target is heard. */
export interface Unfinished {
  readonly job: Job;
  readonly action: Action;
  readonly course: Course;
}

/**
 * Ends what an earlier run left open, but for what can be gone on with. What was queued, or only looked at the systems,
 * is cancelled, for nothing of it was sent; of what ran it is unknown whether its step happened, until the target is
 * read and its action can see it. Nothing is sent again here.
 *
 * @returns what prepared and can be gone on with, oldest first
 */
export function recover({
  jobs,
  openJobs,
  actions,
  restored,
  log,
  time,
}: RecoverParts): readonly Unfinished[] {
  const unfinished: Unfinished[] = [];
  for (const job of jobs.open()) {
    const { target } = job;
    const action = actions.find(({ id }) => id === job.action);
    const course = jobs.courseOf(job.id);
    if (job.state === 'queued' || (course === undefined && job.step === PREPARE)) {
      jobs.save({ ...job, state: 'cancelled', ended: time, error: CANCELLED });
      log.warn('a command was cancelled: Labkeeper ended before it began', { action: job.action, target });
      continue;
    }
    if (course !== undefined && action !== undefined && !restored) {
      const { error: _, ...open } = job;
      const running: Job = { ...open, state: 'running', ended: null };
      jobs.save(running);
      unfinished.push({ job: running, action, course });
      log.info(`a job goes on when its target is heard: ${action.title}`, { job: job.id, target });
      continue;
    }
    const told = withLeft(job, course, restored ? RESTORED : UNKNOWN);
    const unknown: Job = { ...told.job, state: 'unknown', ended: time, error: told.error };
    jobs.save(unknown);
    log.warn('it is unknown whether a command was carried out: Labkeeper ended while it ran', {
      action: job.action,
      target,
    });
    if (restored) continue;
    const steps: OpenJob['steps'] = (context) =>
      (action?.plan(context as never) ?? []) as ReturnType<OpenJob['steps']>;
    openJobs.add({ job: unknown, input: jobs.inputOf(job.id), steps }, false);
  }
  return unfinished;
}
