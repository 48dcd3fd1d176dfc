import type { StorageRow } from './wire.ts';

/** A storage that is somewhere: of one node, or shared by several and then one thing. */
export interface Place {
  /** Its vendor path: `pve1/local`, or `backup` where it is shared. */
  readonly path: string;
  readonly storage: string;
  /** The node that is asked for what is on it. */
  readonly node: string;
  /** What may be kept on it. */
  readonly content: ReadonlySet<string>;
  readonly plugin: string;
  /** It can be used there. */
  readonly active: boolean;
  readonly row: StorageRow;
}

/** All storages of a cluster, a shared one once, as a node sees it that can use it. */
export function placesOf(rows: readonly StorageRow[], online: ReadonlySet<string>): readonly Place[] {
  const places = new Map<string, Place>();
  for (const row of rows) {
    const { storage, node, plugintype: plugin = '' } = row;
    const path = row.shared ? storage : `${node}/${storage}`;
    const active = row.status === 'available' && online.has(node);
    const known = places.get(path);
    const content = new Set(row.content?.split(',').map((each) => each.trim()));
    if (known === undefined || (!known.active && (active || (!online.has(known.node) && online.has(node)))))
      places.set(path, { path, storage, node, content, plugin, active, row });
  }
  return [...places.values()];
}
