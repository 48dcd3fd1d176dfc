import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { Meter } from '../core/meter.ts';
import type { Message } from './connection.ts';
import type { Ledger } from './ledger.ts';
import type { Mirror } from './mirror.ts';

export interface OutboxParts {
  readonly ledger: Ledger;
  readonly mirror: Mirror;
  readonly clock: Clock;
  readonly log: Log;
  readonly publish: (message: Message) => void;
}

/** Collects messages, and sends them once the ledger knows of them. */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #meter: Meter;
  #messages: Message[] = [];
  #complained = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.#meter = new Meter(parts.clock);
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
    this.#parts.mirror.expect(objectId, payload);
    this.keep(topic, payload);
  }

  send(): void {
    this.#write();
    for (const message of this.#messages.splice(0)) {
      this.#parts.publish(message);
      this.#meter.record(0);
    }
  }

  /** A disk that is full shall not keep the lab from Home Assistant; what could not be written is tried again. */
  #write(): void {
    try {
      this.#parts.ledger.flush();
      this.#complained = false;
    } catch (thrown) {
      const reason = (thrown as Error).message;
      if (!this.#complained) {
        const hint = 'see whether the disk of Labkeeper’s data folder is full';
        this.#parts.log.error(`cannot write down what was published: ${reason}; ${hint}`);
      }
      this.#complained = true;
    }
  }
}
