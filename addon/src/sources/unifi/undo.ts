import { deviceName } from './device.ts';
import { hasVlan, vlanOf } from './keys.ts';
import { isSameSetting, type Override, overridesWith } from './overrides.ts';
import type { Panel } from './panel.ts';
import { said } from './units.ts';
import type { DeviceRow, NetworkRow } from './wire.ts';

/** A change, as it is noted before it is sent. Ids are of resources, since those of a controller's database may change. */
export type Undo =
  | {
      readonly what: 'port';
      readonly id: string;
      readonly index: number;
      /** What was set for the port; null: nothing. */
      readonly before: Override | null;
      readonly after: Override | null;
    }
  | { readonly what: 'network made'; readonly name: string; readonly vlan: number }
  /** `row`: all that the controller had of it. */
  | { readonly what: 'network deleted'; readonly row: NetworkRow }
  | { readonly what: 'wlan'; readonly id: string; readonly before: boolean };

/** What a controller gives to each of its things, and takes from nobody. */
const OWN = new Set(['_id', 'site_id', 'external_id', 'attr_hidden_id', 'attr_no_delete', 'attr_no_edit']);

/**
 * Sends the inverse of a change.
 *
 * @returns what was taken back, for people; undefined: it had not happened, or somebody has gone on from there
 */
export async function sendInverse(
  panel: Panel,
  change: Undo,
  signal: AbortSignal,
): Promise<string | undefined> {
  switch (change.what) {
    case 'port': {
      const { id, index, before, after } = change;
      await panel.look(signal);
      // One that is not connected, perhaps for this very reason, gets it when it is.
      const row = panel.deviceOf(id);
      const set = row?.port_overrides?.find(({ port_idx: own }) => own === index);
      if (row === undefined || !isSameSetting(set, after)) return undefined;
      await writePorts(
        panel,
        row,
        overridesWith(row, index, () => before ?? undefined),
        signal,
      );
      return `port ${index} of ${deviceName(row)}`;
    }
    case 'network made': {
      const found = await networkNow(panel, change.vlan, signal);
      if (found?._id === undefined || found.name !== change.name) return undefined;
      await deleteRow(panel, found, signal);
      await panel.networksNow(signal);
      return `the network “${change.name}” (VLAN ${change.vlan}) that was to be made`;
    }
    case 'network deleted': {
      const { row } = change;
      if ((await networkNow(panel, vlanOf(row), signal)) !== undefined) return undefined;
      const body = Object.fromEntries(Object.entries(row).filter(([key]) => !OWN.has(key)));
      await panel.client.change('POST', 'rest/networkconf', body, signal);
      await panel.networksNow(signal);
      return `the network “${row.name}” (VLAN ${vlanOf(row)}) that was to be deleted`;
    }
    case 'wlan': {
      await panel.wlansNow(signal);
      const row = panel.wlanOf(change.id);
      if (row?._id === undefined || row.enabled !== !change.before) return undefined;
      await writeWlan(panel, row._id, change.before, signal);
      await panel.wlansNow(signal);
      return `the WLAN “${said(row.name)}”`;
    }
  }
}

export async function writePorts(
  { client }: Panel,
  { _id: id = '' }: DeviceRow,
  overrides: readonly Override[],
  signal: AbortSignal,
): Promise<void> {
  await client.change('PUT', `rest/device/${encodeURIComponent(id)}`, { port_overrides: overrides }, signal);
}

/** Only what is sent is changed; the passphrase stays where it is. */
export async function writeWlan(panel: Panel, id: string, on: boolean, signal: AbortSignal): Promise<void> {
  await panel.client.change('PUT', `rest/wlanconf/${encodeURIComponent(id)}`, { enabled: on }, signal);
}

export async function deleteRow(
  panel: Panel,
  { _id: id = '', name }: NetworkRow,
  signal: AbortSignal,
): Promise<void> {
  await panel.client.change('DELETE', `rest/networkconf/${encodeURIComponent(id)}`, { name }, signal);
}

async function networkNow(panel: Panel, vlan: number, signal: AbortSignal): Promise<NetworkRow | undefined> {
  const all = await panel.networksNow(signal);
  return all.find((row) => hasVlan(row) && vlanOf(row) === vlan);
}
