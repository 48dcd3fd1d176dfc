import type { Action } from '../contract/action.ts';
import type { Log } from '../core/log.ts';
import type { Job, JobError } from './job.ts';
import type { JobBook } from './job-book.ts';
import type { OpenJob, OpenJobs } from './open-jobs.ts';

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

export interface RecoverParts {
  readonly jobs: JobBook;
  readonly openJobs: OpenJobs;
  readonly actions: readonly Action[];
  readonly log: Log;
  /** ISO 8601 */
  readonly time: string;
}

/**
 * Ends what an earlier run left open. What was queued is cancelled, for nothing of it was sent; of what ran it is
 * unknown whether its step happened, until the target is read and its action can see it. Nothing is sent again.
 */
export function recover({ jobs, openJobs, actions, log, time }: RecoverParts): void {
  for (const job of jobs.open()) {
    const { action, target } = job;
    if (job.state === 'queued') {
      jobs.save({ ...job, state: 'cancelled', ended: time, error: CANCELLED });
      log.warn('a command was cancelled: Labkeeper ended before it began', { action, target });
      continue;
    }
    const unknown: Job = { ...job, state: 'unknown', ended: time, error: UNKNOWN };
    jobs.save(unknown);
    log.warn('it is unknown whether a command was carried out: Labkeeper ended while it ran', {
      action,
      target,
    });
    const steps: OpenJob['steps'] = (context) =>
      (actions.find(({ id }) => id === action)?.plan(context as never) ?? []) as ReturnType<OpenJob['steps']>;
    openJobs.add({ job: unknown, input: jobs.inputOf(job.id), steps }, false);
  }
}
