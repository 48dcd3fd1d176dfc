import type { Memory, RollCall } from '../../contract/source.ts';
import type { Clock } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { UnifiClient } from './client.ts';
import { deviceName, isConnected, type Role, roleOf } from './device.ts';
import { macOf } from './keys.ts';
import type { ClientRow, DeviceRow, NetworkRow, ProfileRow, WlanRow } from './wire.ts';

/** What commands need of a session. */
export interface Panel {
  readonly client: UnifiClient;
  readonly clock: Clock;
  readonly memory: Memory;
  readonly log: Log;
  readonly name: string;
  /** Notes who answers now; what it returns tells who of them does not any more. */
  readonly rollCall: () => RollCall;
  /** Addresses of the machine that this runs on. */
  readonly ownAddresses: () => readonly string[];
  /** Reads the devices now, and shows what it found. */
  look(signal: AbortSignal): Promise<readonly DeviceRow[]>;
  /** Reads who is there now. */
  clientsNow(signal: AbortSignal): Promise<readonly ClientRow[]>;
  /** Everybody who was there at some time, as the controller keeps them; none where it keeps nobody. */
  everybody(signal: AbortSignal): Promise<readonly ClientRow[]>;
  networksNow(signal: AbortSignal): Promise<readonly NetworkRow[]>;
  wlansNow(signal: AbortSignal): Promise<readonly WlanRow[]>;
  profilesNow(signal: AbortSignal): Promise<readonly ProfileRow[]>;
  /** The device behind a resource's id, among those just read; likewise the others. */
  deviceOf(resourceId: string): DeviceRow | undefined;
  networkOf(resourceId: string): NetworkRow | undefined;
  wlanOf(resourceId: string): WlanRow | undefined;
  readonly devices: () => readonly DeviceRow[];
}

/** Read now, since a change takes over everything that it does not know of. */
export async function deviceNow(panel: Panel, id: string, signal: AbortSignal): Promise<DeviceRow> {
  await panel.look(signal);
  const row = panel.deviceOf(id);
  if (row?._id === undefined)
    throw new LabError('target_unknown', `${panel.name}: the controller has no such device`);
  if (isConnected(row) !== true) {
    throw new LabError(
      'target_unsuitable',
      `${deviceName(row)} is not connected: nothing can be done to it now`,
    );
  }
  return row;
}

export const isSettled = ({ state }: DeviceRow): boolean => state === 1;

/**
 * Notes which devices have what was set for them now; one that is upgraded or away is nobody's concern.
 *
 * @returns whether each of these has what was set meanwhile
 */
export function settledAmong(panel: Panel, roles: readonly Role[]): () => boolean {
  const settled = (): ReadonlySet<string | undefined> =>
    new Set(
      panel.devices().flatMap((row) => {
        const role = roleOf(row);
        return role !== undefined && roles.includes(role) && isSettled(row) ? [macOf(row)] : [];
      }),
    );
  const before = settled();
  return () => before.isSubsetOf(settled());
}
