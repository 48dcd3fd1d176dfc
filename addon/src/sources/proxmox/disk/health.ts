import { asLabError } from '../../../core/errors.ts';
import { nodePath } from '../ids.ts';
import type { NodeReader } from '../reader.ts';
import { keep } from '../recall.ts';
import type { SeenDisk } from './identity.ts';
import { smartOf } from './smart.ts';
import type { SmartAnswer } from './wire.ts';

/** Disks of a node that are asked in one round: after a start all of them are due. */
const AT_ONCE = 4;

/** Codes of errors that may be one disk's own; others are the cluster's. */
const OF_THE_DISK: readonly string[] = ['source_failed', 'source_refused'];

/** What disks say of themselves, each every six hours. A round in which none is due asks nothing. */
export const diskHealth: NodeReader = {
  of: 'node',
  what: 'SMART of the disks',
  due: 30,
  read: async (desk, node, signal) => {
    const { client, picture, context } = desk;
    const now = context.clock.elapsed();
    const due = picture.disks.due(
      node,
      {
        online: picture.nodes.online,
        pools: (on) => picture.pools.devicesOn(on),
        wakes: picture.wakesDisks,
      },
      now,
    );
    for (const disk of due.slice(0, AT_ONCE)) {
      const path = `${nodePath(node)}/disks/smart?disk=${encodeURIComponent(disk.row.devpath)}`;
      try {
        const answer = await client.get<SmartAnswer>(path, signal);
        picture.disks.checked(disk.path, smartOf(answer), now);
        keep(context.memory, 'smart', disk.path, smartOf(answer));
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        const error = asLabError(thrown);
        if (!OF_THE_DISK.includes(error.code)) throw error;
        // It is no disk that could tell, or smartctl failed: the others may.
        context.log.debug(`${about(disk)}: ${error.message}`);
        picture.disks.checked(disk.path, undefined, now);
      }
    }
  },
};

const about = ({ node, row }: SeenDisk): string => `${node} ${row.devpath}`;
