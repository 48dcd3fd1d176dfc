import { check, may } from '../access.ts';
import { badParameters } from '../errors.ts';
import { flag, isSet, numberOf, ofNode, oneOf, optional, text, textOf, whole } from '../parameters.ts';
import type { SimTask } from '../tasks.ts';
import { decodeUpid } from '../upid.ts';
import { taskRow, taskStatus, who as taskUser } from '../views/task.ts';
import type { Call, Method } from './method.ts';

const ofTask = { ...ofNode, upid: text };

export const TASK_METHODS: readonly Method[] = [
  {
    method: 'GET',
    path: '/nodes/{node}/tasks',
    parameters: {
      ...ofNode,
      errors: optional(flag),
      limit: optional(whole(0)),
      since: optional(whole()),
      source: optional(oneOf('archive', 'active', 'all')),
      start: optional(whole(0)),
      statusfilter: optional(text),
      typefilter: optional(text),
      until: optional(whole()),
      userfilter: optional(text),
      vmid: optional(whole(100, 999_999_999)),
    },
    permission: 'all',
    proxied: true,
    run: listTasks,
  },
  {
    method: 'GET',
    path: '/nodes/{node}/tasks/{upid}/status',
    parameters: ofTask,
    permission: 'all',
    proxied: true,
    run: (call) => taskStatus(taskOf(call, 'Sys.Audit')),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/tasks/{upid}/log',
    parameters: { ...ofTask, download: optional(flag), limit: optional(whole(0)), start: optional(whole(0)) },
    permission: 'all',
    proxied: true,
    run: taskLog,
  },
  {
    method: 'DELETE',
    path: '/nodes/{node}/tasks/{upid}',
    parameters: ofTask,
    permission: 'all',
    proxied: true,
    run: (call) => {
      taskOf(call, 'Sys.Modify').interrupt();
      return null;
    },
  },
];

function listTasks(call: Call): unknown {
  const { cluster, who, values } = call;
  const node = textOf(values, 'node');
  const source = textOf(values, 'source') ?? 'archive';
  const auditor = may(who, `/nodes/${node}`, 'Sys.Audit');
  const rows = cluster.tasks.all
    .filter(
      ({ about, running }) => about.node === node && (source === 'all' || running === (source === 'active')),
    )
    .filter(({ about }) => auditor || owns(call, about.user))
    .filter((task) => matches(task, call));
  call.total = rows.length;
  const start = numberOf(values, 'start') ?? 0;
  return rows.slice(start, start + (numberOf(values, 'limit') ?? 50)).map(taskRow);
}

function matches(task: SimTask, { values }: Call): boolean {
  const { about } = task;
  const is = (name: string, value: string): boolean => (textOf(values, name) ?? value) === value;
  const status = statusType(task);
  const filter = textOf(values, 'statusfilter')
    ?.toLowerCase()
    .split(/[,; ]+/);
  const wanted = isSet(values, 'errors') ? status !== 'ok' : (filter?.includes(status) ?? true);
  const user = textOf(values, 'userfilter')?.toLowerCase();
  return (
    wanted &&
    is('typefilter', about.type) &&
    is('vmid', about.id) &&
    (user === undefined || about.user.toLowerCase().includes(user)) &&
    about.starttime >= (numberOf(values, 'since') ?? 0) &&
    about.starttime <= (numberOf(values, 'until') ?? Number.POSITIVE_INFINITY)
  );
}

function statusType({ exitstatus }: SimTask): 'ok' | 'warning' | 'error' | 'unknown' {
  if (exitstatus === 'OK') return 'ok';
  if (exitstatus === undefined || exitstatus === 'unexpected status') return 'unknown';
  return exitstatus.startsWith('WARNINGS:') ? 'warning' : 'error';
}

function taskLog(call: Call): unknown {
  const { lines } = taskOf(call, 'Sys.Audit');
  const start = numberOf(call.values, 'start') ?? 0;
  // 0 is all of it.
  const limit = numberOf(call.values, 'limit') ?? 50;
  // The web page cannot do with an empty list.
  const all = lines.length === 0 ? ['no content'] : lines;
  call.total = all.length;
  return all
    .map((line, index) => ({ n: index + 1, t: line }))
    .slice(start, limit === 0 ? undefined : start + limit);
}

/** @throws PveError if there is none, or it is somebody else's */
function taskOf(call: Call, privilege: string): SimTask {
  const { cluster, who, values } = call;
  const upid = textOf(values, 'upid') ?? '';
  if (decodeUpid(upid) === undefined) throw badParameters({ upid: 'unable to parse worker upid' });
  const task = cluster.tasks.find(upid);
  if (task === undefined) throw badParameters({ upid: 'no such task' });
  if (!owns(call, task.about.user)) check(who, `/nodes/${values.node}`, [privilege]);
  return task;
}

/** A user's own tokens' tasks are his; a token sees those that it started itself. */
const owns = ({ who }: Call, user: string): boolean => user === who.id || taskUser(user).user === who.id;
