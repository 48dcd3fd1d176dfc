import { asLabError } from '../../../core/errors.ts';
import { guestPath } from '../ids.ts';
import type { Desk, GuestReader } from '../reader.ts';
import { addressesIn } from './addresses.ts';
import { macsIn } from './bearer.ts';
import { hasAgent } from './settings.ts';
import type { Filling } from './told.ts';
import type { FileSystemRow, GuestRow, InterfaceRow, OsInfo } from './wire.ts';

const HOUR = 3_600;
/** Addresses hardly change while a guest runs. */
const ADDRESSES_MS = 3 * HOUR * 1_000;
/** An agent that hangs keeps a worker of its node busy. */
const LIMIT_MS = 5_000;
/** Images that are full by nature, and what is no disk of the guest's own. */
const NO_DISK =
  /^(squashfs|erofs|iso9660|udf|cdfs|cramfs|romfs|tmpfs|devtmpfs|overlay|nfs\d?|cifs|smb\w*|fuse.*)$/i;
/** Since Proxmox VE 9, and before. */
const PRIVILEGES = ['VM.GuestAgent.Audit', 'VM.GuestAgent.Unrestricted', 'VM.Monitor'];

/**
 * What only the agent in a virtual machine knows: how full its disks are, its addresses, its system. Addresses
 * and system hardly change while it runs: they are asked less often, unless something happened to the guest.
 */
export const agent: GuestReader = {
  of: 'guest',
  what: 'agent of a guest',
  viaAgent: true,
  every: () => HOUR,
  isFor: ({ type, status, vmid }, config, { may }) =>
    type === 'qemu' &&
    status === 'running' &&
    config !== undefined &&
    hasAgent(config) &&
    PRIVILEGES.some((privilege) => may(`/vms/${vmid}`, privilege)),
  read: async (desk, row, signal) => {
    const { guests } = desk.picture;
    const { vmid } = row;
    try {
      const files = await ask<readonly FileSystemRow[]>(desk, row, 'get-fsinfo', signal);
      guests.tell(vmid, { agent: true, filling: fillingOf(files) });
      const { addresses, addressesAt = 0, os } = guests.told(vmid);
      const now = desk.context.clock.now();
      if (addresses === undefined || addresses === null || now - addressesAt >= ADDRESSES_MS) {
        const rows = await ask<readonly InterfaceRow[]>(desk, row, 'network-get-interfaces', signal);
        const found = addressesIn(rows, macsIn(guests.config(vmid) ?? {}));
        guests.tell(vmid, { addresses: found, addressesAt: now });
      }
      if (os === undefined || os === null) {
        const { 'pretty-name': pretty, name } = await ask<OsInfo>(desk, row, 'get-osinfo', signal);
        guests.tell(vmid, { os: String(pretty ?? name ?? '') });
      }
    } catch (thrown) {
      const { code } = asLabError(thrown);
      // Whoever may not ask, or reaches nobody, has learnt nothing of the agent.
      if (code === 'source_failed' || code === 'deadline_passed')
        guests.tell(vmid, { agent: false, filling: null, addresses: null });
      throw thrown;
    }
  },
};

async function ask<T>({ client }: Desk, row: GuestRow, command: string, signal: AbortSignal): Promise<T> {
  const path = `${guestPath(row)}/agent/${command}`;
  const { result } = await client.ask<{ readonly result?: T }>(path, LIMIT_MS, signal);
  // Some commands are answered with an error of the agent's own in place of a list.
  if (result === null || typeof result !== 'object' || (command !== 'get-osinfo' && !Array.isArray(result)))
    throw client.misshapen(path);
  return result;
}

/** All that a guest stores on, each device once: file systems are mounted in many places. undefined: none tells. */
export function fillingOf(rows: readonly FileSystemRow[]): Filling | null {
  const devices = new Map<string, Filling>();
  for (const { name = '', mountpoint = '', type = '', ...row } of rows) {
    const { 'used-bytes': used, 'total-bytes': total } = row;
    if (NO_DISK.test(type) || /^loop\d/.test(name)) continue;
    if (typeof used === 'number' && typeof total === 'number' && total > 0)
      devices.set(name || mountpoint, { used, total });
  }
  if (devices.size === 0) return null;
  const all = [...devices.values()];
  const sum = (of: keyof Filling): number => all.reduce((before, filling) => before + filling[of], 0);
  return { used: sum('used'), total: sum('total') };
}
