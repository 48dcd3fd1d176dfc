import type { Note } from '../../../contract/capabilities.ts';
import { pause } from '../../../core/clock.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import type { GuestConfig, GuestRow } from '../guest/wire.ts';
import { guestPath, nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { taskEnded } from '../tasks.ts';
import type { NodeRow } from './wire.ts';

/** Memory of a busy guest goes over the network again and again. */
const MOVE_MS = 3_600_000;
/** High availability moves a guest when it gets to it. */
const MANAGED_MS = 600_000;
const LOOK_MS = 3_000;

/** A disk or mount point in a configuration, and devices of the node that a guest uses. */
const DISK = /^(?:(?:ide|sata|scsi|virtio|efidisk|tpmstate|mp)\d+|rootfs)$/;
const DEVICE = /^(?:hostpci|usb|dev)\d+$/;

/**
 * Moves a running guest to the node with most memory to spare. Only where all of its disks are on storages that the
 * nodes share: copying disks could take hours.
 *
 * @param list reads the list of the cluster again
 * @returns false: it cannot be moved, or Proxmox VE could not do it; it is where it was
 */
export async function moveAway(
  desk: Desk,
  list: (signal: AbortSignal) => Promise<void>,
  id: string,
  signal: AbortSignal,
  note: Note = () => {},
): Promise<boolean> {
  const { client, picture, context } = desk;
  const row = picture.guest(id);
  if (row === undefined) throw new LabError('target_unknown', `${id} is not in the cluster at present`);
  const target = roomiest(picture.nodes.rows, row);
  if (target === undefined || !(await canMove(desk, row, signal))) return false;
  const how = row.type === 'qemu' ? { online: '1' } : { restart: '1' };
  try {
    const upid = await client.post<string>(`${guestPath(row)}/migrate`, { target, ...how }, signal);
    note({ vendorRef: upid });
    await taskEnded(client, upid, context.clock, MOVE_MS, signal);
    // Its task only told high availability what is wanted.
    if (row.hastate) await left(desk, list, id, row.node, signal);
  } catch (thrown) {
    const error = asLabError(thrown);
    // Of anything else nobody knows whether it goes on.
    if (signal.aborted || error.code !== 'source_refused') throw thrown;
    desk.warn(error);
    return false;
  }
  await list(signal);
  return true;
}

/** The node that runs and has most free memory, enough for the guest; undefined: there is none. */
export function roomiest(
  nodes: readonly NodeRow[],
  guest: Pick<GuestRow, 'node' | 'maxmem'>,
): string | undefined {
  const free = ({ maxmem = 0, mem = maxmem }: NodeRow): number => maxmem - mem;
  return nodes
    .filter((row) => row.status === 'online' && row.node !== guest.node && free(row) > (guest.maxmem ?? 0))
    .toSorted((one, other) => free(other) - free(one))[0]?.node;
}

/** Whether nothing in a configuration ties a guest to its node. @param shared names of storages that nodes share */
export function isFree(config: GuestConfig, shared: ReadonlySet<string>): boolean {
  return Object.entries(config).every(([key, value]) => {
    const text = String(value ?? '');
    if (DEVICE.test(key)) return /^spice/.test(text);
    if (!DISK.test(key) || /^none\b|^cdrom\b/.test(text)) return true;
    const [storage = ''] = text.split(':');
    return shared.has(storage);
  });
}

async function canMove({ client }: Desk, row: GuestRow, signal: AbortSignal): Promise<boolean> {
  const config = await client.get<GuestConfig>(`${guestPath(row)}/config`, signal);
  const storages = await client.list<{ storage: string; shared?: number }>(
    `${nodePath(row.node)}/storage`,
    signal,
  );
  const shared = storages.filter(({ shared }) => Number(shared) === 1).map(({ storage }) => storage);
  return isFree(config, new Set(shared));
}

/** Waits until high availability has taken a guest to another node. */
async function left(
  { picture, context: { clock } }: Desk,
  list: (signal: AbortSignal) => Promise<void>,
  id: string,
  node: string,
  signal: AbortSignal,
): Promise<void> {
  const end = clock.elapsed() + MANAGED_MS;
  while (picture.guest(id)?.node === node) {
    if (clock.elapsed() > end) {
      throw new LabError('deadline_passed', `${id} is still on ${node} after ${MANAGED_MS / 60_000} min`, {
        hint: 'see what high availability says in the cluster',
      });
    }
    await pause(clock, LOOK_MS, signal);
    signal.throwIfAborted();
    await list(signal);
  }
}
