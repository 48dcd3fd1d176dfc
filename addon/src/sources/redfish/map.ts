import type { LabResourceOf } from '../../kinds/index.ts';
import { type Alias, alias, type Content } from '../../model/resource.ts';
import { knownBy } from './drives.ts';
import { verdictOf } from './health.ts';
import {
  freeSlotsOf,
  type Inventory,
  inventoryParts,
  memoryOf,
  modulesText,
  processorsText,
} from './inventory.ts';
import { fansOf, type Sensors, sensorParts, suppliesOf, temperaturesOf } from './sensors.ts';
import type { Shelf } from './shelf.ts';
import { controllersOf, storageParts, virtualDisksOf } from './storage.ts';
import { given, measured, said } from './units.ts';
import type { Manager, System } from './wire.ts';

/** What is known of a server at a moment. */
export interface Knowledge {
  readonly owner: string;
  /** For people. */
  readonly name: string;
  readonly url: string;
  readonly system: System;
  readonly manager: Manager | undefined;
  readonly inventory: Inventory | undefined;
  readonly sensors: readonly Sensors[];
  readonly shelves: readonly Shelf[] | undefined;
  /** kWh; undefined: it does not tell its power either. */
  readonly energy: number | null | undefined;
  /** Id of the node on it, where a person stated that. */
  readonly node: string | undefined;
}

export const serverId = (owner: string): string => `${owner}/server/system`;

/** What its vendor knows it by: Dell's service tag is the SKU, others give it as serial number. */
export const tagOf = ({ SKU: sku, SerialNumber: serial, Manufacturer: maker }: System): string | null =>
  (/dell/i.test(maker ?? '') ? said(sku) : null) ?? said(serial) ?? said(sku);

export function serverOf(known: Knowledge): LabResourceOf<'server'> {
  const { owner, name, url, system, manager, inventory, sensors, shelves = [], energy } = known;
  const all = joined(sensors);
  const { health, failing } = verdictOf(system, [
    ...sensorParts(all),
    ...(inventory === undefined ? [] : inventoryParts(inventory)),
    ...storageParts(shelves),
  ]);
  const on = isOn(system);
  const tag = tagOf(system);
  const { first, others } = temperaturesOf(all.temperatures ?? []);
  const controllers = controllersOf(shelves);
  const virtualDisks = virtualDisksOf(shelves);
  const firmware = said(manager?.FirmwareVersion);
  const bios = said(system.BiosVersion);
  return {
    id: serverId(owner),
    kind: 'server',
    name,
    available: true,
    aliases: aliasesOf(system),
    content: contentOf(known),
    readings: {
      on,
      health,
      problem: health === null ? null : health !== 'ok',
      failing: health === null ? null : failing.join(', ') || 'none',
      ...given('identify', lightOf(system)),
      ...given('power', all.watts),
      ...given('energy', energy),
      ...given('service_tag', tag ?? undefined),
      ...given('bios', bios ?? undefined),
      ...given('firmware', firmware ?? undefined),
      ...(inventory !== undefined && inventoryReadings(inventory, system)),
      ...(first.length > 0 && { temperatures: first }),
      ...(others.length > 0 && { more_temperatures: others }),
      ...(all.fans !== undefined && { fans: fansOf(all.fans) }),
      ...(all.supplies !== undefined && { power_supplies: suppliesOf(all.supplies) }),
      ...(controllers.length > 0 && { controllers }),
      ...(virtualDisks.length > 0 && { virtual_disks: virtualDisks }),
    },
    facts: {
      ...given('manufacturer', said(system.Manufacturer) ?? undefined),
      ...given('model', said(system.Model) ?? undefined),
      ...given('serial', tag ?? undefined),
      ...given('version', firmware ?? undefined),
      ...given('hostname', said(system.HostName) ?? undefined),
      ...given('power_restore', said(system.PowerRestorePolicy) ?? undefined),
      url,
    },
  };
}

/** null: on its way, or not told. */
export function isOn({ PowerState: state }: System): boolean | null {
  if (state === 'On' || state === 'PoweringOff') return true;
  return state === 'Off' || state === 'PoweringOn' ? false : null;
}

/** undefined: it has none. */
export function lightOf(system: System): boolean | null | undefined {
  const { LocationIndicatorActive: active, IndicatorLED: led, Manufacturer: maker } = system;
  if (active != null) return active;
  if (led === undefined || led === null) return active === null || led === null ? null : undefined;
  if (led === 'Unknown') return null;
  // At a Dell it is lit all the time, and blinks to be found.
  return led === 'Blinking' || (led === 'Lit' && !/dell/i.test(maker ?? ''));
}

function aliasesOf({
  UUID: uuid,
  SKU: sku,
  SerialNumber: serial,
  Manufacturer: maker,
}: System): readonly Alias[] {
  const serials = [said(serial), /dell/i.test(maker ?? '') ? said(sku) : null];
  return [
    ...serials.flatMap((each) => (each === null ? [] : [alias('serial', each)])),
    ...(said(uuid) === null ? [] : [alias('smbios', uuid ?? '')]),
  ];
}

function contentOf({ system, shelves = [], node }: Knowledge): Content {
  const host = said(system.HostName);
  const names = host === null ? [] : [...new Set([host, host.split('.')[0] ?? host])];
  return {
    kind: 'node',
    ...given('id', node),
    parts: knownBy(shelves),
    itself: names.map((each) => alias('hostname', each)),
  };
}

function inventoryReadings(inventory: Inventory, system: System) {
  return {
    ...given('cpus', processorsText(inventory, system) ?? undefined),
    ...given('memory', memoryOf(inventory, system) ?? undefined),
    ...given('modules', modulesText(inventory) ?? undefined),
    ...given('slots_free', freeSlotsOf(inventory, system) ?? undefined),
  };
}

/** A server may have several chassis; most have one. */
function joined(sensors: readonly Sensors[]): Sensors {
  const lists = <T>(pick: (one: Sensors) => readonly T[] | undefined): readonly T[] | undefined => {
    const found = sensors.flatMap((one) => pick(one) ?? []);
    return sensors.some((one) => pick(one) !== undefined) ? found : undefined;
  };
  const watts = sensors.flatMap(({ watts: each }) => (each === undefined ? [] : [each]));
  return {
    ...given(
      'temperatures',
      lists(({ temperatures }) => temperatures),
    ),
    ...given(
      'fans',
      lists(({ fans }) => fans),
    ),
    ...given(
      'supplies',
      lists(({ supplies }) => supplies),
    ),
    ...given('watts', wattsOf(watts)),
  };
}

/** What all chassis take together; null while one does not tell; undefined: none tells. */
export function wattsOf(all: readonly (number | null)[]): number | null | undefined {
  if (all.length === 0) return undefined;
  return all.includes(null) ? null : all.reduce<number>((sum, each) => sum + (measured(each) ?? 0), 0);
}
