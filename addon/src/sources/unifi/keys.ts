import { plainMac, said } from './units.ts';
import type { ClientRow, NetworkRow, WlanRow } from './wire.ts';

/**
 * Ids are ours, made of what a controller's successor takes over as well: roles, MACs, VLANs and names. The ids of its
 * database are others after a move from a CloudKey to a console.
 */
export const siteId = (owner: string): string => `${owner}/site/main`;
export const gatewayId = (owner: string): string => `${owner}/gateway/main`;
export const switchId = (owner: string, plain: string): string => `${owner}/switch/${plain}`;
export const accesspointId = (owner: string, plain: string): string => `${owner}/accesspoint/${plain}`;
export const clientId = (owner: string, plain: string): string => `${owner}/client/${plain}`;
export const networkId = (owner: string, key: string): string => `${owner}/network/${key}`;
export const wlanId = (owner: string, key: string): string => `${owner}/wlan/${key}`;
export const portKey = (index: number): string => `port_${index}`;

/** 1 for frames without one. */
export function vlanOf({ vlan_enabled: enabled, vlan }: Pick<NetworkRow, 'vlan' | 'vlan_enabled'>): number {
  const number = Number(vlan);
  return enabled === false || vlan === undefined || !Number.isInteger(number) || number < 1 ? 1 : number;
}

const isVpn = ({ purpose = '' }: NetworkRow): boolean => /vpn/.test(purpose);

/** undefined: it is no network of its own, but a line to the outside. */
export function networkKey(row: NetworkRow): string | undefined {
  const { purpose = 'corporate', name } = row;
  if (purpose === 'wan') return undefined;
  if (!isVpn(row)) return `${segment(purpose)}-${vlanOf(row)}`;
  return [purpose, row.vpn_type, name]
    .flatMap((part) => said(part) ?? [])
    .map(segment)
    .join('-');
}

/** Whether frames of it bear a VLAN. */
export const hasVlan = (row: NetworkRow): boolean => row.purpose !== 'wan' && !isVpn(row);

/**
 * @param networks those of the controller: newer ones name the network of a WLAN by its id, older ones its VLAN
 */
export function wlanKey(row: WlanRow, networks: readonly NetworkRow[]): string {
  const vlan = vlanOf(networkOf(row, networks) ?? row);
  return `${segment(row.name ?? '')}-${vlan}`;
}

export function networkOf(row: WlanRow, networks: readonly NetworkRow[]): NetworkRow | undefined {
  const { networkconf_id: id } = row;
  if (id !== undefined) return networks.find(({ _id }) => _id === id);
  return networks.find((network) => hasVlan(network) && vlanOf(network) === vlanOf(row));
}

export const isIn = (client: ClientRow, { _id: id, name }: NetworkRow): boolean =>
  client.network_id === undefined ? client.network === name : client.network_id === id;

/**
 * Rows with keys that are all different. Of several with one key the oldest keeps it (ids of a controller's database grow
 * with time); the others get the controller's id behind it.
 */
export function distinctKeys<T extends { readonly _id?: string }>(
  rows: readonly T[],
  keyOf: (row: T) => string | undefined,
): readonly { readonly key: string; readonly row: T; readonly isDoubled: boolean }[] {
  const taken = new Set<string>();
  const oldestFirst = rows.toSorted((one, other) => ((one._id ?? '') < (other._id ?? '') ? -1 : 1));
  return oldestFirst.flatMap((row) => {
    const key = keyOf(row);
    if (key === undefined) return [];
    const isDoubled = taken.has(key);
    taken.add(key);
    return [{ key: isDoubled ? `${key}-${segment(row._id ?? '')}` : key, row, isDoubled }];
  });
}

/** As part of an id: whatever a name holds, it stays one part, and two names stay two. */
const segment = (text: string): string => encodeURIComponent(text.toWellFormed()) || 'unnamed';

export const macOf = (row: { readonly mac?: string }): string | undefined => plainMac(row.mac);
