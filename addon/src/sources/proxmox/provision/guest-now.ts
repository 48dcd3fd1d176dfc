import type { Check } from '../../../contract/step.ts';
import { pause } from '../../../core/clock.ts';
import { LabError } from '../../../core/errors.ts';
import { checkUnlocked, found, type List } from '../guest/found.ts';
import type { GuestConfig, GuestRow, GuestStatus } from '../guest/wire.ts';
import { guestPath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { type Before, tasksOf } from './task-step.ts';

const LOCK_MS = 120_000;

/** A guest as its node tells it at this moment, for who is about to change it. */
export interface GuestNow {
  readonly row: GuestRow;
  readonly status: GuestStatus;
  readonly config: GuestConfig;
  readonly before: Before;
  /** What a dry run holds for: where it is, what it is, and how it is configured. */
  readonly fingerprint: string;
}

/**
 * Reads a guest anew, wherever it is by now.
 *
 * @throws LabError `target_unknown`; `source_refused` while something else is done to it
 */
export async function guestNow(desk: Desk, list: List, id: string, signal: AbortSignal): Promise<GuestNow> {
  const { row, ...status } = await found(desk, list, id, signal);
  checkUnlocked(row, status.lock);
  const config = await desk.client.get<GuestConfig>(`${guestPath(row)}/config`, signal);
  const before = await tasksOf(desk, row.node, row.vmid, signal);
  const identity = [config.smbios1, config.vmgenid].map((one) => String(one ?? '')).join(' ');
  const fingerprint = [row.type, row.vmid, row.name, row.node, identity, config.digest].join(' ');
  return { row, status, config, before, fingerprint };
}

/** Waits until nothing holds a guest any more: its lock may outlive the task that set it. */
export async function unlocked(desk: Desk, row: GuestRow, signal: AbortSignal): Promise<void> {
  const { clock } = desk.context;
  const end = clock.elapsed() + LOCK_MS;
  for (;;) {
    const { lock } = await desk.client.get<GuestStatus>(`${guestPath(row)}/status/current`, signal);
    if (lock === undefined) return;
    if (clock.elapsed() > end) {
      throw new LabError(
        'source_refused',
        `${row.name ?? row.vmid} is still locked (${lock}) after its task ended`,
        {
          hint: 'see what holds it in Proxmox VE; qm unlock or pct unlock takes a lock away that nothing holds any more',
        },
      );
    }
    await pause(clock, 1_000, signal);
    signal.throwIfAborted();
  }
}

/** Whether our user and token hold a privilege. @param path as in `/vms/101` */
export function rightCheck({ may }: Desk, path: string, privilege: string): Check {
  const ok = may(path, privilege);
  return ok
    ? { name: 'Right', ok, message: `${privilege} at ${path} is held` }
    : {
        ...{ name: 'Right', ok, message: `${privilege} at ${path} is missing` },
        hint: 'give it to the user and, if its token has separated privileges, to the token too',
      };
}
