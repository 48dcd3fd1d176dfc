import type { Clock } from '../core/clock.ts';
import { Meter } from '../core/meter.ts';
import type { Message } from './connection.ts';
import type { Ledger } from './ledger.ts';
import type { Mirror } from './mirror.ts';

/** Collects messages, and sends them once the ledger knows of them. */
export class Outbox {
  readonly #ledger: Ledger;
  readonly #mirror: Mirror;
  readonly #meter: Meter;
  readonly #publish: (message: Message) => void;
  #messages: Message[] = [];

  constructor(ledger: Ledger, mirror: Mirror, clock: Clock, publish: (message: Message) => void) {
    this.#ledger = ledger;
    this.#mirror = mirror;
    this.#meter = new Meter(clock);
    this.#publish = publish;
  }

  /** Messages sent a minute, over the last ten minutes; null in the first one. */
  get perMinute(): number | null {
    return this.#meter.traffic().callsPerMinute;
  }

  add(...messages: readonly Message[]): void {
    this.#messages.push(...messages);
  }

  /** Makes the broker keep `payload`, or with '' nothing any more. */
  keep(topic: string, payload: string): void {
    this.#messages.push({ topic, payload, retain: true, qos: 1 });
  }

  /** `keep`, of which the broker will tell us as well. */
  discover(objectId: string, topic: string, payload: string): void {
    this.#mirror.expect(objectId, payload);
    this.keep(topic, payload);
  }

  send(): void {
    this.#ledger.flush();
    for (const message of this.#messages.splice(0)) {
      this.#publish(message);
      this.#meter.record(0);
    }
  }
}
