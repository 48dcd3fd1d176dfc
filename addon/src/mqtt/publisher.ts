import type { Clock } from '../core/clock.ts';
import { objectId } from '../core/ids.ts';
import { Meter } from '../core/meter.ts';
import { type DeviceContext, type Discovery, discoveryOf } from '../entities/discovery.ts';
import { deviceNames } from '../entities/names.ts';
import type { EntitySettings } from '../entities/settings.ts';
import { statesOf } from '../entities/states.ts';
import { topicsOf } from '../entities/topics.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Diff, Store } from '../model/store.ts';
import type { Message } from './connection.ts';

/** Home Assistant takes one discovery payload of a device at a time; a second one too soon is partly skipped. */
const SETTLE_MS = 2_000;

/** What the broker holds of one resource, as far as we sent it. */
interface Published {
  discovery: string;
  components: Discovery['components'];
  /** When discovery was sent, by the clock's `elapsed`. */
  at: number;
  readonly states: Map<string, string>;
}

export interface PublisherParts {
  readonly store: Store<LabResource>;
  readonly settings: EntitySettings;
  readonly clock: Clock;
  readonly connected: () => boolean;
  readonly publish: (message: Message) => void;
}

/** Keeps the broker's retained messages equal to the lab: sends what differs from what it sent before, nothing else. */
export class Publisher {
  readonly #parts: PublisherParts;
  readonly #published = new Map<string, Published>();
  readonly #byObjectId = new Map<string, string>();
  readonly #sent: Meter;
  #names: ReadonlyMap<string, string> = new Map();
  #unsubscribe: () => void = () => {};
  #cancelSettling: () => void = () => {};
  #settlingAt = Number.POSITIVE_INFINITY;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    this.#sent = new Meter(parts.clock);
  }

  start(): void {
    this.#unsubscribe = this.#parts.store.subscribe((diff) => this.#onDiff(diff));
  }

  close(): void {
    this.#unsubscribe();
    this.#cancelSettling();
  }

  /** Devices that are published. */
  get devices(): number {
    return this.#published.size;
  }

  /** Messages sent a minute, average of the last ten minutes; null in the first one. */
  messagesPerMinute(): number | null {
    return this.#sent.traffic().callsPerMinute;
  }

  /** The resource that an object id in a topic stands for. */
  resourceOf(id: string): LabResource | undefined {
    return this.#parts.store.get(this.#byObjectId.get(id) ?? '');
  }

  /** Sends everything, because the broker may have lost it; what went while it was away is removed. */
  resend(): void {
    const { store } = this.#parts;
    for (const id of [...this.#published.keys()]) if (store.get(id)?.id !== id) this.#remove(id);
    for (const known of this.#published.values()) {
      known.discovery = '';
      known.at = Number.NEGATIVE_INFINITY;
      known.states.clear();
    }
    this.#rename();
    this.#publishAll(store.all());
  }

  #onDiff(diff: Diff<LabResource>): void {
    const { store, settings, connected } = this.#parts;
    for (const { before, after } of diff) {
      if (before === undefined) this.#byObjectId.set(objectId(after.id, settings.site), after.id);
      if (after === undefined) this.#byObjectId.delete(objectId(before.id, settings.site));
    }
    if (!connected()) return;
    const structural = diff.some(
      ({ before, after }) => before?.name !== after?.name || before?.parent !== after?.parent,
    );
    if (structural) {
      this.#rename();
      // Names and parents of others may have changed with it; what did not is not sent again.
      this.#publishAll(store.all());
    } else {
      this.#publishAll(diff.flatMap(({ after }) => (after === undefined ? [] : [after])));
    }
    // After their children were pointed elsewhere.
    for (const { before, after } of diff) if (after === undefined) this.#remove(before.id);
  }

  #rename(): void {
    this.#names = deviceNames(this.#parts.store.all());
  }

  #publishAll(resources: Iterable<LabResource>): void {
    const { store, settings } = this.#parts;
    const sorted = [...resources].sort((a, b) => depthOf(a, store) - depthOf(b, store));
    for (const resource of sorted) {
      this.#publishDiscovery(resource);
      const states = this.#published.get(resource.id)?.states;
      for (const [topic, payload] of statesOf(resource, settings)) {
        if (states?.get(topic) === payload) continue;
        states?.set(topic, payload);
        this.#send(topic, payload, topic.endsWith('/metrics') ? 0 : 1);
      }
    }
  }

  #publishDiscovery(resource: LabResource): void {
    const { settings, clock } = this.#parts;
    const known = this.#published.get(resource.id);
    const discovery = discoveryOf(resource, this.#context(resource), settings);
    const payload = JSON.stringify(discovery);
    if (known?.discovery === payload) return;
    const now = clock.elapsed();
    if (known !== undefined && now - known.at < SETTLE_MS) {
      this.#settleAt(known.at + SETTLE_MS);
      return;
    }
    const { discovery: topic } = topicsOf(resource.id, settings);
    const withTombstones = buried(discovery, known?.components ?? {});
    const sent = withTombstones === undefined ? payload : JSON.stringify(withTombstones);
    this.#published.set(resource.id, {
      discovery: sent,
      components: discovery.components,
      at: now,
      states: known?.states ?? new Map(),
    });
    this.#send(topic, sent, 1);
    if (withTombstones !== undefined) this.#settleAt(now + SETTLE_MS);
  }

  /** Looks again, once, at what could not be sent yet. */
  #settleAt(at: number): void {
    if (at >= this.#settlingAt) return;
    const { clock, connected, store } = this.#parts;
    this.#cancelSettling();
    this.#settlingAt = at;
    this.#cancelSettling = clock.after(at - clock.elapsed(), () => {
      this.#settlingAt = Number.POSITIVE_INFINITY;
      if (connected()) this.#publishAll(store.all());
    });
  }

  #context(resource: LabResource): DeviceContext {
    const { store } = this.#parts;
    let parent = resource.parent;
    // Naming a device that Home Assistant does not know would make a nameless one.
    while (parent !== undefined && !(this.#published.has(parent) && store.get(parent))) {
      parent = store.get(parent)?.parent;
    }
    return { name: this.#names.get(resource.id) ?? resource.name, parent };
  }

  /** An empty retained message each: the device goes, and the broker forgets. */
  #remove(id: string): void {
    const known = this.#published.get(id);
    if (known === undefined) return;
    this.#send(topicsOf(id, this.#parts.settings).discovery, '', 1);
    for (const topic of known.states.keys()) this.#send(topic, '', 1);
    this.#published.delete(id);
  }

  #send(topic: string, payload: string, qos: 0 | 1): void {
    this.#sent.record(0);
    this.#parts.publish({ topic, payload, retain: true, qos });
  }
}

/** Components that went, reduced to their platform: Home Assistant's way of removing one. undefined: none went. */
function buried(discovery: Discovery, before: Discovery['components']): Discovery | undefined {
  const gone = Object.entries(before).filter(([key]) => discovery.components[key] === undefined);
  if (gone.length === 0) return undefined;
  const tombstones = Object.fromEntries(gone.map(([key, { platform }]) => [key, { platform }]));
  return { ...discovery, components: { ...discovery.components, ...tombstones } };
}

function depthOf(resource: LabResource, store: Store<LabResource>): number {
  let depth = 0;
  let above = resource.parent;
  while (above !== undefined && depth < 20) {
    depth += 1;
    above = store.get(above)?.parent;
  }
  return depth;
}
