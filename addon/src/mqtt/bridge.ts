import { randomUUID } from 'node:crypto';
import type { ActionRequest } from '../contract/action.ts';
import type { Clock } from '../core/clock.ts';
import type { Database } from '../core/database.ts';
import type { Log } from '../core/log.ts';
import type { EntitySettings } from '../entities/settings.ts';
import { bridgeTopic, topicsOfObject } from '../entities/topics.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Store } from '../model/store.ts';
import { Arrival } from './arrival.ts';
import { commandFilter, createCommands } from './commands.ts';
import { type BrokerAddress, Connection } from './connection.ts';
import { Ledger } from './ledger.ts';
import { Publisher } from './publisher.ts';
import { Rival } from './rival.ts';

/** Home Assistant asks for this wait after its birth, so that not everybody speaks at once. */
const BIRTH_LEAST_MS = 500;
const BIRTH_MOST_MS = 3_000;

export interface BridgeParts {
  /** undefined: not known yet, `moveTo` tells it. */
  readonly address: BrokerAddress | undefined;
  readonly settings: EntitySettings;
  /** What Home Assistant says where when it has started. */
  readonly birth: { readonly topic: string; readonly payload: string };
  readonly store: Store<LabResource>;
  /** Owners that the options name, and those of our own. */
  readonly configured: ReadonlySet<string>;
  readonly database: Database;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly submit: (request: ActionRequest) => unknown;
  /** The broker does not answer, or does not let us in. */
  readonly onFailed?: () => void;
  /** Another app has our topics: this one has said nothing yet, or has fallen silent, and must end. */
  readonly onConflict: (message: string) => void;
}

/** The lab on a broker: everything of this room, put together. */
export class Bridge {
  readonly publisher: Publisher;
  readonly #parts: BridgeParts;
  readonly #connection: Connection;
  readonly #arrival: Arrival;
  #cancelBirth: () => void = () => {};
  #arrived = false;
  /** Refusals that nobody could be told of yet. */
  #refusals: (() => void)[] = [];

  /** Connects at once, if it is known where to. */
  constructor(parts: BridgeParts) {
    const { address, settings, birth, store, configured, clock, log } = parts;
    this.#parts = parts;
    this.publisher = new Publisher({
      store,
      settings,
      clock,
      log,
      ledger: new Ledger(parts.database),
      configured,
      publish: (message) => this.#connection.publish(message),
    });
    const rival = new Rival({
      base: settings.base,
      id: randomUUID(),
      since: clock.now(),
      publish: (message) => this.#connection.publish(message),
      onConflict: (message) => this.#onConflict(message),
    });
    this.#arrival = new Arrival({ clock, rival, onArrived: () => this.#onArrived() });
    const bridge = bridgeTopic(settings);
    const connection = new Connection(address, bridge, log, {
      onReady: () => this.#arrival.begin(),
      onLost: () => this.#onLost(),
      onFailed: () => parts.onFailed?.(),
    });
    this.#connection = connection;
    connection.subscribe(bridge, ({ payload, retain }) => retain && this.#arrival.heardBridge(payload));
    connection.subscribe(rival.topic, (message) => rival.take(message));
    const commands = createCommands({
      settings,
      resourceOf: (id) => this.publisher.resourceOf(id),
      submit: parts.submit,
      refuse: (id, reason) => this.#refuse(id, reason),
      log,
    });
    connection.subscribe(commandFilter(settings), (message) => {
      // Before that, the command may be meant for another app. Kept ones come at once, and are not carried out anyway.
      if (this.#arrived || message.retain) commands(message);
    });
    for (const base of this.publisher.cleaner.otherBases()) {
      connection.subscribe(bridgeTopic({ base }), ({ payload }) =>
        this.publisher.cleaner.hearBridge(base, payload),
      );
    }
    connection.subscribe(birth.topic, ({ payload, retain }) => {
      // A birth that the broker kept was long ago: who connects now looks at everything anyway.
      if (!retain && payload === birth.payload) this.#onBirth();
    });
    // Of QoS 1 a broker would have to queue all devices of a home for us; beyond its limit it drops them.
    const discovery = `${settings.discoveryPrefix}/device/+/config`;
    connection.subscribe(
      discovery,
      (message) => {
        if (message.retain) this.#arrival.heardKept();
        this.publisher.hear(message);
      },
      0,
    );
    const kept = topicsOfObject('+', settings).availability;
    connection.subscribe(kept, (message) => this.publisher.hearAvailability(message), 0);
    this.publisher.start();
  }

  /** The broker to use: at once where there was none, else from the next try on. */
  moveTo(address: BrokerAddress): void {
    this.#connection.moveTo(address);
  }

  /** Where the broker is, and whether we are connected. */
  get broker(): Connection['condition'] {
    return this.#connection.condition;
  }

  /** Notes whether the broker is there. @returns asks it anew: its name for people if it is gone since, else nothing */
  rollCall(): (signal: AbortSignal) => Promise<readonly string[]> {
    const isThere = this.#connection.connected;
    return async (signal) =>
      !isThere || (await this.#connection.answers(signal)) ? [] : ['the MQTT broker'];
  }

  /** Says goodbye. */
  async close(): Promise<void> {
    this.#cancelBirth();
    this.#arrival.abort();
    this.publisher.close();
    await this.#connection.close();
  }

  #refuse(resourceId: string, reason: string): void {
    const tell = (): void =>
      void this.publisher.emit(resourceId, 'outcome', { event_type: 'refused', reason });
    if (this.#arrived) tell();
    else this.#refusals.push(tell);
  }

  #onArrived(): void {
    this.#arrived = true;
    this.publisher.resume(() => this.#connection.sayOnline());
    for (const tell of this.#refusals.splice(0)) tell();
  }

  #onLost(): void {
    this.#arrived = false;
    this.#refusals = [];
    this.#cancelBirth();
    this.#arrival.abort();
    this.publisher.pause();
  }

  #onBirth(): void {
    const { clock, random } = this.#parts;
    this.#cancelBirth();
    const wait = BIRTH_LEAST_MS + random() * (BIRTH_MOST_MS - BIRTH_LEAST_MS);
    this.#cancelBirth = clock.after(wait, () => this.publisher.onBirth());
  }

  #onConflict(message: string): void {
    this.#arrived = false;
    this.publisher.close();
    this.#connection.disown();
    this.#parts.onConflict(message);
  }
}
