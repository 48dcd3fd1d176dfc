import { guestPath } from '../ids.ts';
import type { GuestReader } from '../reader.ts';
import type { SnapshotRow } from './wire.ts';

const HOUR = 3_600;

/**
 * A guest's snapshots. They come and go with tasks that name the guest, so what is read beside that is to be sure; of a
 * guest that has none it is read seldom.
 */
export const snapshots: GuestReader = {
  of: 'guest',
  what: 'snapshots of a guest',
  every: ({ picture }, { vmid }) => (picture.guests.told(vmid).snapshots?.length === 0 ? 6 * HOUR : HOUR),
  isFor: () => true,
  read: async ({ client, picture }, row, signal) => {
    const rows = await client.list<SnapshotRow>(`${guestPath(row)}/snapshot`, signal);
    picture.guests.tell(row.vmid, { snapshots: rows.filter(({ name }) => name !== 'current') });
  },
};
