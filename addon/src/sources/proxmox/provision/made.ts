import type { LeftBehind, StepContext } from '../../../contract/step.ts';
import { LabError } from '../../../core/errors.ts';
import { isHalfMade } from '../guest/config.ts';
import type { GuestConfig, GuestRow } from '../guest/wire.ts';
import { guestId, guestPath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { guestRows } from './vmids.ts';

/** A guest that a job makes: what it is known by until the lab knows it. */
export interface Made {
  readonly type: 'qemu' | 'lxc';
  readonly vmid: number;
  /** Which bearer of its vmid it becomes. */
  readonly generation: number;
  /** Where it comes to be. */
  readonly node: string;
  readonly name: string;
  /** Stands in its notes: what bears it is this job's own. */
  readonly mark: string;
  /** What else is left behind until the last step is done. */
  readonly beside?: readonly LeftBehind[];
}

/** What is there under a guest's number: nothing, something that is being made, the job's own guest, or another. */
export type State =
  | { readonly is: 'absent' }
  | { readonly is: 'busy'; readonly row: GuestRow; readonly lock: string }
  | { readonly is: 'ours' | 'foreign'; readonly row: GuestRow; readonly config: GuestConfig };

/** @param job its id; left out: a dry run's */
export const markOf = (job = '…'): string => `Made by Labkeeper (job ${job})`;

/** Which bearer of its number the next one is. */
export const nextGeneration = ({ context }: Desk, vmid: number): number =>
  context.identities.bearers(`guest/${vmid}`) + 1;

/** For people: “VM 201 (web) on pve1”. */
export const nameOf = ({ type, vmid, name, node }: Made): string =>
  `${type === 'qemu' ? 'VM' : 'container'} ${vmid} (${name}) on ${node}`;

export const leftOf = (desk: Desk, made: Made): LeftBehind => ({
  id: guestId(desk.picture.owner, made.vmid, made.generation),
  what: nameOf(made),
  remove: 'delete_guest',
});

/** What bears the number at this moment. */
export async function stateOf(desk: Desk, { vmid, mark }: Made, signal: AbortSignal): Promise<State> {
  const row = (await guestRows(desk, signal)).find((each) => each.vmid === vmid);
  if (row === undefined) return { is: 'absent' };
  const config = await desk.client.get<GuestConfig>(`${guestPath(row)}/config`, signal);
  const isOurs = String(config.description ?? '').includes(mark);
  if (/^(create|clone)$/.test(String(config.lock)) && (isOurs || isHalfMade(config)))
    return { is: 'busy', row, lock: String(config.lock) };
  return { is: isOurs ? 'ours' : 'foreign', row, config };
}

/** All that is left behind while the guest is there. */
export const allLeft = (desk: Desk, made: Made): readonly LeftBehind[] => [
  ...(made.beside ?? []),
  leftOf(desk, made),
];

/**
 * The guest that the job made, before anything else is done to it.
 *
 * @throws LabError `target_changed` where another bears its number by now, or nobody
 */
export async function ownGuest(
  desk: Desk,
  made: Made,
  { signal, note }: StepContext<never>,
): Promise<{ readonly row: GuestRow; readonly config: GuestConfig }> {
  const state = await stateOf(desk, made, signal);
  if (state.is === 'ours') return state;
  const hint = 'see in Proxmox VE what became of it';
  if (state.is === 'busy')
    throw new LabError('source_refused', `${nameOf(made)} is still being made (${state.lock})`, { hint });
  const now = state.is === 'absent' ? 'is gone' : `is another guest by now: ${state.row.name ?? made.vmid}`;
  // Nobody shall delete another's guest in its place.
  note({ left: made.beside ?? [] });
  throw new LabError('target_changed', `${nameOf(made)} ${now}`, { hint });
}

/** After a failure, takes what is not there out of what is left behind. */
export async function settleLeft(
  desk: Desk,
  made: Made,
  { note, signal }: StepContext<never>,
): Promise<void> {
  try {
    const { is } = await stateOf(desk, made, signal);
    if (is === 'absent' || is === 'foreign') note({ left: made.beside ?? [] });
  } catch {
    // Nobody tells: it may be there.
  }
}
