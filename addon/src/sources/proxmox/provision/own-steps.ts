import type { StepContext, StepOf } from '../../../contract/step.ts';
import type { GuestRow, GuestStatus } from '../guest/wire.ts';
import { guestPath } from '../ids.ts';
import { taskEnded } from '../tasks.ts';
import type { Bench } from './bench.ts';
import { type Call, callText, send } from './call.ts';
import { disksIn, gibOf } from './disks-in.ts';
import { type Made, ownGuest } from './made.ts';

const GROW_MS = 600_000;
const START_MS = 300_000;

type Own = StepOf<StepContext<never>>;

export interface Settings {
  readonly name: string;
  readonly form: Readonly<Record<string, string>>;
}

/** Sets what a job's own guest has; setting it twice changes nothing. */
export function setStep({ desk }: Bench, made: Made, { name, form }: Settings): Own {
  return {
    name,
    calls: [callText({ method: 'PUT', path: `${guestPath(made)}/config`, form })],
    run: async (now) => {
      const { row } = await ownGuest(desk, made, now);
      await desk.client.change<unknown>('PUT', `${guestPath(row)}/config`, form, now.signal);
    },
    happened: async () => false,
  };
}

export interface Growth {
  /** As in `scsi0` or `rootfs`. */
  readonly disk: string;
  readonly gib: number;
}

/** Grows a disk to a size, where it is smaller; by its size, so twice is no more than once. */
export function growStep({ desk }: Bench, made: Made, { disk, gib }: Growth): Own {
  const form = { disk, size: `${gib}G` };
  const { client, context } = desk;
  return {
    name: `Grow ${disk} to ${gib} GiB`,
    calls: [callText({ method: 'PUT', path: `${guestPath(made)}/resize`, form })],
    run: async (now) => {
      const { signal, note } = now;
      const { row, config } = await ownGuest(desk, made, now);
      const found = disksIn(config).find(({ key }) => key === disk);
      const size = found === undefined ? 0 : gibOf(found);
      if (size >= gib) {
        note({ log: `${disk} has ${size} GiB already` });
        return;
      }
      const path = `${guestPath(row)}/resize`;
      const upid = await client.change<string | null>('PUT', path, form, signal);
      // Before Proxmox VE 8 there was no task.
      if (upid === null) return;
      note({ vendorRef: upid });
      await taskEnded(client, upid, context.clock, GROW_MS, signal);
    },
    happened: async ({ vendorRef, signal }) => {
      if (vendorRef !== undefined) await taskEnded(client, vendorRef, context.clock, GROW_MS, signal);
      return false;
    },
  };
}

/** Starts a job's own guest, unless it runs. */
export function startStep({ desk }: Bench, made: Made): Own {
  const { client, context } = desk;
  const isRunning = async (row: GuestRow, signal: AbortSignal): Promise<boolean> =>
    (await client.get<GuestStatus>(`${guestPath(row)}/status/current`, signal)).status === 'running';
  return {
    name: 'Start it',
    calls: [callText({ method: 'POST', path: `${guestPath(made)}/status/start`, form: {} })],
    run: async (now) => {
      const { signal, note } = now;
      const { row } = await ownGuest(desk, made, now);
      if (await isRunning(row, signal)) return;
      try {
        const call: Call = { method: 'POST', path: `${guestPath(row)}/status/start`, form: {} };
        const upid = await send(client, call, signal);
        note({ vendorRef: upid });
        await taskEnded(client, upid, context.clock, START_MS, signal);
      } catch (thrown) {
        // It may have been on its way already, sent by an earlier run.
        if (signal.aborted || !(await isRunning(row, signal).catch(() => false))) throw thrown;
      }
    },
    happened: async ({ vendorRef, signal }) => {
      if (vendorRef !== undefined) await taskEnded(client, vendorRef, context.clock, START_MS, signal);
      return false;
    },
  };
}
