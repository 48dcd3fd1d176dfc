import { isDeepStrictEqual } from 'node:util';
import { LabError } from '../../core/errors.ts';
import { deviceName } from './device.ts';
import { plainMac } from './units.ts';
import type { ClientRow, DeviceRow, PortRow } from './wire.ts';

/** What is set for one port. */
export type Override = Readonly<Record<string, unknown>>;

export const portAt = ({ port_table: ports = [] }: DeviceRow, index: number): PortRow | undefined =>
  ports.find(({ port_idx: own }) => own === index);

/**
 * All that is set for a device's ports, with one of them changed. A controller takes such a list as a whole: whatever is
 * missing in it, VLANs and names of all other ports, is gone.
 *
 * @param change of what is set for the port into what shall be; undefined: nothing
 */
export function overridesWith(
  row: DeviceRow,
  index: number,
  change: (set: Override | undefined) => Override | undefined,
): readonly Override[] {
  const all = row.port_overrides ?? [];
  const set = all.find(({ port_idx: own }) => own === index);
  const changed = change(set);
  if (set === undefined) return changed === undefined ? all : [...all, changed];
  return all.flatMap((one): readonly Override[] => {
    if (one !== set) return [one];
    return changed === undefined ? [] : [changed];
  });
}

/** What is set for a port for which nothing is: the profile and VLANs that it has all the same. */
export function freshSetting(port: PortRow, index: number): Override {
  const { portconf_id, native_networkconf_id, forward, tagged_vlan_mgmt, setting_preference } = port;
  const known = { portconf_id, native_networkconf_id, forward, tagged_vlan_mgmt, setting_preference };
  const has = Object.entries(known).filter(([, value]) => value !== undefined && value !== '');
  return { port_idx: index, ...Object.fromEntries(has) };
}

/** Whether a port has what was set for it; controllers may add to that. @param wished null: nothing */
export function isSameSetting(set: Override | undefined, wished: Override | null): boolean {
  if (wished === null || set === undefined) return wished === null && set === undefined;
  return Object.entries(wished).every(([key, value]) => isDeepStrictEqual(set[key], value));
}

/** Whether what is set for a port still is what was set when it was switched off, but for that. */
export function isUntouched(set: Override | undefined, { before, off }: SavedPort): boolean {
  const plain = (one: Override | null | undefined): Override => ({
    ...one,
    ...{ port_idx: off.port_idx, portconf_id: null, forward: null },
  });
  return isDeepStrictEqual(plain(set), plain(before));
}

/** What was set for a port before it was switched off (null: nothing), and what was set to do that. */
export interface SavedPort {
  readonly before: Override | null;
  readonly off: Override;
}

/**
 * The port behind an item's key, if taking it away does not cut off the network itself.
 *
 * @param clients who is in the network; undefined: nothing is taken away
 * @throws LabError `target_unknown`; `lifeline` for an uplink, and for the port of the controller
 */
export function requireFreePort(
  row: DeviceRow,
  item: string,
  clients: readonly ClientRow[] | undefined,
): { readonly port: PortRow; readonly index: number } {
  const index = Number(item.replace('port_', ''));
  const port = portAt(row, index);
  if (port === undefined) throw new LabError('target_unknown', `${deviceName(row)} has no port ${index}`);
  if (clients === undefined) return { port, index };
  const refuse = (why: string): never => {
    throw new LabError('lifeline', `${deviceName(row)}: port ${index} is not taken away: ${why}`, {
      hint: 'do it in the controller, if you are sure',
    });
  };
  if (port.is_uplink === true) refuse('it is its uplink');
  const controller = row.inform_ip;
  const mac = plainMac(row.mac);
  const isItsPort = clients.some(
    ({ ip, sw_mac: at, sw_port: where }) =>
      controller !== undefined && ip === controller && where === index && plainMac(at) === mac,
  );
  if (isItsPort) refuse('the controller hangs there');
  return { port, index };
}
