import type { StepContext, StepOf } from '../../../contract/step.ts';
import { asLabError } from '../../../core/errors.ts';
import type { TaskRow } from '../cluster/wire.ts';
import { nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { taskEnded } from '../tasks.ts';
import { type Call, callText, send } from './call.ts';
import { endedUnlessCancelled } from './stoppable.ts';

/** What was asked for at the end of Labkeeper may arrive that much later. */
const ARRIVES_MS = 20_000;

/** Which tasks there were of a guest before anything was sent: a job's own are none of them. */
export interface Before {
  readonly node: string;
  /** Number of the guest, or the type of the tasks where they are about none. */
  readonly vmid: number | string;
  /** UPIDs */
  readonly tasks: readonly string[];
}

export interface TaskStep {
  readonly name: string;
  readonly call: Call;
  /** Of its task, as in `qmcreate`. */
  readonly type: string;
  /** The longest that it may take. */
  readonly ms: number;
  readonly before: Before;
  /** Whether what it makes is there though nobody knows its task; left out: its task alone can tell. */
  readonly isDone?: (signal: AbortSignal) => Promise<boolean>;
  /** What the job answers with once it is sent. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** It may be stopped half-way, where the job is cancelled: nothing comes of it then. */
  readonly isStoppable?: true;
}

type Context = StepContext<never>;

/** The tasks of a guest, or of a type, that a node knows of, running and ended. */
export async function tasksOf(
  desk: Desk,
  node: string,
  vmid: number | string,
  signal: AbortSignal,
): Promise<Before> {
  const filter = typeof vmid === 'number' ? `vmid=${vmid}` : `typefilter=${vmid}`;
  const path = `${nodePath(node)}/tasks?source=all&${filter}&limit=200`;
  const rows = await desk.client.list<TaskRow>(path, signal);
  return { node, vmid, tasks: rows.map(({ upid }) => upid) };
}

/** A step that one task of the cluster does: it is sent once, and found again by its task. */
export function taskStep(desk: Desk, step: TaskStep): StepOf<Context> {
  const { name, call, type, ms, before, isDone, result, isStoppable } = step;
  const { client, context } = desk;
  const ended = (upid: string, now: Context): Promise<void> =>
    isStoppable
      ? endedUnlessCancelled(desk, upid, ms, now)
      : taskEnded(client, upid, context.clock, ms, now.signal);
  let askedAt: number | undefined;
  return {
    name,
    calls: [callText(call)],
    run: async (now) => {
      if (result !== undefined) now.note({ result });
      const upid = await send(client, call, now.signal);
      now.note({ vendorRef: upid, keep: { [name]: upid } });
      await ended(upid, now);
    },
    happened: async (now) => {
      const upid = now.vendorRef ?? (await ownTask(desk, type, before, now));
      if (upid !== undefined) {
        now.note({ vendorRef: upid, keep: { [name]: upid } });
        try {
          await ended(upid, now);
          return true;
        } catch (thrown) {
          // Its worker died with its node: what it made may be there all the same.
          if (now.signal.aborted || asLabError(thrown).code !== 'unreachable') throw thrown;
          if (await isDone?.(now.signal)) return true;
          throw thrown;
        }
      }
      if (await isDone?.(now.signal)) return true;
      askedAt ??= context.clock.elapsed();
      return context.clock.elapsed() - askedAt < ARRIVES_MS ? undefined : false;
    },
  };
}

/** A task that was not there before, and is none of another step. */
async function ownTask(
  desk: Desk,
  type: string,
  { node, vmid, tasks }: Before,
  { kept, signal }: Context,
): Promise<string | undefined> {
  const known = new Set<unknown>([...tasks, ...Object.values(kept)]);
  const now = await tasksOf(desk, node, vmid, signal);
  return now.tasks.find((upid) => upid.split(':')[5] === type && !known.has(upid));
}
