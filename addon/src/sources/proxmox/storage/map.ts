import type { LabResourceOf } from '../../../kinds/index.ts';
import { nodeId, poolId, storageId } from '../ids.ts';
import { gib } from '../units.ts';
import type { Contents } from './contents.ts';
import { isThin, overcommitOf } from './overcommit.ts';
import { type Place, placesOf } from './place.ts';
import type { StorageConfig, StorageRow, ThinPoolRow } from './wire.ts';

export type StorageResource = LabResourceOf<'storage'>;

/** What is known of storages beside the list. */
export interface StorageKnowledge {
  readonly owner: string;
  /** Names of the nodes that run. */
  readonly online: ReadonlySet<string>;
  /** Id of what all the nodes are in that share some. */
  readonly sharing: string | undefined;
  readonly contents: Contents;
  /** Whether all disks of guests on a storage are shown to us, not only some. */
  readonly seesDisks: (storage: string) => boolean;
}

/** Percent of a thin pool from which there is little left until guests fail to write. */
const THIN_FULL = 90;
/** Where a Proxmox Backup Server listens. */
const PBS_PORT = 8007;

/** The storages of all nodes, a shared one once. */
export function storagesOf(rows: readonly StorageRow[], known: StorageKnowledge): readonly StorageResource[] {
  return placesOf(rows, known.online).map((place) => storageOf(place, known));
}

function storageOf(place: Place, knowledge: StorageKnowledge): StorageResource {
  const { row, node, path, plugin, active } = place;
  const { owner, online, sharing, contents } = knowledge;
  // A storage that its node cannot use has no status of its own, nor one whose node is off.
  const known = online.has(node);
  const total = active ? row.maxdisk : undefined;
  const usage = !active || row.disk === undefined || !total ? null : (row.disk / total) * 100;
  const parent = row.shared ? sharing : nodeId(owner, node);
  const thin = contents.thinPoolOf(place);
  const metadata = active ? metadataOf(thin) : null;
  const config = contents.configOf(row.storage);
  const pool = plugin === 'zfspool' ? config?.pool?.split('/')[0] : undefined;
  return {
    id: storageId(owner, path),
    kind: 'storage',
    name: row.storage,
    ...(parent !== undefined && { parent }),
    available: known,
    ...(pool !== undefined &&
      pool !== '' && { links: [{ type: 'uses_storage', to: poolId(owner, node, pool) }] }),
    readings: {
      problem: known ? !active || (plugin === 'lvmthin' && isFull(usage, metadata)) : null,
      usage,
      used: active ? gib(row.disk) : null,
      total: gib(total),
      content: row.content?.split(',').join(', ') ?? null,
      active: known ? active : null,
      shared: Boolean(row.shared),
      ...(plugin === 'lvmthin' && thin !== undefined && { metadata_usage: metadata }),
      ...(isThin(place, config) && { overcommit: promised(place, knowledge) }),
    },
    facts: {
      manufacturer: 'Proxmox VE',
      model: row.plugintype ?? 'Storage',
      ...(config?.server && { server: config.server }),
      ...(plugin === 'pbs' && backupServerOf(config)),
    },
  };
}

/** The place on a backup server that a storage stands for. */
function backupServerOf({ server, port, datastore, namespace, fingerprint }: Partial<StorageConfig> = {}) {
  if (server === undefined || datastore === undefined) return {};
  return {
    server: port === undefined || Number(port) === PBS_PORT ? server : `${server}:${port}`,
    datastore,
    ...(namespace !== undefined && namespace !== '' && { namespace }),
    ...(fingerprint !== undefined && { fingerprint: fingerprint.toLowerCase() }),
  };
}

const isFull = (...shares: readonly (number | null)[]): boolean =>
  shares.some((share) => share !== null && share > THIN_FULL);

/** Percent of a thin pool's metadata; null: unknown. */
const metadataOf = (thin: ThinPoolRow | undefined): number | null =>
  thin?.metadata_used === undefined || !thin.metadata_size
    ? null
    : (thin.metadata_used / thin.metadata_size) * 100;

/** Of some disks only there is no sum. */
function promised({ path, storage, row }: Place, { contents, seesDisks }: StorageKnowledge): number | null {
  return seesDisks(storage) ? overcommitOf(contents.volumesOn(path), row.maxdisk) : null;
}
