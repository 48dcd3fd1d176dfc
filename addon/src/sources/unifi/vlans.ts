import { uplinkOf } from './carried.ts';
import { macOf, vlanOf } from './keys.ts';
import { type Override, portAt } from './overrides.ts';
import { plainMac, said } from './units.ts';
import type { DeviceRow, NetworkRow, PortRow, ProfileRow } from './wire.ts';

/** What a port's VLANs are made of; undefined: not read yet. */
export interface VlanPlan {
  readonly networks: readonly NetworkRow[] | undefined;
  readonly profiles: readonly ProfileRow[] | undefined;
}

const UNTAGGED = 1;

/**
 * Whether a device's ports are given a VLAN by the id of its network; else by a profile. Older controllers know profiles
 * alone; what they are sent beside that they keep, and do not heed.
 */
export const choosesById = ({ port_table: ports = [] }: DeviceRow): boolean =>
  ports.some(({ native_networkconf_id: id }) => said(id) !== null);

const profileOf = ({ portconf_id: id }: PortRow, profiles: readonly ProfileRow[]): ProfileRow | undefined =>
  profiles.find(({ _id }) => _id === id);

/** What a port does with VLANs: by its profile, if it has one, else by its own settings. */
function tellsOf(port: PortRow, profiles: readonly ProfileRow[]): PortRow | ProfileRow | undefined {
  return said(port.portconf_id) === null ? port : profileOf(port, profiles);
}

/** VLAN of the frames that bear none at a port, 1: no VLAN; null: not known. */
export function vlanAt(port: PortRow, { networks, profiles }: VlanPlan): number | null {
  if (networks === undefined || profiles === undefined) return null;
  const tells = tellsOf(port, profiles);
  const id = said(tells?.native_networkconf_id);
  if (id === null) return tells?.forward === 'all' ? UNTAGGED : null;
  const network = networks.find(({ _id }) => _id === id);
  return network === undefined ? null : vlanOf(network);
}

/** Why the VLAN of what bears none at a port has to stay, for people; undefined: it is no trunk. */
export function trunkAt(
  row: DeviceRow,
  index: number,
  profiles: readonly ProfileRow[],
  devices: readonly DeviceRow[],
): string | undefined {
  const below = devices.find((device) => {
    const up = uplinkOf(device);
    return up?.uplink_remote_port === index && plainMac(up.uplink_mac) === macOf(row);
  });
  if (below !== undefined) return `${said(below.name) ?? below.mac} hangs there, with all that hangs on it`;
  const port = portAt(row, index);
  const tells = port && tellsOf(port, profiles);
  return tells?.forward === 'customize' ? 'somebody made it a trunk, of several VLANs' : undefined;
}

/** What is set for a port so that it is in one network alone. Everything else of it stays. */
export function accessPort(set: Override | undefined, index: number, network: NetworkRow): Override {
  const { portconf_id: _, excluded_networkconf_ids: __, tagged_networkconf_ids: ___, ...rest } = set ?? {};
  return {
    ...rest,
    ...{ port_idx: index, native_networkconf_id: network._id, forward: 'native' },
    ...{ tagged_vlan_mgmt: 'block_all', setting_preference: 'manual' },
  };
}

/** Profiles by which a port is in one network alone. */
export const profilesFor = (
  { _id: id }: NetworkRow,
  profiles: readonly ProfileRow[],
): readonly ProfileRow[] =>
  profiles.filter(
    ({ forward, native_networkconf_id: native, tagged_networkconf_ids: tagged = [] }) =>
      id !== undefined && native === id && forward === 'native' && tagged.length === 0,
  );
