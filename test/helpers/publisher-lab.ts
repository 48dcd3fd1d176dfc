import { type Database, memoryDatabase } from '../../addon/src/core/database.ts';
import { defaultSettings, type EntitySettings } from '../../addon/src/entities/settings.ts';
import type { LabResource } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import type { Message } from '../../addon/src/mqtt/connection.ts';
import { Ledger } from '../../addon/src/mqtt/ledger.ts';
import { Publisher } from '../../addon/src/mqtt/publisher.ts';
import { FakeClock } from './fake-clock.ts';
import { recordingLog } from './samples.ts';

/** What a broker keeps. */
export type Kept = Map<string, string>;

export interface LabParts {
  readonly database?: Database;
  /** What the broker holds from before. */
  readonly kept?: Kept;
  readonly settings?: Partial<EntitySettings>;
  /** Systems of the options. */
  readonly configured?: readonly string[];
}

/** A publisher between a lab and a broker, without the network: our own messages come back at once. */
export class PublisherLab {
  readonly clock = new FakeClock();
  readonly store = new Store<LabResource>();
  readonly log = recordingLog();
  readonly database: Database;
  readonly kept: Kept;
  readonly publisher: Publisher;
  readonly #settings: EntitySettings;
  #connected = false;
  /** Messages on their way to the broker, while it is slow. */
  #held: Message[] | undefined;
  #sent: Message[] = [];

  constructor({ database = memoryDatabase(), kept = new Map(), settings, configured }: LabParts = {}) {
    this.database = database;
    this.kept = kept;
    this.#settings = { ...defaultSettings, ...settings };
    this.publisher = new Publisher({
      store: this.store,
      settings: this.#settings,
      clock: this.clock,
      log: this.log,
      ledger: new Ledger(database),
      configured: new Set(configured ?? ['docker/nas']),
      publish: (message) => this.#take(message),
    });
    this.publisher.start();
  }

  /** The broker tells what it holds, and we may speak. */
  connect(): this {
    this.#connected = true;
    for (const [topic, payload] of this.kept) {
      if (this.#isDiscovery(topic)) this.publisher.hear({ topic, payload, retain: true, qos: 1 });
      if (topic.endsWith('/availability')) {
        this.publisher.hearAvailability({ topic, payload, retain: true, qos: 1 });
      }
    }
    this.publisher.resume(() => this.#take({ topic: 'bridge', payload: 'online', retain: true, qos: 1 }));
    return this;
  }

  /** The connection is lost. */
  disconnect(): void {
    this.#connected = false;
    this.publisher.pause();
  }

  /** The system has exactly these. */
  now(...resources: readonly LabResource[]): void {
    this.store.replace('docker/nas', resources);
  }

  /** Somebody else publishes to a topic, retained. */
  other(topic: string, payload: string): void {
    this.#keep(topic, payload);
    if (this.#connected && this.#isDiscovery(topic))
      this.publisher.hear({ topic, payload, retain: false, qos: 1 });
  }

  /** What was sent since the last time, but for our saying that we are there. */
  sent(): readonly Message[] {
    return this.#sent.splice(0).filter(({ topic }) => topic !== 'bridge');
  }

  topics(): readonly string[] {
    return this.sent().map(({ topic }) => topic);
  }

  /** The same, with that word. */
  everything(): readonly Message[] {
    return this.#sent.splice(0);
  }

  /** From now on our messages take until `arrive` to reach the broker. */
  delay(): void {
    this.#held = [];
  }

  arrive(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const message of held) this.#reach(message);
  }

  #take(message: Message): void {
    if (!this.#connected) return;
    this.#sent.push(message);
    if (this.#held === undefined) this.#reach(message);
    else this.#held.push(message);
  }

  #reach(message: Message): void {
    if (message.retain) this.#keep(message.topic, message.payload);
    if (this.#isDiscovery(message.topic)) this.publisher.hear({ ...message, retain: false });
  }

  #keep(topic: string, payload: string): void {
    if (payload === '') this.kept.delete(topic);
    else this.kept.set(topic, payload);
  }

  #isDiscovery(topic: string): boolean {
    return topic.startsWith(`${this.#settings.discoveryPrefix}/device/`);
  }
}

/** The lab of a running system some time after it was published: new discovery need not wait. */
export async function settledLab(...resources: readonly LabResource[]): Promise<PublisherLab> {
  const lab = new PublisherLab().connect();
  lab.now(...resources);
  await lab.clock.advance(10_000);
  lab.sent();
  return lab;
}

export interface SentDevice {
  readonly device: { readonly name: string; readonly via_device?: string };
  readonly components: Readonly<Record<string, { readonly default_entity_id?: string }>>;
}

export const discoveryIn = (message: Pick<Message, 'payload'> | undefined): SentDevice =>
  JSON.parse(message?.payload || 'null');
