import type { SimTask } from '../tasks.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A token's tasks show its user and its name apart. */
export function who(user: string): { readonly user: string; readonly tokenid?: string } {
  const [name = '', tokenid] = user.split('!');
  return tokenid === undefined ? { user: name } : { user: name, tokenid };
}

const decoded = ({ upid, about }: SimTask): Fields => ({ ...about, ...who(about.user), upid });

/** A row of `GET /nodes/{node}/tasks`. */
export const taskRow = (task: SimTask): Fields => ({
  ...decoded(task),
  ...(task.running ? { status: 'RUNNING' } : { endtime: task.endtime, status: task.exitstatus }),
});

/** A row of `GET /cluster/tasks`. */
export const broadcastTask = (task: SimTask): Fields => ({
  ...decoded(task),
  saved: task.running ? '0' : '1',
  ...(task.running ? {} : { endtime: task.endtime, status: task.exitstatus }),
});

/** `GET …/tasks/{upid}/status`. */
export const taskStatus = (task: SimTask): Fields => ({
  ...decoded(task),
  status: task.running ? 'running' : 'stopped',
  ...(task.running ? {} : { exitstatus: task.exitstatus }),
});
