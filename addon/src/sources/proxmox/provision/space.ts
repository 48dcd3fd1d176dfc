import type { Check } from '../../../contract/step.ts';
import { nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import type { StorageConfig, ThinPoolRow } from '../storage/wire.ts';

/** Fuller than that, ZFS becomes slow, and a thin pool has too little left for what its guests write. */
const MOST = 0.85;
const GIB = 1024 ** 3;

/** Of `GET /nodes/{node}/storage`; bytes. */
interface StorageState {
  readonly storage: string;
  readonly type?: string;
  readonly active?: number;
  readonly total?: number;
  readonly used?: number;
}

/**
 * Whether a storage has room for more, and a thin pool for what describes it.
 *
 * @param bytes that come on it; of a snapshot 0: it takes nothing at first
 */
export async function spaceChecks(
  desk: Desk,
  node: string,
  storage: string,
  bytes: number,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const path = `${nodePath(node)}/storage?storage=${encodeURIComponent(storage)}`;
  const [state] = await desk.client.list<StorageState>(path, signal);
  const name = `Space on ${storage}`;
  if (state === undefined || !state.total) {
    const message = `${node} does not tell how full ${storage} is`;
    const hint = `see that it is there and active; it is shown to who has Datastore.Audit at /storage/${storage}`;
    return [{ name, ok: false, message, hint }];
  }
  const { total, used = 0, type } = state;
  return [
    roomCheck(name, total, used, bytes),
    ...(type === 'lvmthin' ? await metadataChecks(desk, node, storage, signal) : []),
  ];
}

function roomCheck(name: string, total: number, used: number, bytes: number): Check {
  const after = (used + bytes) / total;
  const more = bytes === 0 ? '' : `; with ${gibText(bytes)} more ${percent(after)}`;
  const message = `${percent(used / total)} of ${gibText(total)} used${more}`;
  if (after <= MOST) return { name, ok: true, message };
  return {
    ...{ name, ok: false, message: `${message}: more than ${percent(MOST)}` },
    hint: 'free some space there, or make the storage larger: what is full stops all guests on it',
  };
}

/** A thin pool whose metadata is full cannot be written to, however much room it has. */
async function metadataChecks(
  { client }: Desk,
  node: string,
  storage: string,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const configs = await client.list<StorageConfig>('/storage', signal);
  const config = configs.find((each) => each.storage === storage);
  const pools = await client.list<ThinPoolRow>(`${nodePath(node)}/disks/lvmthin`, signal);
  const pool = pools.find(({ vg, lv }) => vg === config?.vgname && lv === config?.thinpool);
  const name = `Metadata of ${storage}`;
  if (pool?.metadata_size === undefined || pool.metadata_used === undefined)
    return [{ name, ok: false, message: `${node} does not tell how full it is` }];
  const use = pool.metadata_used / pool.metadata_size;
  const message = `${percent(use)} used`;
  if (use <= MOST) return [{ name, ok: true, message }];
  return [
    {
      ...{ name, ok: false, message: `${message}: more than ${percent(MOST)}` },
      hint: `make it larger on the node: lvextend --poolmetadatasize +1G ${pool.vg}/${pool.lv}`,
    },
  ];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** @param bytes any number of them */
export const gibText = (bytes: number): string =>
  bytes >= 10 * GIB ? `${Math.round(bytes / GIB)} GiB` : `${Math.round((bytes / GIB) * 10) / 10} GiB`;
