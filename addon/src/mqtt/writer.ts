import type { Clock } from '../core/clock.ts';
import { objectId, slug } from '../core/ids.ts';
import { discoveryOf } from '../entities/discovery.ts';
import { deviceNames } from '../entities/names.ts';
import { ownerOf } from '../entities/selection.ts';
import type { EntitySettings } from '../entities/settings.ts';
import { topicsOf } from '../entities/topics.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Store } from '../model/store.ts';
import { buried, Device, platformsOf } from './device.ts';
import type { Entry, Ledger } from './ledger.ts';
import { digestOf, type Mirror } from './mirror.ts';
import type { Outbox } from './outbox.ts';
import { Tokens } from './tokens.ts';
import { ancestorsOf, parentsFirst } from './tree.ts';

/** Home Assistant takes one discovery payload of a device at a time; a second one too soon is partly skipped. */
const SETTLE_MS = 2_000;
/** What waits for its turn is looked at this often. */
export const PACE_MS = 250;
/** Units of work that Home Assistant is given at once, and a second: 20 new devices, or the states of 100. */
const BURST = 100;
const PER_SECOND = 100;
export const DEVICE_COST = 5;
const STATES_COST = 1;

export interface WriterParts {
  readonly store: Store<LabResource>;
  readonly settings: EntitySettings;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly mirror: Mirror;
  readonly outbox: Outbox;
  /** Whether it is to be published. */
  readonly isWanted: (resource: LabResource) => boolean;
}

interface Context {
  readonly name: string;
  readonly parent: string | undefined;
}

/** Writes to the outbox what the broker lacks of resources: discovery paced and parents first, changed states at once. */
export class Writer {
  readonly tokens: Tokens;
  readonly #parts: WriterParts;
  readonly #devices = new Map<string, Device>();
  /** Resources of which something is still to be sent. */
  readonly #waiting = new Set<string>();
  /** When components that are late are given up, by resource and the clock's `elapsed`. */
  readonly #givenUpAt = new Map<string, number>();
  /** When discovery of an object id was sent last, by the clock's `elapsed`; forgotten once that does not matter. */
  readonly #sentAt = new Map<string, number>();
  #names: ReadonlyMap<string, string> = new Map();

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.tokens = new Tokens(parts.clock, BURST, PER_SECOND);
  }

  /** Devices that are published. */
  get size(): number {
    return this.#devices.size;
  }

  has(resourceId: string): boolean {
    return this.#devices.has(resourceId);
  }

  forget(resourceId: string): void {
    this.#devices.delete(resourceId);
    this.#waiting.delete(resourceId);
    this.#givenUpAt.delete(resourceId);
  }

  /**
   * From now on counts what the broker holds, not what we sent.
   *
   * @param everything its states, too, are sent again
   */
  compare(everything: boolean): void {
    for (const [id, device] of this.#devices) {
      const held = this.#parts.mirror.holds(this.#objectId(id));
      // Whatever lost the discovery may have lost the states.
      if (everything || held !== device.digest) device.complete = false;
      device.digest = held;
    }
  }

  /**
   * What changed of a published device since it was sent last, without waiting. False: it is not published.
   *
   * @param retain the broker keeps it
   */
  correct(resource: LabResource, retain = true): boolean {
    const { outbox, settings, clock } = this.#parts;
    const device = this.#devices.get(resource.id);
    if (device === undefined) return false;
    const changed = device.states(resource, settings, clock.elapsed());
    outbox.add(...(retain ? changed : changed.map((message) => ({ ...message, retain }))));
    return true;
  }

  /** Looks anew at what things are called. */
  rename(): void {
    const { store, isWanted } = this.#parts;
    this.#names = deviceNames([...store.all()].filter(isWanted), (id) => store.get(id));
  }

  /** What is published with a name, or under a parent, that is not right any more. */
  misplaced(): readonly LabResource[] {
    return [...this.#parts.store.all()].filter((resource) => {
      const device = this.#devices.get(resource.id);
      return device !== undefined && device.context !== keyOf(this.#contextOf(resource));
    });
  }

  /** Writes what may be sent now of these. @returns milliseconds until the rest should get its turn; Infinity: no rest */
  write(resources: Iterable<LabResource>): number {
    const { store, isWanted, clock } = this.#parts;
    let wake = Number.POSITIVE_INFINITY;
    for (const resource of parentsFirst(resources, (id) => store.get(id))) {
      this.#waiting.delete(resource.id);
      if (!isWanted(resource)) {
        this.#givenUpAt.delete(resource.id);
        continue;
      }
      const wait = this.#write(resource);
      if (wait === 0) continue;
      this.#waiting.add(resource.id);
      wake = Math.min(wake, wait);
    }
    const now = clock.elapsed();
    for (const [id, at] of this.#sentAt) if (now - at >= SETTLE_MS) this.#sentAt.delete(id);
    return Math.min(wake, ...[...this.#givenUpAt.values()].map((at) => Math.max(at - now, PACE_MS)));
  }

  /** Those whose turn is still to come. */
  waiting(): readonly LabResource[] {
    return [...this.#waiting].flatMap((id) => this.#parts.store.get(id) ?? []);
  }

  /** Those of which something late has to be given up now. */
  overdue(): readonly LabResource[] {
    const now = this.#parts.clock.elapsed();
    const due = [...this.#givenUpAt].filter(([, at]) => at <= now);
    return due.flatMap(([id]) => this.#parts.store.get(id) ?? []);
  }

  /** @returns milliseconds until it should be looked at again; 0: all is said */
  #write(resource: LabResource): number {
    const { settings, clock, ledger, mirror, outbox } = this.#parts;
    const known = this.#devices.get(resource.id);
    const context = this.#contextOf(resource);
    // Sent now it would hang elsewhere, and be sent again.
    if (known === undefined && this.#parentWaits(resource)) return PACE_MS;
    // Nor is it worth working out what cannot be sent yet.
    if (!known?.complete && !this.tokens.has(DEVICE_COST)) return PACE_MS;
    const id = this.#objectId(resource.id);
    const { discovery: topic } = topicsOf(resource.id, settings);
    const before = ledger.get(topic);
    const entityIds = before?.entityIds || slug(context.name);
    const discovery = discoveryOf(resource, { ...context, entityIds }, settings);
    const payload = JSON.stringify(discovery);
    const now = clock.elapsed();
    const device = known ?? new Device(now);
    const left = device.expect(discovery, before ?? NOTHING, now);
    if (left === Number.POSITIVE_INFINITY) this.#givenUpAt.delete(resource.id);
    else this.#givenUpAt.set(resource.id, now + left);
    const burial = buried(discovery, before?.components ?? {}, device.late);
    const differs = burial !== undefined || digestOf(payload) !== (known?.digest ?? mirror.holds(id));
    const settles = differs ? Math.max(0, (this.#sentAt.get(id) ?? -SETTLE_MS) + SETTLE_MS - now) : 0;
    if (settles > 0) {
      // Changed states do not wait, unless the broker may not have the device at all.
      if (known?.complete) this.correct(resource);
      return settles;
    }
    const cost = differs ? DEVICE_COST : known?.complete ? 0 : STATES_COST;
    if (!this.tokens.take(cost)) {
      if (known?.complete) this.correct(resource);
      return PACE_MS;
    }
    this.#devices.set(resource.id, device);
    // Of a device that grows Home Assistant would read the kept state first, and complain of what it lacks.
    const statesFirst = known?.complete === true && burial === undefined;
    if (statesFirst) outbox.add(...device.states(resource, settings, now));
    let wait = 0;
    if (differs) {
      const sent = burial === undefined ? payload : JSON.stringify(burial);
      outbox.discover(id, topic, sent);
      device.digest = digestOf(sent);
      this.#sentAt.set(id, now);
      if (burial !== undefined) wait = SETTLE_MS;
    } else {
      device.digest = digestOf(payload);
    }
    device.context = keyOf(context);
    if (!statesFirst) outbox.add(...device.states(resource, settings, now));
    device.complete = true;
    const stale = (before?.topics ?? []).filter((old) => !device.topics.includes(old));
    // Home Assistant would complain of what is emptied while it still has components of it.
    const isRead = burial !== undefined || device.late.length > 0;
    if (!isRead) for (const old of stale) outbox.keep(old, '');
    if (differs || before?.resource !== resource.id) {
      const kept = device.late.flatMap((key) => {
        const platform = before?.components[key];
        return platform === undefined ? [] : [[key, platform] as const];
      });
      const components = { ...Object.fromEntries(kept), ...platformsOf(discovery) };
      this.#note(
        resource,
        context,
        entityIds,
        components,
        isRead ? [...device.topics, ...stale] : device.topics,
      );
    }
    return wait;
  }

  #note(
    { id }: LabResource,
    { name, parent }: Context,
    entityIds: string,
    components: Entry['components'],
    topics: readonly string[],
  ): void {
    const { settings, ledger } = this.#parts;
    ledger.note({
      objectId: this.#objectId(id),
      discovery: topicsOf(id, settings).discovery,
      base: settings.base,
      owner: ownerOf(id),
      resource: id,
      name,
      entityIds,
      parent: parent === undefined ? null : this.#objectId(parent),
      topics,
      components,
    });
  }

  #contextOf(resource: LabResource): Context {
    // Naming a device that Home Assistant does not know would make a nameless one.
    const parent = this.#above(resource).find(({ id }) => this.#devices.has(id));
    return { name: this.#names.get(resource.id) ?? resource.name, parent: parent?.id };
  }

  #parentWaits(resource: LabResource): boolean {
    const nearest = this.#above(resource).find((above) => this.#parts.isWanted(above));
    return nearest !== undefined && this.#waiting.has(nearest.id) && !this.#devices.has(nearest.id);
  }

  #above(resource: LabResource): readonly LabResource[] {
    return ancestorsOf(resource, (id) => this.#parts.store.get(id));
  }

  #objectId(resourceId: string): string {
    return objectId(resourceId, this.#parts.settings.site);
  }
}

const NOTHING: Pick<Entry, 'components' | 'topics'> = { components: {}, topics: [] };

const keyOf = ({ name, parent = '' }: Context): string => `${parent}\n${name}`;
