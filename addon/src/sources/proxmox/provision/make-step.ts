import type { StepContext, StepOf } from '../../../contract/step.ts';
import { pause } from '../../../core/clock.ts';
import { asLabError, LabError, OPEN_ENDED } from '../../../core/errors.ts';
import type { TaskRow } from '../cluster/wire.ts';
import { nodePath } from '../ids.ts';
import type { Bench } from './bench.ts';
import { type Call, callText, send } from './call.ts';
import { allLeft, type Made, nameOf, settleLeft, stateOf } from './made.ts';
import { endedUnlessCancelled } from './stoppable.ts';
import type { Before } from './task-step.ts';

const LOOK_MS = 2_000;
/** What was asked for at the end of Labkeeper may arrive that much later; and a task that ended may leave its lock so long. */
const ARRIVES_MS = 20_000;

export interface MakeStep {
  readonly name: string;
  readonly call: Call;
  /** Of its task, as in `qmcreate`. */
  readonly type: string;
  /** The longest that it may take. */
  readonly ms: number;
  readonly before: Before;
  readonly made: Made;
  /** What is copied to one storage goes one after another: its name. */
  readonly line?: string;
}

type Context = StepContext<never>;

/**
 * A step that makes a guest. The guest is told of as left behind before anything is sent; what was cut off is looked for by
 * the guest itself, which bears the job's mark, so that nobody else's is taken for it and none is made twice.
 */
export function makeStep({ desk, vmids, copies }: Bench, step: MakeStep): StepOf<Context> {
  const { name, call, type, ms, made, line } = step;
  const { client, context } = desk;
  const { clock } = context;
  const inLine = <T>(work: () => Promise<T>): Promise<T> =>
    line === undefined ? work() : copies.run(line, work);
  let askedAt: number | undefined;

  const ended = (upid: string, now: Context): Promise<void> => endedUnlessCancelled(desk, upid, ms, now);

  /** Tells what is left behind by what failed for certain: Proxmox VE takes away again what it had begun, or does not. */
  const told = async <T>(now: Context, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      const { code, message } = asLabError(thrown);
      // The node may have heard it before it was lost.
      if (code === 'node_offline') throw new LabError('unreachable', message, { cause: thrown });
      if (!OPEN_ENDED.includes(code)) await settleLeft(desk, made, now);
      throw thrown;
    }
  };

  /** Waits while something is made under that number. */
  const settled = async (now: Context): Promise<boolean | undefined> => {
    const begin = clock.elapsed();
    let idleSince: number | undefined;
    for (;;) {
      const state = await stateOf(desk, made, now.signal);
      if (state.is === 'ours') return true;
      if (state.is === 'foreign') {
        now.note({ left: made.beside ?? [] });
        throw new LabError('target_changed', `${made.vmid} is another guest by now: ${state.row.name}`, {
          hint: 'ask for it again: it gets another id',
        });
      }
      const tasks = await newTasks(step, now.signal);
      const running = tasks.find(({ endtime }) => endtime === undefined);
      if (state.is === 'absent' && running === undefined) {
        // Its own number is in the task of what is created; a copy's task has that of what is copied.
        const [failed] = call.path.endsWith('/clone') ? [] : tasks;
        if (failed !== undefined) await ended(failed.upid, now);
        askedAt ??= clock.elapsed();
        return clock.elapsed() - askedAt < ARRIVES_MS ? undefined : false;
      }
      idleSince = running === undefined ? (idleSince ?? clock.elapsed()) : undefined;
      const isStuck = idleSince !== undefined && clock.elapsed() - idleSince > ARRIVES_MS;
      if (isStuck || clock.elapsed() - begin > ms) {
        throw new LabError(
          'source_refused',
          `${nameOf(made)} is half made, and nothing works on it any more`,
          {
            hint: `on ${made.node}: ${made.type === 'qemu' ? 'qm' : 'pct'} unlock ${made.vmid}, then remove it`,
          },
        );
      }
      await pause(clock, LOOK_MS, now.signal);
      now.signal.throwIfAborted();
    }
  };

  async function newTasks({ before: known }: MakeStep, signal: AbortSignal): Promise<readonly TaskRow[]> {
    const path = `${nodePath(known.node)}/tasks?source=all&vmid=${known.vmid}&limit=200`;
    const rows = await client.list<TaskRow>(path, signal);
    return rows.filter((row) => row.upid.split(':')[5] === type && !known.tasks.includes(row.upid));
  }

  return {
    name,
    calls: [callText(call)],
    run: (now) =>
      inLine(async () => {
        now.signal.throwIfAborted();
        vmids.used(made.vmid);
        now.note({
          left: allLeft(desk, made),
          result: { vmid: made.vmid, node: made.node, name: made.name },
        });
        await told(now, async () => {
          const upid = await send(client, call, now.signal);
          now.note({ vendorRef: upid });
          await ended(upid, now);
        });
      }),
    happened: (now) =>
      inLine(() =>
        told(now, async () => {
          if (now.vendorRef !== undefined) await ended(now.vendorRef, now);
          return settled(now);
        }),
      ),
  };
}
