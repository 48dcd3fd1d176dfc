import { safeUrl } from '../lab/from-api.ts';
import { judge } from '../lab/judge.ts';
import { kindOf } from '../lab/kinds.ts';
import { type Bare, type Edge, EMPTY, type LabView, type Reading, type Thing } from '../lab/thing.ts';
import { grow } from '../lab/tree.ts';
import type { Hass, HassDevice, HassState, RegistryEntry, ToldLab, ToldResource } from './types.ts';

/** What hardly changes of a thing, and where its readings come from. */
interface Frame {
  readonly device: HassDevice;
  readonly identifier: string;
  readonly kind: string;
  readonly parent: string | undefined;
  readonly told: (ToldResource & { readonly app: string }) | undefined;
  readonly links: readonly Edge[];
  /** Entity ids by the keys of their readings. */
  readonly entities: readonly (readonly [string, RegistryEntry])[];
}

/** Entities without a state that says anything: an event's is a time, a button's too. */
const MUTE = /^(button|event|image|notify)\./;

/**
 * The lab as Home Assistant knows it: devices by their identifiers, entities by their unique ids, never by how an
 * entity id is spelled.
 */
export class HassLab {
  #view: LabView = EMPTY;
  #devices: Hass['devices'] | undefined;
  #states: Hass['states'] = {};
  #entries: readonly RegistryEntry[] = [];
  #told: ToldLab | undefined;
  #frames = new Map<string, Frame>();
  /** Of which thing an entity is. */
  #owners = new Map<string, string>();

  get view(): LabView {
    return this.#view;
  }

  /** Each Labkeeper that the integration knows, by its entry; empty without it. */
  get apps(): readonly string[] {
    return (this.#told?.apps ?? []).map(({ config_entry_id }) => config_entry_id);
  }

  /** Ids of the entities that are ours, by the device registry alone: what to ask the entity registry for. */
  static wanted({ devices, entities }: Pick<Hass, 'devices' | 'entities'>): readonly string[] {
    const ours = new Set(
      Object.values(devices)
        .filter((device) => ourIdentifier(device) !== undefined)
        .map(({ id }) => id),
    );
    return Object.values(entities)
      .filter(({ device_id, platform }) => platform === 'mqtt' && ours.has(device_id ?? ''))
      .map(({ entity_id }) => entity_id);
  }

  /** Takes what the entity registry answered. */
  know(entries: readonly RegistryEntry[]): void {
    this.#entries = entries;
    this.#devices = undefined;
  }

  /** Takes what the integration answered; without it there are no edges and no findings. */
  tell(told: ToldLab | undefined): void {
    this.#told = told;
    this.#devices = undefined;
  }

  /** @returns the same view as long as nothing of the lab changed */
  update({ devices, states }: Pick<Hass, 'devices' | 'states'>): LabView {
    const rebuilt = devices !== this.#devices;
    if (rebuilt) this.#frame(devices);
    if (!rebuilt && states === this.#states) return this.#view;
    const changed = rebuilt ? new Set(this.#frames.keys()) : this.#changed(states);
    this.#states = states;
    if (!rebuilt && changed.size === 0) return this.#view;
    const things = rebuilt ? new Map<string, Thing>() : new Map(this.#view.things);
    for (const id of changed) {
      const frame = this.#frames.get(id);
      if (frame !== undefined) things.set(id, sameOr(this.#view.things.get(id), thingOf(frame, states)));
    }
    const apps = this.#told?.apps ?? [];
    const findings = rebuilt ? apps.flatMap(({ findings = [] }) => findings) : this.#view.findings;
    this.#view = grow(things, this.#view, { findings, full: apps.length > 0 });
    return this.#view;
  }

  #changed(states: Hass['states']): Set<string> {
    const changed = new Set<string>();
    for (const [entity, owner] of this.#owners) {
      if (states[entity] !== this.#states[entity]) changed.add(owner);
    }
    return changed;
  }

  #frame(devices: Hass['devices']): void {
    this.#devices = devices;
    const told = new Map(
      (this.#told?.apps ?? []).flatMap(({ config_entry_id: app, resources }) =>
        resources.map((one) => [one.device, { ...one, app }] as const),
      ),
    );
    const deviceOf = new Map([...told.values()].map(({ id, device }) => [id, device]));
    const entriesOf = Map.groupBy(this.#entries, ({ device_id }) => device_id);
    const frames = new Map<string, Frame>();
    this.#owners.clear();
    for (const device of Object.values(devices)) {
      const identifier = ourIdentifier(device);
      if (identifier === undefined) continue;
      const one = told.get(identifier);
      const kind = one?.kind ?? kindOf(identifier);
      if (kind === undefined) continue;
      const parent = devices[device.via_device_id ?? ''];
      const entities = (entriesOf.get(device.id) ?? [])
        .filter(({ unique_id }) => unique_id.startsWith(`${identifier}_`))
        .map((entry) => [entry.unique_id.slice(identifier.length + 1), entry] as const);
      for (const [, { entity_id }] of entities) this.#owners.set(entity_id, identifier);
      frames.set(identifier, {
        ...{ device, identifier, kind, entities, told: one, links: edgesOf(one, deviceOf) },
        parent: parent && ourIdentifier(parent),
      });
    }
    this.#frames = frames;
  }
}

function ourIdentifier({ identifiers }: HassDevice): string | undefined {
  for (const [domain, identifier] of identifiers) {
    if (domain === 'mqtt' && identifier?.startsWith('labkeeper_')) return identifier;
  }
  return undefined;
}

/** Edges lead to devices, as views know things by those. */
function edgesOf(told: ToldResource | undefined, deviceOf: ReadonlyMap<string, string>): readonly Edge[] {
  return (told?.links ?? []).flatMap((link) => {
    const to = deviceOf.get(link.to);
    return to === undefined ? [] : [{ ...link, to }];
  });
}

function thingOf(
  { device, identifier, kind, parent, told, links, entities }: Frame,
  states: Hass['states'],
): Thing {
  const readings: Record<string, Reading> = {};
  let answering = 0;
  let asked = 0;
  for (const [key, entry] of entities) {
    const state = states[entry.entity_id];
    // Disabled, or on its way out.
    if (state === undefined) continue;
    if (!MUTE.test(entry.entity_id)) {
      asked += 1;
      // What tells whether it can be reached stays there when it cannot.
      if (state.state !== 'unavailable' && key !== 'connection') answering += 1;
    }
    readings[key] = readingOf(key, entry, state);
  }
  const onlyConnection = asked === 1 && readings.connection !== undefined;
  const bare: Bare = {
    ...{ id: identifier, resource: told?.id, app: told?.app, device: device.id, kind, parent, readings },
    name: device.name_by_user || device.name || told?.name || identifier,
    model: device.model ?? undefined,
    version: device.sw_version ?? undefined,
    url: safeUrl(device.configuration_url),
    links,
    available: asked === 0 || answering > 0 || (onlyConnection && readings.connection?.value !== null),
  };
  return judge(bare);
}

function readingOf(key: string, entry: RegistryEntry, { state, attributes }: HassState): Reading {
  const unit = attributes.unit_of_measurement;
  const options = attributes.options;
  const sort = attributes.device_class;
  return {
    ...{ key, value: readState(entry.entity_id, state, unit), entity: entry.entity_id },
    ...(typeof unit === 'string' && { unit }),
    ...(Array.isArray(options) && { options: options.map(String) }),
    ...(typeof sort === 'string' && { sort }),
    ...(typeof (entry.name ?? entry.original_name) === 'string' && {
      name: (entry.name ?? entry.original_name) as string,
    }),
  };
}

function readState(entity: string, state: string, unit: unknown): Reading['value'] {
  if (state === 'unavailable' || state === 'unknown') return null;
  if (/^(binary_sensor|switch|update)\./.test(entity)) return state === 'on';
  if (entity.startsWith('device_tracker.')) return state === 'home';
  const number = Number(state);
  if (state.trim() === '' || Number.isNaN(number)) return state;
  // A version is no number, even where it looks like one.
  return typeof unit === 'string' || /^-?\d+$/.test(state) || entity.startsWith('number.') ? number : state;
}

/** The thing that was there, if the new one says the same: what is drawn stays. */
function sameOr(old: Thing | undefined, next: Thing): Thing {
  return old !== undefined && JSON.stringify(old) === JSON.stringify(next) ? old : next;
}
