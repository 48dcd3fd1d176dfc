import type { Capabilities } from '../../../contract/capabilities.ts';
import { pause } from '../../../core/clock.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import { guestPath, vmidIn } from '../ids.ts';
import type { Desk } from '../reader.ts';
import type { GuestRow } from './wire.ts';

/** An agent that hangs keeps a worker of its node busy. */
const LIMIT_MS = 5_000;
const LOOK_MS = 1_000;
const LONGEST_MS = 40_000;

/** `GET /nodes/{node}/qemu/{vmid}/agent/exec-status` */
interface ExecStatus {
  readonly exited?: boolean | number;
  readonly exitcode?: number;
  readonly 'out-data'?: string;
  readonly 'err-data'?: string;
}

/** Has programs run by guest agents: `POST /nodes/{node}/qemu/{vmid}/agent/exec`, with VM.GuestAgent.Unrestricted. */
export function agentOf(desk: Desk): Capabilities['agent'] {
  /** What did not end in time, by vmid: an agent can end nothing, and hands a result out once. */
  const left = new Map<number, number>();
  const status = (row: GuestRow, pid: number, signal: AbortSignal): Promise<ExecStatus> =>
    desk.client.ask(`${guestPath(row)}/agent/exec-status?pid=${pid}`, LIMIT_MS, signal);
  return {
    run: async (id, command, signal) => {
      const row = desk.picture.guest(id);
      if (row?.type !== 'qemu')
        throw new LabError('target_unknown', `${id} is no virtual machine of the cluster at present`);
      const vmid = vmidIn(id);
      const before = left.get(vmid);
      if (before !== undefined && (await runsOn(status(row, before, signal)))) {
        throw new LabError('target_busy', `what the agent of ${id} was to run before has not ended`);
      }
      left.delete(vmid);
      const form = command.map((part) => ['command', part] as const);
      const path = `${guestPath(row)}/agent/exec`;
      const { pid } = await desk.client.tell<{ pid: number }>(path, form, LIMIT_MS, signal);
      left.set(vmid, pid);
      const end = desk.context.clock.elapsed() + LONGEST_MS;
      for (;;) {
        const { exited, 'out-data': out = '', 'err-data': err = '' } = await status(row, pid, signal);
        if (exited) {
          left.delete(vmid);
          return `${out}${out === '' || out.endsWith('\n') ? '' : '\n'}${err}`;
        }
        if (desk.context.clock.elapsed() >= end) {
          throw new LabError(
            'deadline_passed',
            `what the agent of ${id} runs has not ended after ${LONGEST_MS / 1_000} s`,
          );
        }
        await pause(desk.context.clock, LOOK_MS, signal);
        signal.throwIfAborted();
      }
    },
  };
}

/** An agent that was started again knows no such process. */
async function runsOn(asked: Promise<ExecStatus>): Promise<boolean> {
  try {
    return !(await asked).exited;
  } catch (thrown) {
    if (/pid.*(not exist|does not|invalid)|invalid parameter/i.test(asLabError(thrown).message)) return false;
    throw thrown;
  }
}
