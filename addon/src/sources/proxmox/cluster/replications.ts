import { asLabError } from '../../../core/errors.ts';
import { slug } from '../../../core/ids.ts';
import { nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { timeOf } from '../units.ts';
import type { ReplicationRow } from './wire.ts';
import type { Job } from './work.ts';

/** The replication jobs; the node that a guest is on knows how they go. */
export async function replicationJobs(desk: Desk, signal: AbortSignal): Promise<readonly Job[]> {
  const { client, picture } = desk;
  // Mostly there are none, and no node has to be asked.
  if (!picture.isCluster || (await client.list('/cluster/replication', signal)).length === 0) return [];
  const rows = await Promise.all([...picture.nodes.online].map((node) => jobsOn(desk, node, signal)));
  return rows.flat().map(jobOf);
}

export function jobOf(row: ReplicationRow): Job {
  const failures = row.fail_count ?? 0;
  const isOff = Number(row.disable ?? 0) === 1;
  const hasRun = Boolean(row.last_try);
  return {
    key: `replication_${slug(row.id)}`,
    title: `Replication ${row.id.split('-')[0]}${row.target === undefined ? '' : ` to ${row.target}`}`,
    kind: 'replication',
    schedule: row.schedule ?? null,
    problem: failures > 0,
    last_result: row.pid ? 'running' : failures > 0 ? 'failed' : hasRun ? 'ok' : 'never',
    last_run: timeOf(row.last_try ? row.last_try * 1_000 : undefined),
    next_run: timeOf(!isOff && row.next_sync ? row.next_sync * 1_000 : undefined),
    failures,
    error: failures > 0 ? row.error?.trim() || 'unknown' : 'none',
  };
}

async function jobsOn(
  { client, context }: Desk,
  node: string,
  signal: AbortSignal,
): Promise<readonly ReplicationRow[]> {
  try {
    return await client.list<ReplicationRow>(`${nodePath(node)}/replication`, signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    context.log.debug(asLabError(thrown).message);
    return [];
  }
}
