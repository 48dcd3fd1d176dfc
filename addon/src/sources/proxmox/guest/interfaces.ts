import { guestPath } from '../ids.ts';
import type { GuestReader } from '../reader.ts';
import { addressesIn } from './addresses.ts';
import { macsIn } from './bearer.ts';
import type { InterfaceRow } from './wire.ts';

const HOUR = 3_600;

/** The addresses of a container, from its node; older versions of Proxmox VE do not tell. */
export const interfaces: GuestReader = {
  of: 'guest',
  what: 'addresses of a container',
  every: () => HOUR,
  isFor: ({ type, status }) => type === 'lxc' && status === 'running',
  read: async ({ client, picture }, row, signal) => {
    const rows = await client.list<InterfaceRow>(`${guestPath(row)}/interfaces`, signal);
    const config = picture.guests.config(row.vmid) ?? {};
    picture.guests.tell(row.vmid, { addresses: addressesIn(rows, macsIn(config)) });
  },
};
