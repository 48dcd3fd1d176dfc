import { nodePath } from '../ids.ts';
import type { NodeReader } from '../reader.ts';
import { gib } from '../units.ts';
import type { NodeReadings } from './map.ts';
import { nodeStatus } from './status.ts';
import type { HistoryPoint } from './wire.ts';

/** The first version whose history knows the cache of ZFS and pressure. */
const SINCE = 9;
/** A point older than this says nothing about now; milliseconds. */
const STALE_MS = 600_000;
const MIB = 1024 ** 2;

/** Network rates, cache of ZFS and pressure: only the history has them, the latter two only since version 9. */
export const nodeHistory: NodeReader = {
  of: 'node',
  what: 'network rates, ZFS cache and pressure of the nodes',
  due: 300,
  read: async (desk, node, signal) => {
    const { client, picture, context } = desk;
    if (picture.nodes.mainVersion(node) === undefined) await nodeStatus.read(desk, node, signal);
    const tellsAll = (picture.nodes.mainVersion(node) ?? 0) >= SINCE;
    const points = await client.list<HistoryPoint>(`${nodePath(node)}/rrddata?timeframe=hour`, signal);
    picture.nodes.tell(node, 'history', historyOf(points, tellsAll, context.clock.now()));
  },
};

/**
 * @param tellsAll it is of a version that knows the cache of ZFS and pressure
 * @param now milliseconds since 1970
 */
export function historyOf(
  points: readonly HistoryPoint[],
  tellsAll: boolean,
  now: number,
): Partial<NodeReadings> {
  // The minute that has just begun is in the list, and empty.
  const last = points.findLast(({ cpu }) => cpu !== undefined);
  const point = last !== undefined && now - last.time * 1_000 < STALE_MS ? last : undefined;
  return {
    network_received: rateOf(point?.netin),
    network_sent: rateOf(point?.netout),
    ...(tellsAll && {
      arc: gib(point?.arcsize),
      pressure_cpu: point?.pressurecpusome ?? null,
      pressure_io: point?.pressureiosome ?? null,
      pressure_memory: point?.pressurememorysome ?? null,
    }),
  };
}

/** Bytes a second as MiB a second; null: unknown. */
const rateOf = (bytes: number | undefined): number | null => (bytes === undefined ? null : bytes / MIB);
