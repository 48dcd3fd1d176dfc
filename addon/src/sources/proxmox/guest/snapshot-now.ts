import type { Capabilities } from '../../../contract/capabilities.ts';
import { guestPath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { taskEnded } from '../tasks.ts';
import { checkUnlocked, found, type List } from './found.ts';

const MS = 600_000;

/** Snapshots of guests, without their memory: that would have a guest stand still for as long as writing it takes. */
export function snapshotsOf(desk: Desk, list: List): Capabilities['snapshot'] {
  const { client, context, touched } = desk;
  return {
    take: async (id, about, signal, note = () => {}) => {
      const { row, lock } = await found(desk, list, id, signal);
      checkUnlocked(row, lock);
      const name = nameAt(context.clock.now());
      const body = { snapname: name, description: about };
      const upid = await client.post<string>(`${guestPath(row)}/snapshot`, body, signal);
      note({ vendorRef: upid });
      await taskEnded(client, upid, context.clock, MS, signal);
      touched(row.vmid);
      return name;
    },
  };
}

/** As `labkeeper-20261124-031500`, in UTC. */
export const nameAt = (now: number): string =>
  `labkeeper-${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
