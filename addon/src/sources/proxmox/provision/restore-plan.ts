import type { Check } from '../../../contract/step.ts';
import type { GuestConfig } from '../guest/wire.ts';
import type { Desk } from '../reader.ts';
import { type Archive, archivesOf, chosenArchive, configIn } from './archives.ts';
import { disksIn } from './disks-in.ts';
import type { GuestNow } from './guest-now.ts';
import { storageCheck } from './make-checks.ts';
import { spaceChecks } from './space.ts';

/** What is to be restored, and where it comes. */
export interface RestorePlan {
  readonly archive: Archive;
  /** As it was set when it was backed up. */
  readonly config: GuestConfig;
  /** Bytes by storage. */
  readonly places: ReadonlyMap<string, number>;
}

/**
 * Finds a backup and looks whether what is in it has room.
 *
 * @param storage where its disks come; left out: where they were
 */
export async function restorePlan(
  desk: Desk,
  { row }: GuestNow,
  wanted: string | undefined,
  storage: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly plan?: RestorePlan; readonly checks: readonly Check[] }> {
  const name = row.name ?? `${row.vmid}`;
  const { archive, check } = chosenArchive(name, await archivesOf(desk, row, signal), wanted);
  if (archive === undefined) return { checks: [check] };
  const config = await configIn(desk, row.node, archive.volid, signal);
  const places = new Map<string, number>();
  for (const { storage: was, size = 0 } of disksIn(config)) {
    const place = storage ?? was;
    if (place !== undefined) places.set(place, (places.get(place) ?? 0) + size);
  }
  const content = row.type === 'qemu' ? 'images' : 'rootdir';
  const space = await Promise.all(
    [...places].map(async ([place, bytes]) => [
      storageCheck(desk, place, row.node, content),
      ...(await spaceChecks(desk, row.node, place, bytes, signal)),
    ]),
  );
  return { plan: { archive, config, places }, checks: [check, ...space.flat()] };
}
