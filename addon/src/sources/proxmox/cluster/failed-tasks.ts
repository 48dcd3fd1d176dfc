import { nodePath } from '../ids.ts';
import type { NodeReader } from '../reader.ts';
import { report } from './report.ts';
import type { TaskRow } from './wire.ts';

/** Seconds. Tasks are listed by their start, and some take long. */
const BACK = 2 * 86_400;

/** Tasks of the last day that failed, also those of which the cluster's own list tells nothing any more. */
export const failedTasks: NodeReader = {
  of: 'node',
  what: 'failed tasks of the nodes',
  due: 600,
  read: async (desk, node, signal) => {
    const since = Math.floor(desk.context.clock.now() / 1_000) - BACK;
    const path = `${nodePath(node)}/tasks?errors=1&since=${since}&limit=200`;
    await report(desk, await desk.client.list<TaskRow>(path, signal), signal);
  },
};
