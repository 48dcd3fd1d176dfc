import { portKey } from './keys.ts';
import { given, mbits, measured, plainMac, said } from './units.ts';
import { type VlanPlan, vlanAt } from './vlans.ts';
import type { ClientRow, DeviceRow, PortRow, ProfileRow } from './wire.ts';

/**
 * The ports of a device, those to its uplink apart; undefined lists for one without numbered ports.
 *
 * @param clients who is in the network; undefined while that is not known
 * @param plan networks and profiles, as far as they are known
 */
export function portsOf(
  row: DeviceRow,
  clients: readonly ClientRow[] | undefined,
  plan: VlanPlan,
  there: boolean,
  controls: boolean,
) {
  const numbered = (row.port_table ?? []).filter((port): port is PortRow & { port_idx: number } =>
    Number.isInteger(port.port_idx),
  );
  if (numbered.length === 0) return {};
  const all = numbered.map((port) => ({
    isUplink: port.is_uplink === true,
    shown: portOf(port, there, controls, clientsAt(row, port.port_idx, clients), plan),
  }));
  return {
    uplinks: all.filter(({ isUplink }) => isUplink).map(({ shown }) => shown),
    ports: all.filter(({ isUplink }) => !isUplink).map(({ shown }) => shown),
  };
}

function portOf(
  port: PortRow & { readonly port_idx: number },
  there: boolean,
  controls: boolean,
  clients: number | null,
  plan: VlanPlan,
) {
  const now = <T>(value: T | null): T | null => (there ? value : null);
  const isPoe = port.port_poe === true;
  return {
    key: portKey(port.port_idx),
    title: said(port.name) ?? `Port ${port.port_idx}`,
    index: port.port_idx,
    link: now(port.up ?? null),
    enabled: port.enable ?? null,
    speed: now(port.up === false ? 0 : measured(port.speed)),
    received: now(mbits(port['rx_bytes-r'])),
    sent: now(mbits(port['tx_bytes-r'])),
    clients: now(clients),
    profile: profileOf(port, plan.profiles),
    vlan: vlanAt(port, plan),
    ...given(
      'poe',
      isPoe && controls ? (port.poe_mode === undefined ? null : port.poe_mode !== 'off') : undefined,
    ),
    ...given('poe_power', isPoe ? now(measured(port.poe_power)) : undefined),
  };
}

function clientsAt(row: DeviceRow, index: number, clients: readonly ClientRow[] | undefined): number | null {
  if (clients === undefined) return null;
  const mac = plainMac(row.mac);
  return clients.filter((client) => isAtPort(client, mac, index)).length;
}

const isAtPort = (client: ClientRow, mac: string | undefined, index: number): boolean =>
  client.is_wired === true && client.sw_port === index && plainMac(client.sw_mac) === mac;

const profileOf = (
  { portconf_id: id }: PortRow,
  profiles: readonly ProfileRow[] | undefined,
): string | null => said(profiles?.find(({ _id }) => _id === id)?.name);

/** What all ports of a device give; undefined: none gives power. */
export function poePowerOf(row: DeviceRow, there: boolean): number | null | undefined {
  const giving = (row.port_table ?? []).filter(({ port_poe: poe }) => poe === true);
  if (giving.length === 0) return undefined;
  if (!there) return null;
  return giving.reduce((sum, port) => sum + (measured(port.poe_power) ?? 0), 0);
}
