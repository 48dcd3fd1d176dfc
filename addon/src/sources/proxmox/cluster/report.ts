import { clusterId, nodeId } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { titleOf, vmidOf } from './feed.ts';
import { failureText } from './task-log.ts';
import type { TaskRow } from './wire.ts';

/** Until when failures were told, in seconds since 1970: kept over restarts, so that none is told twice or missed. */
const TOLD = 'failures_told';
/** Logs that are read at once; of more the status has to do. */
const LOGS = 5;

/** Takes tasks that ended: those that failed are counted and told as events. */
export async function report(desk: Desk, rows: readonly TaskRow[], signal: AbortSignal): Promise<void> {
  const { picture, context } = desk;
  const { failures } = picture;
  const now = Math.floor(context.clock.now() / 1_000);
  const fresh = failures.take(rows, now);
  for (const task of fresh.slice(-LOGS)) failures.said(task.upid, await failureText(desk, task, signal));
  picture.work.tell('failures', failures.readings);
  failures.toldUntil ??= Number(context.memory.get(TOLD) ?? now);
  const { toldUntil } = failures;
  const untold = fresh.filter(({ endtime = 0 }) => endtime > toldUntil);
  const before = context.memory.get(TOLD);
  const until = Math.max(Number(before ?? toldUntil), ...untold.map(({ endtime = 0 }) => endtime));
  if (before !== String(until)) context.memory.put(TOLD, String(until));
  if (untold.length === 0) return;
  // So that what is told can be seen, too.
  desk.publish();
  for (const task of untold) {
    const where = picture.isCluster ? clusterId(picture.owner) : nodeId(picture.owner, task.node);
    context.emit(where, 'failure', {
      event_type: 'failed',
      task: titleOf(task),
      text: failures.textOf(task.upid) ?? task.status ?? '',
      node: task.node,
      guest: vmidOf(task) ?? null,
      user: task.user,
      ended: new Date((task.endtime ?? now) * 1_000).toISOString(),
    });
  }
}
