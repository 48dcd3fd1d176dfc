import { alias, type Link } from '../../model/resource.ts';
import { deviceIdOf } from './device.ts';
import { isIn, macOf, portKey } from './keys.ts';
import { portAt } from './overrides.ts';
import { plainMac } from './units.ts';
import type { ClientRow, DeviceRow, NetworkRow, UplinkRow } from './wire.ts';

/**
 * What hangs on a device: other devices, and by their MACs whatever of the lab the wired clients are. A client is at the
 * nearest port that hears it; at an uplink everything is heard that hangs elsewhere, which its link says (`via`).
 */
export function carriedBy(
  row: DeviceRow,
  devices: readonly DeviceRow[],
  clients: readonly ClientRow[],
  owner: string,
): readonly Link[] {
  const mac = macOf(row);
  const below = devices.flatMap((device): readonly Link[] => {
    const up = uplinkOf(device);
    if (plainMac(up?.uplink_mac) !== mac || device === row) return [];
    return [linkTo(deviceIdOf(owner, device), up?.uplink_remote_port)];
  });
  const wired = clients.flatMap((client): readonly Link[] => {
    const own = macOf(client);
    const isHere = client.is_wired === true && plainMac(client.sw_mac) === mac && own !== undefined;
    if (!isHere) return [];
    const link = linkTo([alias('mac', own)], client.sw_port);
    return [portAt(row, client.sw_port ?? 0)?.is_uplink === true ? { ...link, via: 'uplink' } : link];
  });
  return [...below, ...wired];
}

/** Whose frames a network has, of what hangs on wires. */
export const inNetwork = (row: NetworkRow, clients: readonly ClientRow[]): readonly Link[] =>
  clients.flatMap((client) => {
    const own = macOf(client);
    return client.is_wired === true && own !== undefined && isIn(client, row)
      ? [linkTo([alias('mac', own)])]
      : [];
  });

/** What a device hangs on; an older word of it says which port, where the newer one does not. */
export function uplinkOf({ uplink, last_uplink: last }: DeviceRow): UplinkRow | undefined {
  const mac = plainMac(uplink?.uplink_mac);
  if (uplink === undefined || mac === undefined) return undefined;
  const isSame = plainMac(last?.uplink_mac) === mac;
  const port = uplink.uplink_remote_port ?? (isSame ? last?.uplink_remote_port : undefined);
  return { ...uplink, ...(port !== undefined && { uplink_remote_port: port }) };
}

const linkTo = (to: Link['to'], port?: number): Link => ({
  type: 'carries',
  to,
  ...(port !== undefined && { at: portKey(port) }),
});
