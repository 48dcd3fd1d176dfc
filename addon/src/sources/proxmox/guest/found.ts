import { asLabError, type ErrorCode, LabError } from '../../../core/errors.ts';
import { guestPath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import type { GuestRow, GuestStatus } from './wire.ts';

const UNANSWERED: readonly ErrorCode[] = ['unreachable', 'deadline_passed', 'node_offline'];

/** Has the list of the cluster read again. */
export type List = (signal: AbortSignal) => Promise<void>;

/** Where a guest is and how, at this moment: it may have moved since the last list. */
export async function found(
  desk: Desk,
  list: List | undefined,
  id: string,
  signal: AbortSignal,
): Promise<GuestStatus & { readonly row: GuestRow }> {
  const row = desk.picture.guest(id);
  if (row === undefined) throw new LabError('target_unknown', `${id} is not in the cluster at present`);
  try {
    return { ...(await desk.client.get<GuestStatus>(`${guestPath(row)}/status/current`, signal)), row };
  } catch (thrown) {
    const { code, message, hint } = asLabError(thrown);
    if (signal.aborted) throw thrown;
    if (list !== undefined && code === 'source_failed') {
      await list(signal);
      return found(desk, undefined, id, signal);
    }
    if (!UNANSWERED.includes(code)) throw thrown;
    // As an error of what was sent, it would leave open whether it happened.
    throw new LabError('source_failed', `${message}; nothing was sent`, {
      ...(hint !== undefined && { hint }),
      cause: thrown,
    });
  }
}

/** @throws LabError `source_refused` while something else is done to it */
export function checkUnlocked({ name, vmid }: GuestRow, lock: string | undefined): void {
  if (lock === undefined) return;
  const hint = 'wait until that is done';
  throw new LabError('source_refused', `${name ?? vmid} is locked (${lock})`, { hint });
}
