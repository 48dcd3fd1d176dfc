import { LabError } from '../../../core/errors.ts';
import type { ClusterReader, GuestReader } from '../reader.ts';
import { identity } from './identity.ts';
import type { ResourceRow } from './wire.ts';

/**
 * The list of nodes, guests and storages: one call for all of them.
 *
 * @param onChange what is read of a guest that is new in it or may have become another
 */
export const resources = (onChange: readonly GuestReader[]): ClusterReader => ({
  of: 'cluster',
  what: 'nodes, guests and storages',
  due: 'fast',
  vital: true,
  read: async (desk, signal) => {
    const { client, picture, context } = desk;
    // No resource has an id before it is known whose it is.
    if (!picture.isBound) await identity.read(desk, signal);
    const rows = await client.list<ResourceRow>('/cluster/resources', signal);
    // Nodes are shown to everybody who may log in.
    if (!rows.some(({ type }) => type === 'qemu' || type === 'lxc' || type === 'storage')) {
      const error = new LabError(
        'privilege_missing',
        'the login works, but it may see no guest and no storage',
        { hint: 'give user and token the role PVEAuditor at / (VM.Audit, Sys.Audit, Datastore.Audit)' },
      );
      desk.warn(error);
      // Rights that were taken away are no reason to forget everything.
      if (picture.guests.areThere) throw error;
    }
    const changed = picture.listed(rows, context.clock.now());
    await Promise.all(
      changed.map(async (guest) => {
        for (const reader of onChange) await reader.read(desk, guest, signal);
      }),
    );
    if (picture.guests.settledIn !== undefined) desk.again(picture.guests.settledIn);
  },
});
