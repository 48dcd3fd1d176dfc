import type { LabResourceOf } from '../../../kinds/index.ts';
import { nodeId } from '../ids.ts';
import { gib } from '../units.ts';
import type { StorageRow } from './wire.ts';

export type StorageResource = LabResourceOf<'storage'>;

/**
 * The storages of all nodes, a shared one once.
 *
 * @param online names of the nodes that run
 * @param sharing id of what all the nodes are in that share some
 */
export function storagesOf(
  rows: readonly StorageRow[],
  owner: string,
  online: ReadonlySet<string>,
  sharing: string | undefined,
): readonly StorageResource[] {
  const shared = new Map<string, StorageRow>();
  for (const row of rows) {
    // Each node lists it; one that can use it knows more.
    const known = shared.get(row.storage);
    const knowsMore = known === undefined || (known.status !== 'available' && online.has(row.node));
    if (row.shared && knowsMore) shared.set(row.storage, row);
  }
  return [
    ...rows
      .filter((row) => !row.shared)
      .map((row) => storageOf(row, owner, nodeId(owner, row.node), online.has(row.node))),
    ...[...shared.values()].map((row) => storageOf(row, owner, sharing, online.has(row.node))),
  ];
}

/**
 * @param parent the node, or what all the nodes that share it are in
 * @param known its node runs: a storage that this cannot use has no status of its own
 */
function storageOf(
  row: StorageRow,
  owner: string,
  parent: string | undefined,
  known: boolean,
): StorageResource {
  const active = row.status === 'available';
  const used = active ? gib(row.disk) : null;
  const total = active ? gib(row.maxdisk) : null;
  return {
    id: row.shared ? `${owner}/storage/${row.storage}` : `${owner}/storage/${row.node}/${row.storage}`,
    kind: 'storage',
    name: row.storage,
    ...(parent !== undefined && { parent }),
    available: known,
    readings: {
      problem: known ? !active : null,
      usage: used === null || !total ? null : (used / total) * 100,
      used,
      total,
      content: row.content?.split(',').join(', ') ?? null,
    },
    facts: {
      manufacturer: 'Proxmox VE',
      model: row.plugintype ?? 'Storage',
    },
  };
}
