import type { LabResourceOf } from '../../kinds/index.ts';
import { alias } from '../../model/resource.ts';
import type { RedfishClient } from './client.ts';
import { isAbsent, isFailing, type Part } from './health.ts';
import { distinct, gib, given, keyOf, measured, said } from './units.ts';
import type { Controller, Drive, Storage, System, Volume } from './wire.ts';

/** One storage controller with what hangs on it. */
export interface Shelf {
  readonly storage: Storage;
  readonly controller: Controller | undefined;
  readonly drives: readonly Drive[];
  /** What it makes of drives; drives that it passes through as they are do not count. */
  readonly volumes: readonly Volume[];
}

export async function readStorage(
  client: RedfishClient,
  system: System,
  signal: AbortSignal,
): Promise<readonly Shelf[]> {
  const shelves: Shelf[] = [];
  for (const storage of await client.members<Storage>(system.Storage, signal)) {
    const drives: Drive[] = [];
    for (const link of storage.Drives ?? []) {
      const drive = await client.find<Drive>(link, signal);
      if (drive !== undefined && !isAbsent(drive.Status)) drives.push(drive);
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

/** @param parent id of the server */
export function disksOf(
  shelves: readonly Shelf[],
  owner: string,
  parent: string,
): readonly LabResourceOf<'disk'>[] {
  const disks = shelves.flatMap(({ drives }) => drives.map((drive) => diskOf(drive, owner, parent)));
  // A drive with two ways in is listed by both controllers.
  return [...new Map(disks.map((disk) => [disk.id, disk])).values()];
}

/** What the drives of a server are known by. */
export const serialsOf = (shelves: readonly Shelf[]): readonly string[] =>
  [
    ...new Set(shelves.flatMap(({ drives }) => drives.flatMap((drive) => said(drive.SerialNumber) ?? []))),
  ].sort();

function diskOf(drive: Drive, owner: string, parent: string): LabResourceOf<'disk'> {
  const serial = said(drive.SerialNumber);
  const model = said(drive.Model);
  const slot = slotOf(drive);
  const predicted = drive.FailurePredicted;
  const ails = isFailing(drive.Status);
  const path = serial ?? drive.Id ?? drive['@odata.id']?.split('/').at(-1) ?? diskName(drive);
  return {
    id: `${owner}/disk/${path.replaceAll('/', '-')}`,
    kind: 'disk',
    name: diskName(drive),
    parent,
    available: true,
    ...(serial !== null && { aliases: [alias('serial', serial)] }),
    readings: {
      problem: predicted === true ? true : ails,
      ...given('failure_predicted', predicted),
      ...given('life_left', lifeOf(drive)),
      ...given('size', gib(drive.CapacityBytes) ?? undefined),
      ...given('slot', slot),
    },
    facts: {
      ...given('manufacturer', said(drive.Manufacturer) ?? undefined),
      ...given('model', model ?? undefined),
      ...given('serial', serial ?? undefined),
      ...given('version', said(drive.Revision) ?? undefined),
      ...given('slot', slot),
      ...given('media', said(drive.MediaType) ?? undefined),
      ...given('protocol', said(drive.Protocol) ?? undefined),
    },
  };
}

/** Disks that turn have no such thing, which an iDRAC says as null or 255. */
function lifeOf({ PredictedMediaLifeLeftPercent: left, MediaType: media }: Drive): number | null | undefined {
  if (left === undefined || media === 'HDD') return undefined;
  const percent = measured(left);
  return percent !== null && percent <= 100 ? percent : null;
}

/** As it is written on the bay; undefined: it does not say. */
function slotOf({
  Id: id,
  PhysicalLocation: location,
  Oem: oem,
}: Drive & { Oem?: DellDrive }): string | undefined {
  const place = location?.PartLocation;
  const ordinal = measured(oem?.Dell?.DellPhysicalDisk?.Slot) ?? measured(place?.LocationOrdinalValue);
  if (ordinal !== null) return String(ordinal);
  const label = said(place?.ServiceLabel);
  return label ?? /Disk\.Bay\.(\d+)/.exec(id ?? '')?.[1];
}

interface DellDrive {
  readonly Dell?: { readonly DellPhysicalDisk?: { readonly Slot?: number | null } };
}

function diskName(drive: Drive): string {
  const slot = slotOf(drive);
  const what = said(drive.Model) ?? said(drive.Name) ?? 'Drive';
  return slot === undefined ? what : `${what} (slot ${slot})`;
}

const nameOf = ({ storage, controller }: Shelf): string =>
  said(controller?.Model) ??
  said(controller?.Name) ??
  said(storage.Name) ??
  storage.Id ??
  'Storage controller';
