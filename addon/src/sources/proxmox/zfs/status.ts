import { asLabError } from '../../../core/errors.ts';
import { nodePath } from '../ids.ts';
import type { Desk, NodeReader } from '../reader.ts';
import { keep } from '../recall.ts';
import type { PoolRow, PoolStatus } from './wire.ts';

/**
 * The ZFS pools of each node: how they are, and what they say of their devices and of the last scrub. As long as all is
 * well the list alone tells that.
 */
export const zfsPools: NodeReader = {
  of: 'node',
  what: 'ZFS pools of the nodes',
  due: 300,
  read: async (desk, node, signal) => {
    const { client, picture, context } = desk;
    const now = context.clock.elapsed();
    const path = `${nodePath(node)}/disks/zfs`;
    const rows = await client.list<PoolRow>(path, signal);
    if (rows.length > 0 && picture.pools.zoneOf(node) === undefined) await readZone(desk, node, signal);
    const pools = await Promise.all(
      rows.map(async (row) => {
        const settled = picture.pools.settled(node, row, now);
        const detail = `${path}/${encodeURIComponent(row.name)}`;
        return settled ?? { row, status: await statusOf(desk, detail, signal), at: now };
      }),
    );
    picture.pools.saw(node, pools);
    const kept = pools.map(({ row: { name }, status }) => ({ row: { name }, status }));
    keep(context.memory, 'pools', node, kept);
  },
};

async function statusOf(
  { client, warn }: Desk,
  path: string,
  signal: AbortSignal,
): Promise<PoolStatus | undefined> {
  try {
    return await client.get<PoolStatus>(path, signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    // How full it is can be told all the same.
    warn(asLabError(thrown));
    return undefined;
  }
}

/** Pools tell times by the node's wall clock. */
async function readZone(
  { client, picture, context }: Desk,
  node: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { timezone } = await client.get<{ timezone?: string }>(`${nodePath(node)}/time`, signal);
    if (timezone !== undefined) picture.pools.isIn(node, timezone);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    context.log.debug(asLabError(thrown).message);
  }
}
