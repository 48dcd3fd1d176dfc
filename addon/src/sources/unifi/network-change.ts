import type { NetworkSeen, NetworkWish } from '../../contract/network.ts';
import { LabError } from '../../core/errors.ts';
import { carryOut } from './change.ts';
import { deviceName, roleOf } from './device.ts';
import { hasVlan, isIn, networkOf, vlanOf } from './keys.ts';
import { type Panel, settledAmong } from './panel.ts';
import { ipNumber, ipOf, isWithin, overlaps, type Subnet, subnetOf } from './subnets.ts';
import { deleteRow } from './undo.ts';
import { said } from './units.ts';
import type { NetworkRow } from './wire.ts';

const UNTAGGED = 1;
/** Of a network's addresses, as many are left for what has a fixed one. */
const FIXED = 5;
const DAY_S = 86_400;

/** Makes a VLAN of its own; with a subnet the gateway leads out of it, without it is for switches alone. */
export async function createNetwork(panel: Panel, wish: NetworkWish, signal: AbortSignal): Promise<void> {
  await panel.look(signal);
  const networks = await panel.networksNow(signal);
  const { name, vlan } = wish;
  const subnet = wish.subnet === undefined ? undefined : requireSubnet(wish.subnet);
  requireFree(panel, networks, wish, subnet);
  const row = rowOf(wish, subnet, networks);
  const areSettled = settledAmong(panel, WIRED);
  await carryOut(
    panel,
    {
      undo: { what: 'network made', name, vlan },
      byHand: `delete the network “${name}” (VLAN ${vlan}) there`,
      send: () => panel.client.change('POST', 'rest/networkconf', row, signal),
      missing: `the network “${name}” is not there`,
      arrived: async () => {
        const all = await panel.networksNow(signal);
        return all.some((one) => hasVlan(one) && vlanOf(one) === vlan) && areSettled();
      },
    },
    signal,
  );
}

export async function deleteNetwork(
  panel: Panel,
  id: string,
  signal: AbortSignal,
  seen: NetworkSeen | undefined,
): Promise<void> {
  await panel.look(signal);
  await panel.networksNow(signal);
  const row = panel.networkOf(id);
  if (row?._id === undefined)
    throw new LabError('target_unknown', `${panel.name}: the controller has no such network`);
  const name = said(row.name) ?? 'unnamed';
  const isRenamed = said(row.name) !== null && seen?.name !== name;
  if (seen !== undefined && (isRenamed || seen.subnet !== (said(row.ip_subnet) ?? undefined))) {
    throw new LabError('target_changed', `the network “${seen.name}” was changed meanwhile`, {
      hint: 'see how it is now, then ask again',
    });
  }
  requireOrdinary(panel, row, name);
  await requireUnused(panel, row, name, signal);
  const { _id: own } = row;
  const areSettled = settledAmong(panel, WIRED);
  const dhcp = row.dhcpd_enabled === true ? `, DHCP ${row.dhcpd_start} – ${row.dhcpd_stop}` : '';
  await carryOut(
    panel,
    {
      undo: { what: 'network deleted', row },
      byHand: `make the network “${name}” there again: VLAN ${vlanOf(row)}, ${row.ip_subnet ?? 'no subnet'}${dhcp}`,
      send: () => deleteRow(panel, row, signal),
      missing: `the network “${name}” is not gone`,
      arrived: async () => {
        const all = await panel.networksNow(signal);
        return all.every(({ _id }) => _id !== own) && areSettled();
      },
    },
    signal,
  );
}

/** What has to know of a network. */
const WIRED = ['gateway', 'switch'] as const;

function requireSubnet(text: string): Subnet {
  const subnet = subnetOf(text);
  const isGateway = subnet !== undefined && subnet.own > subnet.first && subnet.own < subnet.last;
  // A router of two addresses gives out none, and more than a /8 is nobody's own.
  if (isGateway && subnet.last - subnet.first >= 7 && subnet.last - subnet.first < 2 ** 24) return subnet;
  throw new LabError('input_invalid', `subnet: “${text}” is no subnet with the address of its gateway`, {
    path: 'input.subnet',
    hint: 'write the gateway’s address and the length of the prefix (8 to 29), as in 192.168.70.1/24',
  });
}

/** @throws LabError where the VLAN, the name or addresses are somebody's already */
function requireFree(
  panel: Panel,
  networks: readonly NetworkRow[],
  { name, vlan }: NetworkWish,
  subnet: Subnet | undefined,
): void {
  const refuse = (why: string, hint: string): never => {
    throw new LabError('target_unsuitable', `the network “${name}” (VLAN ${vlan}) is not made: ${why}`, {
      hint,
    });
  };
  const gateway = panel.devices().find((row) => roleOf(row) === 'gateway');
  if (subnet !== undefined && gateway === undefined)
    refuse(
      'the site has no gateway that would lead out of it',
      'leave subnet out for a VLAN of switches alone',
    );
  for (const row of networks) {
    const own = said(row.name) ?? 'unnamed';
    if (own.toLowerCase() === name.toLowerCase()) refuse('there is one of that name', 'choose another name');
    if (hasVlan(row) && vlanOf(row) === vlan) refuse(`“${own}” has that VLAN`, 'choose another VLAN');
    const theirs = subnetOf(row.ip_subnet ?? '');
    if (subnet !== undefined && theirs !== undefined && overlaps(subnet, theirs))
      refuse(`its addresses are some of “${own}” (${row.ip_subnet})`, 'choose another subnet');
  }
  for (const { ip = '' } of [gateway?.wan1 ?? {}, gateway?.wan2 ?? {}]) {
    if (subnet !== undefined && isWithin(ip, subnet))
      refuse(`the gateway’s own address outside is one of them (${ip})`, 'choose another subnet');
  }
}

function rowOf(
  { name, vlan, dhcp = true, dhcp_start: start, dhcp_stop: stop }: NetworkWish,
  subnet: Subnet | undefined,
  networks: readonly NetworkRow[],
): Readonly<Record<string, unknown>> {
  // As this controller writes them itself.
  const number = networks.some((row) => typeof row.vlan === 'string') ? String(vlan) : vlan;
  const common = { name, enabled: true, networkgroup: 'LAN', vlan_enabled: true, vlan: number };
  if (subnet === undefined) return { ...common, purpose: 'vlan-only' };
  const bits = 32 - Math.log2(subnet.last - subnet.first + 1);
  return {
    ...{ ...common, purpose: 'corporate', ip_subnet: `${ipOf(subnet.own)}/${bits}`, is_nat: true },
    dhcpd_enabled: dhcp,
    ...(dhcp && { ...rangeOf(subnet, start, stop), dhcpd_leasetime: DAY_S }),
  };
}

function rangeOf(subnet: Subnet, start: string | undefined, stop: string | undefined) {
  const [first, last] = [
    start === undefined ? Math.max(subnet.own, subnet.first + FIXED) + 1 : ipNumber(start),
    stop === undefined ? subnet.last - 1 : ipNumber(stop),
  ];
  const isIn = (ip: number | undefined): ip is number =>
    ip !== undefined && ip > subnet.first && ip < subnet.last;
  const holdsGateway = isIn(first) && isIn(last) && subnet.own >= first && subnet.own <= last;
  if (!isIn(first) || !isIn(last) || first > last || holdsGateway) {
    throw new LabError('input_invalid', 'dhcp_start and dhcp_stop are no range of addresses in the subnet', {
      path: 'input.dhcp_start',
      hint: 'both within the subnet, the lower one first, without the gateway’s own address between them',
    });
  }
  return { dhcpd_start: ipOf(first), dhcpd_stop: ipOf(last) };
}

/** @throws LabError for what everything else hangs on */
function requireOrdinary(panel: Panel, row: NetworkRow, name: string): void {
  const refuse = (why: string): never => {
    throw new LabError('lifeline', `the network “${name}” is not deleted: ${why}`, {
      hint: 'do it in the controller, if you are sure',
    });
  };
  if (!hasVlan(row)) {
    throw new LabError('target_unsuitable', `“${name}” is no VLAN: ${row.purpose} networks are not deleted`);
  }
  if (row.attr_no_delete === true || vlanOf(row) === UNTAGGED) refuse('it is the default network');
  const subnet = subnetOf(row.ip_subnet ?? '');
  if (subnet === undefined) return;
  for (const device of panel.devices()) {
    if (isWithin(device.inform_ip ?? '', subnet)) refuse(`the controller is in it (${device.inform_ip})`);
    const isGateway = roleOf(device) === 'gateway';
    // A gateway has an address in each.
    if (!isGateway && isWithin(device.ip ?? '', subnet)) refuse(`${deviceName(device)} is managed by it`);
  }
  const own = panel.ownAddresses().find((ip) => isWithin(ip, subnet));
  if (own !== undefined) refuse(`Labkeeper itself is in it (${own})`);
}

/** @throws LabError where something still needs it */
async function requireUnused(
  panel: Panel,
  row: NetworkRow,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const refuse = (users: readonly string[]): void => {
    if (users.length === 0) return;
    const more = users.length > 3 ? ` and ${users.length - 3} more` : '';
    throw new LabError(
      'target_unsuitable',
      `the network “${name}” is in use: ${users.slice(0, 3).join(', ')}${more}`,
      { hint: 'move them elsewhere first' },
    );
  };
  const networks = await panel.networksNow(signal);
  const wlans = await panel.wlansNow(signal);
  const sent = wlans.filter((wlan) => networkOf(wlan, networks)?._id === row._id);
  refuse(sent.map((wlan) => `the WLAN “${wlan.name}”`));
  const clients = await panel.clientsNow(signal);
  refuse(
    clients
      .filter((client) => isIn(client, row))
      .map(({ hostname, mac, name: own }) => said(own) ?? said(hostname) ?? `${mac}`),
  );
  const fixed = (await panel.everybody(signal)).filter(
    ({ use_fixedip: has, network_id: id }) => has === true && id === row._id,
  );
  refuse(fixed.map(({ mac, name: own }) => `the fixed address of ${said(own) ?? mac}`));
  const profiles = await panel.profilesNow(signal);
  const users = panel.devices().flatMap((device) =>
    (device.port_overrides ?? []).flatMap((set) => {
      const profile = profiles.find(({ _id }) => _id !== undefined && _id === set.portconf_id);
      const natives = [set.native_networkconf_id, profile?.native_networkconf_id];
      const isUser = natives.includes(row._id) || profile?.tagged_networkconf_ids?.includes(row._id ?? '');
      return isUser === true ? [`port ${set.port_idx} of ${deviceName(device)}`] : [];
    }),
  );
  refuse(users);
}
