import type { MigrateInput } from '../../../contract/inputs/guests.ts';
import type { Task } from '../../../contract/provision.ts';
import type { StepContext, StepOf } from '../../../contract/step.ts';
import { pause } from '../../../core/clock.ts';
import { LabError } from '../../../core/errors.ts';
import { guestPath } from '../ids.ts';
import type { Bench } from './bench.ts';
import { unlocked } from './guest-now.ts';
import { type MoveDecided, moveOf } from './migrate-checks.ts';
import { taskStep } from './task-step.ts';

/** Disks of terabytes take hours over a network of a gigabit. */
const MS = 24 * 3_600_000;
/** High availability moves a guest when it gets to it. */
const MANAGED_MS = 3_600_000;
const LOOK_MS = 3_000;

/** `POST /nodes/{node}/{qemu|lxc}/{vmid}/migrate` */
export function migrateGuest({ desk, list }: Bench): Task<MigrateInput> {
  const nodeNow = async (id: string, signal: AbortSignal): Promise<string | undefined> => {
    await list(signal);
    return desk.picture.guest(id)?.node;
  };
  return {
    prepare: (context) => moveOf({ desk, list }, context),
    steps: ({ decided, target }) => {
      const { row, to, form, isManaged, before } = decided as unknown as MoveDecided;
      const wait: StepOf<StepContext<never>> = {
        name: 'Wait until high availability has moved it',
        run: async ({ signal }) => {
          const { clock } = desk.context;
          const end = clock.elapsed() + MANAGED_MS;
          while ((await nodeNow(target.id, signal)) !== to) {
            if (clock.elapsed() > end)
              throw new LabError('deadline_passed', `${target.name} is still not on ${to} after an hour`, {
                hint: 'see what high availability says in the cluster',
              });
            await pause(clock, LOOK_MS, signal);
            signal.throwIfAborted();
          }
        },
        happened: async () => false,
      };
      return [
        taskStep(desk, {
          ...{ name: `Move it to ${to}`, ms: MS, before },
          call: { method: 'POST', path: `${guestPath(row)}/migrate`, form },
          type: isManaged ? 'hamigrate' : row.type === 'qemu' ? 'qmigrate' : 'vzmigrate',
          isDone: async (signal) => (await nodeNow(target.id, signal)) === to,
        }),
        ...(isManaged ? [wait] : []),
        {
          name: `See that it is on ${to}`,
          run: async ({ signal }) => {
            await unlocked(desk, { ...row, node: to }, signal);
            const now = await nodeNow(target.id, signal);
            if (now !== to)
              throw new LabError('source_failed', `${target.name} is on ${now ?? 'no node'}, not on ${to}`);
            desk.touched(row.vmid);
          },
          happened: async () => false,
        },
      ];
    },
  };
}
