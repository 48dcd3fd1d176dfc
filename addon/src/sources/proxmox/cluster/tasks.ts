import { asLabError } from '../../../core/errors.ts';
import type { ClusterReader, Desk } from '../reader.ts';
import { timeOf } from '../units.ts';
import { titleOf, vmidOf } from './feed.ts';
import { report } from './report.ts';
import type { TaskRow } from './wire.ts';
import type { WorkReadings } from './work.ts';

/** Seconds between two looks, at rest and while a task runs. */
const AT_REST = 30;
const BUSY = 10;
/** Logs that are followed at once. */
const FOLLOWED = 4;

/** The tasks of the cluster: what runs, what failed, and that a guest which one was about may be different now. */
export const clusterTasks: ClusterReader = {
  of: 'cluster',
  what: 'tasks',
  due: ({ picture }) => (picture.feed.running.length > 0 ? BUSY : AT_REST),
  read: async (desk, signal) => {
    const { client, picture } = desk;
    const { ended, running } = picture.feed.take(await client.list<TaskRow>('/cluster/tasks', signal));
    picture.logs.keep(new Set(running.map(({ upid }) => upid)));
    await Promise.all(running.slice(0, FOLLOWED).map((task) => follow(desk, task, signal)));
    picture.work.tell(
      'tasks',
      runningOf(running, (upid) => picture.logs.progressOf(upid)),
    );
    if (ended.some(({ type }) => type === 'vzdump')) picture.contents.backupEnded();
    await report(desk, ended, signal);
    for (const vmid of new Set(ended.map(vmidOf))) if (vmid !== undefined) desk.touched(vmid);
  },
};

/** @param progressOf percent of a task, by its id; null: unknown */
export function runningOf(
  running: readonly TaskRow[],
  progressOf: (upid: string) => number | null,
): Partial<WorkReadings> {
  const [longest] = running;
  return {
    tasks_running: running.length,
    task: longest === undefined ? 'none' : titleOf(longest),
    task_progress: longest === undefined ? null : progressOf(longest.upid),
    running_tasks: running.map((task) => ({
      key: keyOf(task),
      title: titleOf(task),
      node: task.node,
      user: task.user,
      started: timeOf(task.starttime * 1_000) ?? '',
      progress: progressOf(task.upid),
    })),
  };
}

/** Node, process and start tell tasks apart. */
function keyOf({ upid }: TaskRow): string {
  const [, node = '', pid = '', pstart = ''] = upid.toLowerCase().split(':');
  return `${node}_${pid}_${pstart}`.replace(/[^a-z0-9_]/g, '_');
}

async function follow(desk: Desk, task: TaskRow, signal: AbortSignal): Promise<void> {
  try {
    await desk.picture.logs.follow(desk, task, signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    // It may have ended, or be somebody else's.
    desk.context.log.debug(asLabError(thrown).message);
  }
}
