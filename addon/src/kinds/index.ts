import { accesspoint } from './accesspoint.ts';
import { app } from './app.ts';
import { backupserver } from './backupserver.ts';
import { client } from './client.ts';
import { cluster } from './cluster.ts';
import { container } from './container.ts';
import { datastore } from './datastore.ts';
import { disk } from './disk.ts';
import { gateway } from './gateway.ts';
import { gpu } from './gpu.ts';
import { guest } from './guest.ts';
import { host } from './host.ts';
import { instrument } from './instrument.ts';
import { mcpserver } from './mcpserver.ts';
import { monitor } from './monitor.ts';
import { network } from './network.ts';
import { node } from './node.ts';
import { pool } from './pool.ts';
import type { ItemRows, ResourceOfKind, Row } from './rows.ts';
import { server } from './server.ts';
import { site } from './site.ts';
import { speech } from './speech.ts';
import { stack } from './stack.ts';
import { storage } from './storage.ts';
import { networkSwitch } from './switch.ts';
import { wlan } from './wlan.ts';

/** Every kind of thing that a lab can have. */
export const KINDS = {
  accesspoint,
  app,
  backupserver,
  client,
  cluster,
  container,
  datastore,
  disk,
  gateway,
  gpu,
  guest,
  host,
  instrument,
  mcpserver,
  monitor,
  network,
  node,
  pool,
  server,
  site,
  speech,
  stack,
  storage,
  switch: networkSwitch,
  wlan,
};

export type Kind = keyof typeof KINDS;

/** A resource of one kind, its readings typed by that kind. */
export type LabResourceOf<K extends Kind> = ResourceOfKind<(typeof KINDS)[K]>;

/** A resource of any kind. */
export type LabResource = { [K in Kind]: LabResourceOf<K> }[Kind];

/** The rows of a kind, for code that treats all kinds alike. */
export function rowsOf(kind: Kind): readonly Row<Record<string, unknown>>[] {
  return KINDS[kind].rows as readonly Row<Record<string, unknown>>[];
}

/** The rows that items of a kind's lists get. */
export function itemRowsOf(
  kind: Kind,
): readonly { list: string; rows: readonly Row<Record<string, unknown>>[] }[] {
  const { items } = KINDS[kind] as { items?: readonly ItemRows<Record<string, never>>[] };
  return (items ?? []) as unknown as readonly {
    list: string;
    rows: readonly Row<Record<string, unknown>>[];
  }[];
}
