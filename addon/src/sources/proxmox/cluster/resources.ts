import { LabError } from '../../../core/errors.ts';
import { readPermissions } from '../access.ts';
import { identify } from '../guest/config.ts';
import type { ClusterReader } from '../reader.ts';
import { recall } from '../recall.ts';
import { identity } from './identity.ts';
import type { ResourceRow } from './wire.ts';

/** The list of nodes, guests and storages: one call for all of them. It shows a change ten seconds late. */
export const resources: ClusterReader = {
  of: 'cluster',
  what: 'nodes, guests and storages',
  due: 10,
  vital: true,
  read: async (desk, signal) => {
    const { client, picture, context } = desk;
    // No resource has an id before it is known whose it is.
    if (!picture.isBound) await identity.read(desk, signal);
    // Nor is a control shown before it is known whether it may be used.
    if (picture.permissions === undefined) await readPermissions(desk, signal);
    const rows = await client.list<ResourceRow>('/cluster/resources', signal);
    desk.strangers.inResources(rows);
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
    recall(picture, context.memory);
    await Promise.all(changed.map((guest) => identify(desk, guest, signal)));
    desk.listed();
    if (picture.guests.settledIn !== undefined) desk.again(picture.guests.settledIn);
  },
};
