import type { LabResourceOf } from '../../../kinds/index.ts';

type ClusterReadings = LabResourceOf<'cluster'>['readings'];

/** Readings of tasks and jobs: a cluster has them, or a node that is in none. */
export type WorkReadings = Pick<
  ClusterReadings,
  | 'tasks_running'
  | 'task'
  | 'task_progress'
  | 'running_tasks'
  | 'tasks_failed'
  | 'last_failure'
  | 'last_failure_at'
  | 'jobs'
>;

export type Job = NonNullable<WorkReadings['jobs']>[number];
