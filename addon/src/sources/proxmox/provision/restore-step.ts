import type { StepContext, StepOf } from '../../../contract/step.ts';
import { asLabError, LabError, OPEN_ENDED } from '../../../core/errors.ts';
import type { GuestConfig } from '../guest/wire.ts';
import type { Bench } from './bench.ts';
import type { Call } from './call.ts';
import { leftOf, type Made, stateOf } from './made.ts';
import { type Before, taskStep } from './task-step.ts';

/** Disks of terabytes from a slow storage. */
export const RESTORE_MS = 24 * 3_600_000;

/**
 * A step that restores a backup as a new guest. Proxmox VE does not take away what it had begun of a virtual machine when
 * that fails: it is told of as left behind until it is known that there is nothing.
 */
export function restoreStep(
  { desk, vmids, copies }: Bench,
  step: { readonly call: Call; readonly before: Before; readonly made: Made; readonly line: string },
): StepOf<StepContext<never>> {
  const { call, before, made, line } = step;
  const inner = taskStep(desk, {
    ...{ name: `Restore it as ${made.vmid}`, ms: RESTORE_MS, call, before },
    type: made.type === 'qemu' ? 'qmrestore' : 'vzrestore',
    isDone: async (signal) => (await stateOf(desk, made, signal)).is === 'ours',
  });

  /** Tells what is left behind by what failed for certain. */
  const told = async <T>(now: StepContext<never>, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      const { code, message } = asLabError(thrown);
      // The node may have heard it before it was lost.
      if (code === 'node_offline') throw new LabError('unreachable', message, { cause: thrown });
      if (!OPEN_ENDED.includes(code) && (await isNothingLeft(now.signal))) now.note({ left: [] });
      throw thrown;
    }
  };

  async function isNothingLeft(signal: AbortSignal): Promise<boolean> {
    try {
      const state = await stateOf(desk, made, signal);
      return state.is === 'absent' || (state.is === 'foreign' && !isRuin(state.config));
    } catch {
      // Nobody tells: it may be there.
      return false;
    }
  }

  return {
    ...inner,
    run: (now) =>
      copies.run(line, async () => {
        now.signal.throwIfAborted();
        vmids.used(made.vmid);
        const { vmid, node, name } = made;
        now.note({ left: [leftOf(desk, made)], result: { vmid, node, name } });
        await told(now, () => inner.run(now as never));
      }),
    happened: (now) => told(now, async () => inner.happened?.(now as never)),
  };
}

/** What is left of a virtual machine whose restore failed: a configuration with nothing in it. */
const isRuin = ({ smbios1, rootfs, name, hostname }: GuestConfig): boolean =>
  [smbios1, rootfs, name, hostname].every((each) => each === undefined);
