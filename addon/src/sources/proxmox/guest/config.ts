import { asLabError, LabError } from '../../../core/errors.ts';
import { guestPath } from '../ids.ts';
import type { Desk, GuestReader } from '../reader.ts';
import { fingerprintOf, isSameBearer } from './bearer.ts';
import type { GuestConfig, GuestRow, PendingRow } from './wire.ts';

const HOUR = 3_600;

/** A guest's configuration. Most changes to it are no task, and are found by looking. */
export const guestConfig: GuestReader = {
  of: 'guest',
  what: 'configuration of a guest',
  atFirst: true,
  every: () => HOUR,
  isFor: () => true,
  read: async (desk, row, signal) => take(desk, row, await readConfig(desk, row, signal)),
};

/** Reads the configuration of a guest that is new or may be another, and takes which bearer of its vmid it is. */
export async function identify(desk: Desk, row: GuestRow, signal: AbortSignal): Promise<void> {
  let config: GuestConfig | undefined;
  try {
    if (!desk.picture.nodes.online.has(row.node)) throw new LabError('node_offline', `${row.node} is off`);
    config = await readConfig(desk, row, signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    // Its node may be off. It is the same guest as ever until its configuration says otherwise.
    desk.context.log.debug(asLabError(thrown).message);
  }
  // While it is made there is nothing to know it by: the next list looks again.
  if (config !== undefined && isHalfMade(config)) return;
  take(desk, row, config);
}

/** A guest that is being made or copied: its configuration holds a lock, and little else. */
export const isHalfMade = ({ lock, smbios1, rootfs }: GuestConfig): boolean =>
  /^(create|clone)$/.test(String(lock)) && smbios1 === undefined && rootfs === undefined;

function take({ picture, context, touched }: Desk, row: GuestRow, config: GuestConfig | undefined): void {
  const fingerprint = config && fingerprintOf(row.type, config);
  const gap = picture.guests.gap(row.vmid);
  const generation = context.identities.generation(`guest/${row.vmid}`, fingerprint, (before) =>
    isSameBearer(before, fingerprint ?? before, gap),
  );
  const before = picture.guests.generation(row.vmid);
  picture.guests.identified(row, generation, config);
  // Another guest: nothing of what was read is of it.
  if (before !== undefined && before !== generation) touched(row.vmid);
}

/** With what is to be changed at the next start: one call tells both. */
async function readConfig(
  { client, picture }: Desk,
  row: GuestRow,
  signal: AbortSignal,
): Promise<GuestConfig> {
  const rows = await client.list<PendingRow>(`${guestPath(row)}/pending`, signal);
  const pending = rows.filter((each) => each.pending !== undefined || each.delete).map(({ key }) => key);
  picture.guests.tell(row.vmid, { pending });
  return Object.fromEntries(rows.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])));
}
