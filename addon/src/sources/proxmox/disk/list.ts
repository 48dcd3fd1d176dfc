import { nodePath } from '../ids.ts';
import type { NodeReader } from '../reader.ts';
import { keep } from '../recall.ts';
import type { DiskRow } from './wire.ts';

/** The disks of each node. Without their own words: for those all of them would be woken. */
export const diskList: NodeReader = {
  of: 'node',
  what: 'disks of the nodes',
  due: 900,
  read: async ({ client, picture, context }, node, signal) => {
    const rows = await client.list<DiskRow>(`${nodePath(node)}/disks/list?skipsmart=1`, signal);
    picture.disks.saw(node, rows);
    keep(context.memory, 'disks', node, rows);
  },
};
