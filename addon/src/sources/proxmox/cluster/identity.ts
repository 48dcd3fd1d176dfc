import { asLabError } from '../../../core/errors.ts';
import type { ClusterReader, Desk } from '../reader.ts';
import type { CertificateRow, ClusterStatusRow } from './wire.ts';

/** What the cluster is, who is in it, and whether it has a quorum. */
export const identity: ClusterReader = {
  of: 'cluster',
  what: 'the cluster',
  // Who is in a cluster may change; who is in none is so for long.
  due: ({ picture }) => (picture.isCluster ? 600 : 3_600),
  read: async (desk, signal) => {
    const { picture, context } = desk;
    const rows = await statusOf(desk, signal);
    picture.sawCluster(rows);
    const address = addressOf(rows);
    const authority = await authorityOf(desk, signal);
    // What was bound by the address, while nobody could read the authority, is found by it.
    if (authority !== undefined) picture.owner = context.identities.bind(authority, address);
    else if (address !== undefined) picture.owner = context.identities.bind(address);
    picture.isBound = true;
  },
};

/** Its own certificate authority: made with the first node, taken over by those that join, never changed by itself. */
async function authorityOf({ client, context }: Desk, signal: AbortSignal): Promise<string | undefined> {
  try {
    // Whichever node is asked answers for itself; the authority is the same on all.
    const path = '/nodes/localhost/certificates/info';
    const rows = await client.list<CertificateRow>(path, signal);
    const { fingerprint } = rows.find(({ filename }) => filename === 'pve-root-ca.pem') ?? {};
    return fingerprint === undefined ? undefined : `authority ${fingerprint.toLowerCase()}`;
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    context.log.debug(asLabError(thrown).message);
    return undefined;
  }
}

/** Many single nodes are called “pve”; their addresses tell them apart. The first node stays when others join. */
function addressOf(rows: readonly ClusterStatusRow[]): string | undefined {
  const nodes = rows.flatMap((row) => (row.type === 'node' ? [row] : []));
  const [first] = nodes.toSorted((one, other) => (one.nodeid ?? 0) - (other.nodeid ?? 0));
  if (first === undefined) return undefined;
  const cluster = rows.find((row) => row.type === 'cluster')?.name ?? nodes[0]?.name;
  return `${cluster} ${first.ip ?? ''}`.trim();
}

async function statusOf({ client, warn }: Desk, signal: AbortSignal): Promise<readonly ClusterStatusRow[]> {
  try {
    return await client.list<ClusterStatusRow>('/cluster/status', signal);
  } catch (thrown) {
    const error = asLabError(thrown);
    if (error.code !== 'privilege_missing') throw thrown;
    warn(error);
    return [];
  }
}
