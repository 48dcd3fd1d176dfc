import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { persist } from './persist.ts';
import type { OfferedMqtt, Supervisor } from './supervisor.ts';

/** How often it is asked again at most what the broker is: whoever looks for it tries every few seconds. */
const AGAIN_MS = 10_000;
const MISSING =
  'Home Assistant offers no MQTT broker yet: install and start one, such as the app Mosquitto broker';

export interface OfferParts {
  readonly supervisor: Pick<Supervisor, 'mqtt'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Is told of the broker, and again when it is another or is entered otherwise. */
  readonly take: (broker: OfferedMqtt) => void;
}

/** Knows the broker that Home Assistant offers, as soon as it does: at a start its app may be the later one. */
export class OfferedBroker {
  readonly #parts: OfferParts;
  readonly #stop = new AbortController();
  #asking = false;
  /** By the clock's `elapsed`. */
  #notBefore = 0;
  #last = '';

  constructor(parts: OfferParts) {
    this.#parts = parts;
  }

  /** Asks until there is one; called again when it does not answer or refuses us: its password changes with its app. */
  look(): void {
    const { supervisor, clock, random, log, take } = this.#parts;
    const { signal } = this.#stop;
    if (this.#asking || clock.elapsed() < this.#notBefore) return;
    this.#asking = true;
    void persist(() => supervisor.mqtt(signal), MISSING, { clock, random, log, signal }).then((broker) => {
      this.#asking = false;
      this.#notBefore = clock.elapsed() + AGAIN_MS;
      const text = JSON.stringify(broker);
      if (broker === undefined || text === this.#last) return;
      this.#last = text;
      take(broker);
    });
  }

  close(): void {
    this.#stop.abort();
  }
}
