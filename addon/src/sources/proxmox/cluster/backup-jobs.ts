import { asLabError } from '../../../core/errors.ts';
import { slug } from '../../../core/ids.ts';
import { nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { timeOf } from '../units.ts';
import { backupRunIn, isRunOf } from './backup-run.ts';
import { hasFailed } from './feed.ts';
import { logOf } from './task-log.ts';
import type { BackupJobRow, LogLine, TaskRow } from './wire.ts';
import type { Job } from './work.ts';

/** Latest backups of a node that are looked through for runs of jobs. */
const LISTED = 50;
/** Logs a node and round of which the first lines are read. */
const LOGS = 12;
/** Seconds within which the nodes of a cluster begin with one run. */
const ONE_RUN = 600;

/** The backup jobs, with how their last runs went. */
export async function backupJobs(desk: Desk, signal: AbortSignal): Promise<readonly Job[]> {
  const jobs = await jobsOf(desk, signal);
  if (jobs.length === 0) return [];
  const { picture } = desk;
  const tasks = (
    await Promise.all([...picture.nodes.online].map((node) => backupsOn(desk, node, signal)))
  ).flat();
  picture.backups.keep(new Set(tasks.map(({ upid }) => upid)));
  return jobs.map((job) => {
    const runs = tasks.filter(({ upid }) => {
      const run = picture.backups.get(upid);
      return run !== undefined && isRunOf(run, job);
    });
    return jobOf(job, runs, (upid) => picture.failures.textOf(upid));
  });
}

/** @param runs the job's tasks on all nodes @param textOf what a task that failed said */
export function jobOf(
  job: BackupJobRow,
  runs: readonly TaskRow[],
  textOf: (upid: string) => string | undefined,
): Job {
  const rounds = roundsOf(runs);
  const [last] = rounds;
  const good = rounds.findIndex((round) => !round.some(hasFailed) && round.every(({ endtime }) => endtime));
  const result = last === undefined ? null : resultOf(last);
  // While it runs, what it was before counts.
  const over = rounds.find((round) => round.every(({ endtime }) => endtime));
  const failed = over?.find(hasFailed);
  const isOn = Number(job.enabled ?? 1) === 1;
  return {
    key: `backup_${slug(job.id.replace(/^backup-/, ''))}`,
    title: `Backup ${job.comment?.trim() || job.storage || job.id}`,
    kind: 'backup',
    schedule: job.schedule ?? null,
    problem: over === undefined ? null : failed !== undefined,
    last_result: result,
    last_run: timeOf(last?.[0] && last[0].starttime * 1_000),
    next_run: timeOf(isOn && job['next-run'] ? job['next-run'] * 1_000 : undefined),
    failures: rounds.slice(0, good === -1 ? undefined : good).filter((round) => round.some(hasFailed)).length,
    error: failed === undefined ? 'none' : (textOf(failed.upid) ?? failed.status ?? 'none'),
  };
}

/** Tasks that belong to one run, the latest run first. */
function roundsOf(runs: readonly TaskRow[]): readonly (readonly TaskRow[])[] {
  const rounds: TaskRow[][] = [];
  for (const run of runs.toSorted((one, other) => other.starttime - one.starttime)) {
    const round = rounds.at(-1);
    if (round?.[0] !== undefined && round[0].starttime - run.starttime <= ONE_RUN) round.push(run);
    else rounds.push([run]);
  }
  return rounds;
}

function resultOf(round: readonly TaskRow[]): Job['last_result'] {
  if (round.some(({ endtime }) => endtime === undefined)) return 'running';
  if (round.some(hasFailed)) return 'failed';
  return round.some(({ status = '' }) => status.startsWith('WARNINGS')) ? 'warnings' : 'ok';
}

async function jobsOf({ client, warn }: Desk, signal: AbortSignal): Promise<readonly BackupJobRow[]> {
  try {
    return await client.list<BackupJobRow>('/cluster/backup', signal);
  } catch (thrown) {
    const error = asLabError(thrown);
    if (error.code !== 'privilege_missing') throw thrown;
    warn(error);
    return [];
  }
}

/** The latest backups of a node; what each was started with is known afterwards. */
async function backupsOn(desk: Desk, node: string, signal: AbortSignal): Promise<readonly TaskRow[]> {
  const { client, picture, context } = desk;
  try {
    const path = `${nodePath(node)}/tasks?typefilter=vzdump&source=all&limit=${LISTED}`;
    const tasks = await client.list<TaskRow>(path, signal);
    for (const task of tasks.filter(({ upid }) => !picture.backups.has(upid)).slice(0, LOGS)) {
      const lines = await client.list<LogLine>(`${logOf(task)}?limit=10`, signal);
      picture.backups.put(task.upid, backupRunIn(lines.map(({ t = '' }) => t)));
    }
    return tasks;
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    // One node that does not tell keeps no job from being shown.
    context.log.debug(asLabError(thrown).message);
    return [];
  }
}
