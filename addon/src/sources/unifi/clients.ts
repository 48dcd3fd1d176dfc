import type { LabResourceOf } from '../../kinds/index.ts';
import { isAddress } from '../../net/addresses.ts';
import { deviceName } from './device.ts';
import { clientId, macOf } from './keys.ts';
import { patternOf } from './patterns.ts';
import { given, isMadeUp, measured, plainMac, said } from './units.ts';
import type { ClientRow, DeviceRow } from './wire.ts';

/** Which clients a person wants to see. @param byName only those that are named without `*` */
export type Wanted = (row: ClientRow, byName?: boolean) => boolean;

/**
 * @param patterns names or MAC addresses, with `*` for anything. A client that makes up its address is another one
 * tomorrow: only a pattern without `*` shows it.
 */
export function wantedBy(patterns: readonly string[]): Wanted {
  const all = patterns.map((pattern) => ({ isExact: !pattern.includes('*'), fits: fitOf(pattern) }));
  return (row, byName = false) => {
    const plain = macOf(row);
    if (plain === undefined) return false;
    const names = [row.name, row.hostname, plain, row.mac].filter((name) => name !== undefined);
    const needsName = byName || isMadeUp(plain);
    return all.some(({ isExact, fits }) => (isExact || !needsName) && names.some(fits));
  };
}

function fitOf(pattern: string): (name: string) => boolean {
  const mac = /[0-9a-f]{2}([-:][0-9a-f]{2}){5}/i.test(pattern) ? plainMac(pattern) : undefined;
  return mac === undefined ? patternOf(pattern) : (name) => plainMac(name) === mac;
}

/**
 * @param here whether it is in the network; null: not known
 * @param devices what it may hang on
 */
export function clientOf(
  row: ClientRow,
  here: boolean | null,
  owner: string,
  parent: string | undefined,
  devices: readonly DeviceRow[],
): LabResourceOf<'client'> {
  const now = <T>(value: T | null): T | null => (here === true ? value : null);
  const plain = macOf(row) ?? '';
  return {
    id: clientId(owner, plain),
    kind: 'client',
    name: said(row.name) ?? said(row.hostname) ?? row.mac ?? plain,
    available: true,
    ...given('parent', parent),
    readings: {
      here,
      at: now(placeOf(row, devices)),
      ip: now(said(row.ip)),
      network: now(said(row.network)),
      ...(row.is_wired === false && { wlan: now(said(row.essid)), signal: now(measured(row.signal)) }),
    },
    facts: { ...given('mac', row.mac), ...given('hostname', said(row.hostname) ?? undefined) },
  };
}

/** Of the first of these MACs whose client has one; null: none has. */
export function addressAmong(clients: readonly ClientRow[], macs: readonly string[]): string | null {
  const addressOf = (mac: string | undefined): string | undefined =>
    mac && clients.find((row) => macOf(row) === mac)?.ip;
  const found = macs.map((mac) => addressOf(plainMac(mac)));
  return found.find((address) => isAddress(address ?? '')) ?? null;
}

/** As in “Core port 2”; null: not known. */
export function placeOf(row: ClientRow, devices: readonly DeviceRow[]): string | null {
  const named = (mac: string | undefined): string | undefined => {
    const plain = plainMac(mac);
    const found = plain && devices.find((device) => macOf(device) === plain);
    return found ? deviceName(found) : undefined;
  };
  if (row.is_wired !== true) return named(row.ap_mac) ?? null;
  const at = named(row.sw_mac);
  if (at === undefined) return null;
  return row.sw_port === undefined ? at : `${at} port ${row.sw_port}`;
}
