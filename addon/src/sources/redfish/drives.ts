import type { LabResourceOf } from '../../kinds/index.ts';
import { type Alias, alias } from '../../model/resource.ts';
import type { RedfishClient } from './client.ts';
import { isAbsent, isFailing } from './health.ts';
import type { SeenDrive, Shelf } from './shelf.ts';
import { gib, given, measured, said } from './units.ts';
import type { Drive, DriveEnvironment, DriveMetrics, Link } from './wire.ts';

/** @returns undefined: there is none, or its bay is empty */
export async function readDrive(
  client: RedfishClient,
  link: Link,
  signal: AbortSignal,
): Promise<SeenDrive | undefined> {
  const drive = await client.find<Drive>(link, signal);
  if (drive === undefined || isAbsent(drive.Status)) return undefined;
  const metrics = await client.find<DriveMetrics>(drive.Metrics, signal);
  const environment = await client.find<DriveEnvironment>(drive.EnvironmentMetrics, signal);
  return { ...drive, ...given('metrics', metrics), ...given('environment', environment) };
}

/** @param parent id of the server */
export function disksOf(
  shelves: readonly Shelf[],
  owner: string,
  parent: string,
): readonly LabResourceOf<'disk'>[] {
  const drives = drivesIn(shelves);
  return drives.map((drive) => diskOf(drive, aliasesOf(drive, drives), owner, parent));
}

/** What the drives of a server are known by, those of each together. */
export const knownBy = (shelves: readonly Shelf[]): readonly (readonly Alias[])[] => {
  const drives = drivesIn(shelves);
  const all = drives.map((drive) => aliasesOf(drive, drives)).filter((each) => each.length > 0);
  return all.sort((one, other) => (one.join() < other.join() ? -1 : 1));
};

/** A drive with two ways in is listed by both controllers. */
function drivesIn(shelves: readonly Shelf[]): readonly SeenDrive[] {
  const all = shelves.flatMap(({ drives }) => drives);
  return [...new Map(all.map((drive) => [pathOf(drive), drive])).values()];
}

/** Its serial, and the name that the whole world knows it by: of SAS drives systems take that for the serial. */
function aliasesOf(drive: Drive, all: readonly Drive[]): readonly Alias[] {
  const serial = said(drive.SerialNumber);
  // Some backplanes give each drive their own.
  const own = durableNames(drive).filter(
    (name) => all.filter((each) => durableNames(each).includes(name)).length === 1,
  );
  return [...new Set([...(serial === null ? [] : [serial]), ...own].map((name) => alias('serial', name)))];
}

/** In digits alone, as systems write them behind `0x`, `naa.` or `eui.`. */
const durableNames = ({ Identifiers: all }: Drive): readonly string[] =>
  (Array.isArray(all) ? (all as NonNullable<Drive['Identifiers']>) : []).flatMap(
    ({ DurableName: name, DurableNameFormat: format }) => {
      if (!/^(NAA|EUI|FC_WWN)$/i.test(format ?? '')) return [];
      const digits = (said(name) ?? '')
        .toLowerCase()
        .replace(/^(0x|naa\.|eui\.)/, '')
        .replaceAll(/[-:\s]/g, '');
      return /^[0-9a-f]{16,32}$/.test(digits) ? [digits] : [];
    },
  );

const pathOf = (drive: Drive): string =>
  (
    said(drive.SerialNumber) ??
    drive.Id ??
    drive['@odata.id']?.split('/').at(-1) ??
    diskName(drive)
  ).replaceAll('/', '-');

function diskOf(
  drive: SeenDrive,
  aliases: readonly Alias[],
  owner: string,
  parent: string,
): LabResourceOf<'disk'> {
  const serial = said(drive.SerialNumber);
  const model = said(drive.Model);
  const slot = slotOf(drive);
  const predicted = drive.FailurePredicted;
  const ails = isFailing(drive.Status);
  return {
    id: `${owner}/disk/${pathOf(drive)}`,
    kind: 'disk',
    name: diskName(drive),
    parent,
    available: true,
    ...(aliases.length > 0 && { aliases }),
    readings: {
      problem: predicted === true ? true : ails,
      ...given('failure_predicted', predicted),
      ...given('life_left', lifeOf(drive)),
      ...given('temperature', temperatureOf(drive)),
      ...given('power_on_hours', hoursOf(drive)),
      ...given('power_cycles', firstOf([drive.metrics?.NVMeSMART?.PowerCycles])),
      ...given('power_losses', firstOf([drive.metrics?.NVMeSMART?.UnsafeShutdowns])),
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
function lifeOf({
  PredictedMediaLifeLeftPercent: left,
  MediaType: media,
  metrics,
}: SeenDrive): number | null | undefined {
  if (media === 'HDD') return undefined;
  const percent = measured(left);
  if (percent !== null && percent <= 100) return percent;
  // May pass 100: that was its life.
  const used = measured(metrics?.NVMeSMART?.PercentageUsed);
  if (used !== null) return Math.max(0, 100 - used);
  return left === undefined ? undefined : null;
}

function temperatureOf({ metrics, environment }: SeenDrive): number | null | undefined {
  const said = [environment?.TemperatureCelsius?.Reading, metrics?.NVMeSMART?.CompositeTemperatureCelsius];
  return firstOf(said);
}

const hoursOf = ({ metrics }: SeenDrive): number | null | undefined =>
  firstOf([metrics?.PowerOnHours, metrics?.NVMeSMART?.PowerOnHours]);

/** null: none of those that are there has a value; undefined: none is there */
function firstOf(values: readonly unknown[]): number | null | undefined {
  const there = values.filter((value) => value !== undefined);
  return there.length === 0 ? undefined : (there.map(measured).find((value) => value !== null) ?? null);
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

export function diskName(drive: Drive): string {
  const slot = slotOf(drive);
  const what = said(drive.Model) ?? said(drive.Name) ?? 'Drive';
  return slot === undefined ? what : `${what} (slot ${slot})`;
}
