import type { Check } from '../../../contract/step.ts';
import type { GuestRow, SnapshotRow } from '../guest/wire.ts';
import { guestPath } from '../ids.ts';
import type { Desk } from '../reader.ts';

/** A guest's snapshots as its node lists them at this moment, without the row of what it is now. */
export async function snapshotsNow(
  { client }: Desk,
  row: GuestRow,
  signal: AbortSignal,
): Promise<readonly SnapshotRow[]> {
  const rows = await client.list<SnapshotRow>(`${guestPath(row)}/snapshot`, signal);
  return rows.filter(({ name }) => name !== 'current');
}

/** Whether a guest has a snapshot. */
export function snapshotCheck(guest: string, rows: readonly SnapshotRow[], snapshot: string): Check {
  const ok = rows.some(({ name }) => name === snapshot);
  const names = rows.map(({ name }) => name);
  return ok
    ? { name: 'Snapshot', ok, message: `${guest} has “${snapshot}”` }
    : {
        ...{ name: 'Snapshot', ok, message: `${guest} has no snapshot “${snapshot}”` },
        hint: `it has: ${names.join(', ') || 'none'}`,
      };
}

/** Snapshots that were made after one. */
export const newerThan = (
  { snaptime = 0, name }: SnapshotRow,
  rows: readonly SnapshotRow[],
): readonly SnapshotRow[] =>
  rows.filter((row) => row.name !== name && (row.snaptime ?? 0) >= snaptime && row.name !== 'current');

/** A time for people, as `2026-11-24 03:15 UTC`. @param seconds since 1970 */
export const timeText = (seconds: number): string =>
  `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
