import { asLabError, LabError } from '../../../core/errors.ts';
import { guestPath } from '../ids.ts';
import type { GuestReader } from '../reader.ts';
import { fingerprintOf, isSameBearer } from './bearer.ts';
import type { GuestConfig } from './wire.ts';

/** A guest's configuration, and which bearer of its vmid it is. */
export const guestConfig: GuestReader = {
  of: 'guest',
  what: 'configuration of a guest',
  due: 'change',
  read: async ({ client, picture, context }, row, signal) => {
    const { identities, log } = context;
    let config: GuestConfig | undefined;
    try {
      if (!picture.nodes.online.has(row.node)) throw new LabError('node_offline', `${row.node} is off`);
      config = await client.get<GuestConfig>(`${guestPath(row)}/config`, signal);
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      // Its node may be off. It is the same guest as ever until its configuration says otherwise.
      log.debug(asLabError(thrown).message);
    }
    const path = `guest/${row.vmid}`;
    const fingerprint = config && fingerprintOf(row.type, config);
    const gap = picture.guests.gap(row.vmid);
    const generation = identities.generation(path, fingerprint, (before) =>
      isSameBearer(before, fingerprint ?? before, gap),
    );
    picture.guests.identified(row, generation, config);
  },
};
