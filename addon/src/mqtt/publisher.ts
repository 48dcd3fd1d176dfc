import type { Clock } from '../core/clock.ts';
import { objectId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import { publishedRows } from '../entities/published-rows.ts';
import { selectionOf } from '../entities/selection.ts';
import type { EntitySettings } from '../entities/settings.ts';
import { topicsOf } from '../entities/topics.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Diff, Store } from '../model/store.ts';
import { adopted } from './adoption.ts';
import { Cleaner } from './cleaner.ts';
import type { Message } from './connection.ts';
import type { Deletion, Ledger } from './ledger.ts';
import { Mirror } from './mirror.ts';
import { Outbox } from './outbox.ts';
import { DEVICE_COST, PACE_MS, Writer } from './writer.ts';

/** What is left to take away waits for its children to go elsewhere, for its turn, or for its system to be heard. */
const CLEAN_AGAIN_MS = 1_000;
/** A system that has just been heard may not have told all of its things yet. */
const ALL_TOLD_MS = 60_000;
/** Characters of a text in an event. */
const EVENT_TEXT = 255;

export interface PublisherParts {
  readonly store: Store<LabResource>;
  readonly settings: EntitySettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  /** Owners that the options name, and those of our own. */
  readonly configured: ReadonlySet<string>;
  readonly publish: (message: Message) => void;
}

/** An event: one of its row's types, and what else is to be known of it. */
export type EmittedEvent = Readonly<Record<string, string | number | boolean | null>> & {
  readonly event_type: string;
};

/** Keeps the broker's retained messages equal to the lab: sends what the broker lacks or holds differently. */
export class Publisher {
  readonly cleaner: Cleaner;
  readonly #parts: PublisherParts;
  readonly #mirror = new Mirror();
  readonly #outbox: Outbox;
  readonly #writer: Writer;
  readonly #isWanted: (resource: LabResource) => boolean;
  readonly #byObjectId = new Map<string, string>();
  /** When an owner was heard first, by the clock's `elapsed`. */
  readonly #heardAt = new Map<string, number>();
  #ready = false;
  /** Object ids of which the broker keeps whether they are available. */
  readonly #keptAvailability = new Set<string>();
  /** Something may be left to take away. */
  #mayClean = false;
  #unsubscribe: () => void = () => {};
  #cancelWake: () => void = () => {};

  constructor(parts: PublisherParts) {
    const { store, settings, clock, log, ledger, configured, publish } = parts;
    const isSelected = selectionOf(settings);
    this.#parts = parts;
    this.#isWanted = (resource) => isSelected(resource) && !ledger.isDeleted(resource.id);
    this.#outbox = new Outbox({ ledger, mirror: this.#mirror, clock, log, publish });
    const common = { settings, ledger, mirror: this.#mirror, outbox: this.#outbox };
    this.#writer = new Writer({ ...common, store, clock, isWanted: this.#isWanted });
    this.cleaner = new Cleaner({
      ...common,
      owners: { configured, present: () => store.owners(), heard: (owner) => this.#hasTold(owner) },
      hasResource: (id) => store.get(id) !== undefined,
      isWanted: (id) => {
        const resource = this.resourceOf(id);
        return resource && this.#isWanted(resource);
      },
    });
  }

  start(): void {
    for (const { id } of this.#parts.store.all()) this.#byObjectId.set(this.#objectId(id), id);
    this.#unsubscribe = this.#parts.store.subscribe((diff) => this.#onDiff(diff));
  }

  close(): void {
    this.#unsubscribe();
    this.pause();
  }

  /** Sends nothing until `resume`; what the broker holds is told anew until then, by `hear`. */
  pause(): void {
    this.#ready = false;
    this.#cancelWake();
    this.#mirror.reset();
    this.#keptAvailability.clear();
  }

  /**
   * The broker has told what it holds, and we may speak. First goes what would be wrong of that: a thing that has not
   * been heard of in this run is not available, whatever an earlier run said.
   *
   * @param sayOnline makes Home Assistant believe what the broker holds
   */
  resume(sayOnline: () => void): void {
    this.#findDeleted();
    this.#ready = true;
    for (const { objectId: id, topics } of this.cleaner.current()) {
      const resource = this.resourceOf(id);
      // Kept without a discovery it would look as if somebody had deleted the device.
      const retain = this.#mirror.holds(id) !== '';
      if (resource !== undefined && this.#writer.correct(resource, retain)) continue;
      const topic = topics.find((each) => each.endsWith('/availability'));
      if (topic !== undefined) this.#outbox.add({ topic, payload: 'offline', retain, qos: 1 });
    }
    this.#outbox.send();
    sayOnline();
    this.#writer.compare(true);
    this.#rearrange(this.#parts.store.all());
  }

  /** Home Assistant has started, and has what the broker holds: only what that lacks, or holds differently, is sent. */
  onBirth(): void {
    if (!this.#ready) return;
    this.#writer.compare(false);
    this.#take(this.#parts.store.all());
  }

  /** Takes a message on a discovery topic: what the broker holds, our own coming back, or somebody else's doing. */
  hear({ topic, payload, retain }: Message): void {
    const { settings, ledger, log } = this.#parts;
    const id = topic.split('/').at(-2) ?? '';
    if (ledger.get(topic) === undefined) {
      const found = retain ? adopted(id, payload, settings) : undefined;
      if (found !== undefined) ledger.note(found);
      else if (!this.#byObjectId.has(id) && this.#mirror.holds(id) === '') return;
    }
    const meaning = this.#mirror.take(id, payload, retain);
    if (meaning === 'emptied') this.#onDeleted(id, topic);
    if (meaning === 'foreign') {
      log.warn('somebody else changed what Home Assistant is told of a device of ours', { topic });
    }
    // Sent before we heard that its user deleted it.
    const unwanted = ledger.get(topic) === undefined && this.#mirror.holds(id) !== '';
    if (meaning === 'echo' && unwanted && this.#ready) {
      this.#outbox.discover(id, topic, '');
      this.#outbox.send();
    }
  }

  /** Takes a message on an availability topic of ours. */
  hearAvailability({ topic, payload, retain }: Message): void {
    if (retain && payload !== '') this.#keptAvailability.add(topic.split('/').at(-2) ?? '');
  }

  /** The resource that an object id in a topic stands for. */
  resourceOf(id: string): LabResource | undefined {
    return this.#parts.store.get(this.#byObjectId.get(id) ?? '');
  }

  /** Devices that their user deleted in Home Assistant, the latest first. They are not sent again by themselves. */
  deletions(): readonly Deletion[] {
    return this.#parts.ledger.deletions();
  }

  /** Publishes a deleted device again. @returns false: it was not deleted */
  bringBack(resourceId: string): boolean {
    const { ledger, store } = this.#parts;
    if (!ledger.unmarkDeleted(resourceId)) return false;
    if (this.#ready) this.#rearrange(store.all());
    return true;
  }

  /**
   * Tells of an event at a resource. Nothing of it is kept.
   *
   * @param key of one of the kind's event rows, which has this `event_type`
   * @returns false: not now, as the resource is not published or there is no connection
   */
  emit(resourceId: string, key: string, event: EmittedEvent): boolean {
    const { store, settings } = this.#parts;
    const resource = store.get(resourceId);
    if (!this.#ready || resource === undefined || !this.#writer.has(resourceId)) return false;
    const row = publishedRows(resource, settings).find((candidate) => candidate.key === key);
    if (row?.platform !== 'event' || !row.types.includes(event.event_type)) return true;
    const short = (value: unknown): unknown =>
      typeof value === 'string' ? [...value].slice(0, EVENT_TEXT).join('') : value;
    const entries = Object.entries(event).map(([name, value]) => [name, short(value)]);
    const payload = JSON.stringify(Object.fromEntries(entries));
    this.#outbox.add({ topic: topicsOf(resourceId, settings).event(key), payload, retain: false, qos: 1 });
    this.#outbox.send();
    return true;
  }

  /** Devices that are published. */
  get devices(): number {
    return this.#writer.size;
  }

  /** Messages sent a minute, over the last ten minutes; null in the first one. */
  messagesPerMinute(): number | null {
    return this.#outbox.perMinute;
  }

  #onDiff(diff: Diff<LabResource>): void {
    for (const { before, after } of diff) {
      if (before === undefined) this.#byObjectId.set(this.#objectId(after.id), after.id);
      if (after !== undefined) continue;
      this.#byObjectId.delete(this.#objectId(before.id));
      this.#writer.forget(before.id);
      this.cleaner.lose(this.#objectId(before.id));
      // What comes under this id later is another thing.
      this.#parts.ledger.unmarkDeleted(before.id);
    }
    if (!this.#ready) return;
    const changed = diff.flatMap(({ after }) => after ?? []);
    const structural = diff.some(
      ({ before, after }) => before?.name !== after?.name || before?.parent !== after?.parent,
    );
    if (structural) this.#rearrange(changed);
    else this.#take(changed);
  }

  /**
   * Devices that were deleted in Home Assistant while we did not listen: that takes away their discovery alone. A broker
   * that lost what it kept has lost the rest as well, as discovery is always sent first.
   */
  #findDeleted(): void {
    for (const { objectId: id, discovery, components } of this.cleaner.current()) {
      const wasSent = Object.keys(components).length > 0;
      if (wasSent && this.#mirror.holds(id) === '' && this.#keptAvailability.has(id)) {
        this.#onDeleted(id, discovery);
      }
    }
  }

  #onDeleted(id: string, topic: string): void {
    const { ledger, store, clock, log } = this.#parts;
    const entry = ledger.get(topic);
    if (entry === undefined) return;
    const resourceId = this.#byObjectId.get(id) ?? entry.resource;
    // What the lab has not any more need not be remembered; of a system that was not heard yet nobody knows.
    if (resourceId !== null && (this.#byObjectId.has(id) || !store.heard(entry.owner))) {
      ledger.markDeleted({ id: resourceId, name: entry.name, at: clock.now() });
      this.#writer.forget(resourceId);
      log.info(`${JSON.stringify(entry.name)} was deleted in Home Assistant and is not published any more`, {
        resource: resourceId,
      });
    }
    this.cleaner.lose(id);
    if (this.#ready) this.#rearrange([]);
  }

  /** As `#take`, after things came, went, or were renamed: what is named or hangs otherwise now goes with them. */
  #rearrange(resources: Iterable<LabResource>): void {
    this.#mayClean = true;
    this.#writer.rename();
    this.#take(new Set([...resources, ...this.#writer.misplaced()]));
  }

  /** Sends what may be sent now of these, and comes back for the rest. */
  #take(resources: Iterable<LabResource>): void {
    const before = this.#writer.size;
    const wakes = [this.#writer.write(resources)];
    // What was published before what contains it hangs there now.
    if (this.#writer.size !== before) wakes.push(this.#writer.write(this.#writer.misplaced()));
    if (this.#mayClean) {
      this.#mayClean = this.cleaner.clean(() => this.#writer.tokens.take(DEVICE_COST));
      if (this.#mayClean) wakes.push(CLEAN_AGAIN_MS);
    }
    this.#outbox.send();
    if (this.#writer.waiting().length > 0) wakes.push(PACE_MS);
    this.#cancelWake();
    const wake = Math.min(...wakes);
    if (wake === Number.POSITIVE_INFINITY) return;
    this.#cancelWake = this.#parts.clock.after(wake, () =>
      this.#take([...this.#writer.waiting(), ...this.#writer.overdue()]),
    );
  }

  /** Whether what an owner has not told of does not exist any more. */
  #hasTold(owner: string): boolean {
    const { store, clock } = this.#parts;
    if (!store.heard(owner)) return false;
    const now = clock.elapsed();
    const since = this.#heardAt.get(owner) ?? now;
    this.#heardAt.set(owner, since);
    return now - since >= ALL_TOLD_MS;
  }

  #objectId(resourceId: string): string {
    return objectId(resourceId, this.#parts.settings.site);
  }
}
