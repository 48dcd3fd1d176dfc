import { guestPath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import type { GuestStatus } from './wire.ts';

/** Reads what a guest is at this moment, and publishes it. @returns undefined: it is not there any more */
export async function look(
  { client, picture, context, publish }: Desk,
  resourceId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const row = picture.guest(resourceId);
  if (row === undefined) return undefined;
  const status = await client.get<GuestStatus>(`${guestPath(row)}/status/current`, signal);
  picture.guests.saw(row.vmid, status, context.clock.now());
  publish();
  return status.status;
}
