import type { Door } from '../contract/action.ts';
import type { ErrorCode } from '../core/errors.ts';

export const JOB_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'unknown'] as const;
export type JobState = (typeof JOB_STATES)[number];

export interface JobError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** What became of a request. Times are ISO 8601. A new state is a new object. */
export interface Job {
  readonly id: string;
  readonly request_id: string;
  readonly action: string;
  readonly target: string;
  readonly door: Door;
  readonly user: string;
  readonly state: JobState;
  /** Name of the step that runs, or ran last. */
  readonly step: string | null;
  /** 0 to 1, by steps; null before the first one. */
  readonly progress: number | null;
  /** How the system calls what it does for us; null: it has no name for it. */
  readonly vendor_ref: string | null;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: JobError;
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
}

export const isOver = (job: Job): boolean => job.state !== 'queued' && job.state !== 'running';
