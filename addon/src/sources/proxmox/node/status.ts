import { nodePath } from '../ids.ts';
import type { NodeReader } from '../reader.ts';
import type { NodeStatus } from './wire.ts';

/** Load, memory, versions of each node. */
export const nodeStatus: NodeReader = {
  of: 'node',
  what: 'status of the nodes',
  due: 30,
  read: async ({ client, picture }, node, signal) => {
    picture.nodes.saw(node, await client.get<NodeStatus>(`${nodePath(node)}/status`, signal));
  },
};
