import type { DEVICE_STATES } from '../../kinds/network-device.ts';
import { type Alias, alias } from '../../model/resource.ts';
import { accesspointId, gatewayId, macOf, switchId } from './keys.ts';
import { given, isoOf, mbits, measured, plainMac, said } from './units.ts';
import type { DeviceRow } from './wire.ts';

export type Role = 'gateway' | 'switch' | 'accesspoint';
export type DeviceState = (typeof DEVICE_STATES)[number];

const STATES: Readonly<Record<number, DeviceState>> = {
  0: 'disconnected',
  1: 'connected',
  2: 'pending',
  4: 'upgrading',
  5: 'provisioning',
  6: 'heartbeat_missed',
  7: 'adopting',
  9: 'failed',
  10: 'failed',
  11: 'isolated',
};

/** What it is in the site; undefined: nothing that makes the network, as a plug. */
export function roleOf(row: DeviceRow): Role | undefined {
  const { type, adopted } = row;
  if (adopted === false || macOf(row) === undefined) return undefined;
  if (type === 'ugw' || type === 'udm' || type === 'uxg') return 'gateway';
  if (type === 'usw') return 'switch';
  // Plugs say that they are access points.
  return type === 'uap' && !row.outlet_table?.length ? 'accesspoint' : undefined;
}

export function deviceIdOf(owner: string, row: DeviceRow): string {
  const plain = macOf(row) ?? '';
  const role = roleOf(row);
  if (role === 'gateway') return gatewayId(owner);
  return role === 'switch' ? switchId(owner, plain) : accesspointId(owner, plain);
}

export const deviceName = (row: DeviceRow): string =>
  said(row.name) ?? said(row.model) ?? row.mac ?? 'unnamed';

export const stateOf = ({ state }: DeviceRow): DeviceState | null => STATES[state ?? -1] ?? null;

/** It answers its controller, whatever else it does. */
export function isConnected(row: DeviceRow): boolean | null {
  const state = stateOf(row);
  if (state === null) return null;
  return ['connected', 'provisioning', 'upgrading'].includes(state);
}

/**
 * What gateways, switches and access points have in common. Of one that is gone the controller tells old numbers.
 *
 * @param started time of its start, milliseconds since 1970; undefined: not known
 * @param uplink what it hangs on, for people
 * @param controls it may be changed from here
 */
export function commonReadings(
  row: DeviceRow,
  started: number | undefined,
  uplink: string | undefined,
  controls: boolean,
) {
  const there = isConnected(row) === true;
  const now = <T>(value: T | null): T | null => (there ? value : null);
  const stats = row['system-stats'];
  const temperature = temperatureOf(row);
  const version = said(row.version);
  return {
    connected: isConnected(row),
    state: stateOf(row),
    started: now(started === undefined ? null : isoOf(started)),
    cpu: now(measured(stats?.cpu)),
    memory: now(measured(stats?.mem)),
    ...given('temperature', temperature === undefined ? undefined : now(temperature)),
    clients: now(measured(row.num_sta)),
    ...given('uplink', uplink),
    received: now(mbits(row.uplink?.['rx_bytes-r'] ?? row['rx_bytes-r'])),
    sent: now(mbits(row.uplink?.['tx_bytes-r'] ?? row['tx_bytes-r'])),
    firmware: version,
    ...(controls && { controls }),
    latest_firmware: (row.upgradable === true ? said(row.upgrade_to_firmware) : null) ?? version,
  };
}

export function factsOf(row: DeviceRow, url: string) {
  const version = said(row.version);
  return {
    manufacturer: 'Ubiquiti',
    ...given('model', said(row.model) ?? undefined),
    ...given('version', version ?? undefined),
    ...given('serial', said(row.serial) ?? undefined),
    ...given('ip', said(row.ip) ?? undefined),
    ...given('mac', row.mac),
    url,
  };
}

export function aliasesOf(row: DeviceRow): readonly Alias[] {
  const mac = plainMac(row.mac);
  return mac === undefined ? [] : [alias('mac', mac)];
}

/** undefined: it measures none. */
function temperatureOf(row: DeviceRow): number | null | undefined {
  const { general_temperature: general, has_temperature: has, temperatures } = row;
  if (general !== undefined && has !== false) return measured(general);
  const found = temperatures?.find(({ type, name }) => type === 'cpu' || name === 'CPU') ?? temperatures?.[0];
  return found === undefined ? undefined : measured(found.value);
}
