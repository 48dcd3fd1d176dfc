import { asLabError } from '../../../core/errors.ts';
import type { ClusterReader, Desk } from '../reader.ts';
import type { ClusterStatusRow } from './wire.ts';

/** What the cluster is, who is in it, and whether it has a quorum. */
export const identity: ClusterReader = {
  of: 'cluster',
  what: 'the cluster',
  due: 'rare',
  read: async (desk, signal) => {
    const { picture, context } = desk;
    const rows = await statusOf(desk, signal);
    picture.sawCluster(rows);
    const nodes = rows.flatMap((row) => (row.type === 'node' ? [row] : []));
    if (nodes.length > 0) {
      // Many single nodes are called “pve”; their addresses tell them apart. The first node stays when others join.
      const cluster = rows.find((row) => row.type === 'cluster')?.name ?? nodes[0]?.name;
      const [first] = nodes.toSorted((one, other) => (one.nodeid ?? 0) - (other.nodeid ?? 0));
      picture.owner = context.identities.bind(`${cluster} ${first?.ip ?? ''}`.trim());
    }
    picture.isBound = true;
  },
};

async function statusOf({ client, warn }: Desk, signal: AbortSignal): Promise<readonly ClusterStatusRow[]> {
  try {
    return await client.get<readonly ClusterStatusRow[]>('/cluster/status', signal);
  } catch (thrown) {
    const error = asLabError(thrown);
    if (error.code !== 'privilege_missing') throw thrown;
    warn(error);
    return [];
  }
}
