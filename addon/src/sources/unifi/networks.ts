import type { LabResourceOf } from '../../kinds/index.ts';
import { inNetwork } from './carried.ts';
import {
  distinctKeys,
  hasVlan,
  isIn,
  networkId,
  networkKey,
  networkOf,
  vlanOf,
  wlanId,
  wlanKey,
} from './keys.ts';
import type { QrCodes } from './qr.ts';
import { ipNumber } from './subnets.ts';
import { given, said } from './units.ts';
import type { ClientRow, NetworkRow, WlanRow } from './wire.ts';

/** What networks and WLANs are made of. */
export interface Plan {
  readonly owner: string;
  /** Id of the gateway, if the site has one. */
  readonly parent: string | undefined;
  readonly networks: readonly NetworkRow[];
  readonly wlans: readonly WlanRow[];
  /** Who is in the network; undefined while that is not known. */
  readonly clients: readonly ClientRow[] | undefined;
  /** It may be changed from here. */
  readonly controls: boolean;
  readonly codes: QrCodes;
}

export function networksOf({ owner, parent, networks, clients }: Plan): readonly LabResourceOf<'network'>[] {
  return distinctKeys(networks, networkKey).map(({ key, row }) => {
    const inIt = clients?.filter((client) => isIn(client, row));
    const subnet = said(row.ip_subnet);
    const [start, stop] = [said(row.dhcpd_start), said(row.dhcpd_stop)];
    const links = inNetwork(row, clients ?? []);
    const gives = row.dhcpd_enabled === true && start !== null && stop !== null;
    return {
      id: networkId(owner, key),
      kind: 'network',
      name: said(row.name) ?? key,
      available: true,
      ...given('parent', parent),
      ...(links.length > 0 && { links }),
      readings: {
        ...given('vlan', hasVlan(row) ? vlanOf(row) : undefined),
        ...given('subnet', subnet ?? undefined),
        clients: inIt?.length ?? null,
        ...(gives && { dhcp_range: `${start} – ${stop}`, dhcp_use: useOf(start, stop, inIt) }),
      },
      facts: { manufacturer: 'Ubiquiti', ...given('model', row.purpose) },
    };
  });
}

export function wlansOf({
  owner,
  parent,
  networks,
  wlans,
  clients,
  controls,
  codes,
}: Plan): readonly LabResourceOf<'wlan'>[] {
  const keys = new Map(distinctKeys(networks, networkKey).map(({ key, row }) => [row, key]));
  return distinctKeys(wlans, (row) => wlanKey(row, networks)).map(({ key, row }) => {
    const network = networkOf(row, networks);
    const own = network && keys.get(network);
    return {
      id: wlanId(owner, key),
      kind: 'wlan',
      // Most bear the name of the network that they lead to.
      name: `${said(row.name) ?? key} (WLAN)`,
      available: true,
      ...given('parent', parent),
      ...(own !== undefined && { links: [{ type: 'member_of', to: networkId(owner, own) }] }),
      readings: {
        on: row.enabled ?? null,
        ...(controls && { enabled: row.enabled ?? null }),
        clients: clients?.filter((client) => isOn(client, row, network)).length ?? null,
        security: said(row.security),
        network: said(network?.name),
        ...given('qr', codes.of(row)),
      },
      facts: { manufacturer: 'Ubiquiti', model: 'WLAN' },
    };
  });
}

/** The network behind a resource's id. */
export const networkBehind = ({ owner, networks }: Plan, id: string): NetworkRow | undefined =>
  distinctKeys(networks, networkKey).find(({ key }) => networkId(owner, key) === id)?.row;

/** The WLAN behind a resource's id. */
export const wlanBehind = ({ owner, networks, wlans }: Plan, id: string): WlanRow | undefined =>
  distinctKeys(wlans, (row) => wlanKey(row, networks)).find(({ key }) => wlanId(owner, key) === id)?.row;

/** What bears a key that another one has already, for people. */
export function doubledIn({ networks, wlans }: Pick<Plan, 'networks' | 'wlans'>): readonly string[] {
  const doubled = [
    ...distinctKeys(networks, networkKey),
    ...distinctKeys(wlans, (row) => wlanKey(row, networks)),
  ];
  return doubled.filter(({ isDoubled }) => isDoubled).map(({ row }) => said(row.name) ?? 'unnamed');
}

/** SSIDs may be the same in several networks. */
const isOn = (client: ClientRow, { name }: WlanRow, network: NetworkRow | undefined): boolean =>
  client.is_wired !== true && client.essid === name && (network === undefined || isIn(client, network));

/** Percent of a range that clients have addresses of. */
function useOf(start: string, stop: string, clients: readonly ClientRow[] | undefined): number | null {
  const [first, last] = [ipNumber(start), ipNumber(stop)];
  if (clients === undefined || first === undefined || last === undefined || last < first) return null;
  const used = new Set(
    clients.flatMap(({ ip = '' }) => ipNumber(ip) ?? []).filter((ip) => ip >= first && ip <= last),
  );
  return (used.size / (last - first + 1)) * 100;
}
