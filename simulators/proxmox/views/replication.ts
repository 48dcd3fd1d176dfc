/** A replication job, and how it went. */
export interface ReplicationSpec {
  readonly guest: number;
  readonly jobnum: number;
  readonly target: string;
  readonly schedule?: string;
  readonly comment?: string;
  readonly disable?: boolean;
  /** Seconds since 1970 of the last run that went well. */
  readonly lastSync?: number;
  readonly failCount?: number;
  readonly error?: string;
}

const QUARTER_S = 900;

/** A row of `GET /cluster/replication`: what is configured. */
export const replicationJob = (job: ReplicationSpec): object => ({
  id: `${job.guest}-${job.jobnum}`,
  guest: job.guest,
  jobnum: job.jobnum,
  target: job.target,
  type: 'local',
  ...(job.schedule !== undefined && { schedule: job.schedule }),
  ...(job.comment !== undefined && { comment: job.comment }),
  ...(job.disable && { disable: 1 }),
});

/** A row of `GET /nodes/{node}/replication`: how it goes. */
export function replicationState(
  job: ReplicationSpec,
  guest: { readonly node: string; readonly type: string },
  now: number,
): object {
  const seconds = Math.floor(now / 1_000);
  const { failCount = 0, error } = job;
  const lastTry = Math.floor(seconds / QUARTER_S) * QUARTER_S;
  return {
    ...replicationJob(job),
    schedule: job.schedule ?? '*/15',
    source: guest.node,
    vmtype: guest.type,
    last_sync: job.lastSync ?? lastTry,
    last_try: lastTry,
    next_sync: lastTry + QUARTER_S,
    duration: 4.211,
    fail_count: failCount,
    ...(error !== undefined && { error }),
  };
}
