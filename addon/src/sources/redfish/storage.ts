import type { RedfishClient } from './client.ts';
import { diskName, readDrive } from './drives.ts';
import { isFailing, type Part } from './health.ts';
import type { SeenDrive, Shelf } from './shelf.ts';
import { distinct, gib, given, keyOf, said } from './units.ts';
import type { Controller, Storage, System, Volume } from './wire.ts';

export async function readStorage(
  client: RedfishClient,
  system: System,
  signal: AbortSignal,
): Promise<readonly Shelf[]> {
  const shelves: Shelf[] = [];
  for (const storage of await client.members<Storage>(system.Storage, signal)) {
    const drives: SeenDrive[] = [];
    for (const link of storage.Drives ?? []) {
      const drive = await readDrive(client, link, signal);
      if (drive !== undefined) drives.push(drive);
    }
    const controllers =
      storage.StorageControllers ?? (await client.members<Controller>(storage.Controllers, signal));
    const volumes = await client.members<Volume>(storage.Volumes, signal);
    shelves.push({
      ...{ storage, drives, controller: controllers[0] },
      volumes: volumes.filter(({ VolumeType: type }) => type !== 'RawDevice'),
    });
  }
  return shelves;
}

/** Controllers on which something hangs. */
export function controllersOf(shelves: readonly Shelf[]) {
  const used = shelves.filter(({ drives, volumes }) => drives.length + volumes.length > 0);
  return distinct(
    used.map((shelf) => {
      const { storage, controller } = shelf;
      return {
        ...{ key: keyOf('controller', storage.Id ?? nameOf(shelf)), title: nameOf(shelf) },
        problem: isFailing(controller?.Status ?? storage.Status),
        ...given('mode', modeOf(shelf)),
      };
    }),
  );
}

/** “RAID” where it makes disks of drives, “HBA” where it passes them through; undefined: it does not say. */
export function modeOf({ storage, volumes }: Shelf): string | undefined {
  const mode = said(storage.Oem?.Dell?.DellController?.CurrentControllerMode);
  if (mode !== null && mode !== 'NotSupported') return mode;
  return volumes.length > 0 ? 'RAID' : undefined;
}

export function virtualDisksOf(shelves: readonly Shelf[]) {
  const volumes = shelves.flatMap((shelf) => shelf.volumes);
  return distinct(
    volumes.map(({ Id: id, Name: name, RAIDType: raid, CapacityBytes: bytes, Status: status }, index) => {
      const title = name ?? id ?? `Virtual disk ${index + 1}`;
      return {
        ...{ key: keyOf('virtual_disk', id ?? title), title, problem: isFailing(status) },
        ...given('layout', said(raid) ?? undefined),
        ...given('size', gib(bytes) ?? undefined),
      };
    }),
  );
}

export function storageParts(shelves: readonly Shelf[]): readonly Part[] {
  return shelves.flatMap((shelf) => [
    { name: nameOf(shelf), status: shelf.controller?.Status ?? shelf.storage.Status },
    ...shelf.drives.map((drive) => ({
      name: diskName(drive),
      status: drive.FailurePredicted === true && isFailing(drive.Status) !== true ? FAILS_SOON : drive.Status,
    })),
    ...shelf.volumes.map(({ Id: id, Name: name, Status: status }) => ({
      name: name ?? id ?? 'virtual disk',
      status,
    })),
  ]);
}

const FAILS_SOON = { State: 'Enabled', Health: 'Warning' };

const nameOf = ({ storage, controller }: Shelf): string =>
  said(controller?.Model) ??
  said(controller?.Name) ??
  said(storage.Name) ??
  storage.Id ??
  'Storage controller';
