import { hostname } from 'node:os';
import type { Message } from './connection.ts';

/** What apps on one base topic tell each other. */
interface Hello {
  /** Of one run. */
  readonly id: string;
  /** When it started, milliseconds since 1970. */
  readonly since: number;
  /** It has begun to publish. */
  readonly running: boolean;
  readonly host: string;
}

export interface RivalParts {
  readonly base: string;
  /** Unique to this run. */
  readonly id: string;
  readonly since: number;
  readonly publish: (message: Message) => void;
  /** Somebody else was first; said once. */
  readonly onConflict: (message: string) => void;
}

/**
 * Notices another app on the same base topic: both would publish the same devices, and carry out each command twice.
 * Each asks after it connected, and who is there answers. One that has begun to publish stays; of two that have, the one
 * that started earlier. One that was killed does not answer, whatever its last word in the broker is.
 */
export class Rival {
  readonly topic: string;
  readonly #parts: RivalParts;
  #running = false;
  #lost = false;
  #onEcho: () => void = () => {};

  constructor(parts: RivalParts) {
    this.#parts = parts;
    this.topic = `${parts.base}/bridge/app`;
  }

  /** Whether somebody else has the topics. */
  get lost(): boolean {
    return this.#lost;
  }

  /** @param onEcho called once the broker has given us our own question: whatever it keeps for us came before */
  ask(onEcho: () => void): void {
    this.#onEcho = onEcho;
    this.#say();
  }

  /** We begin to publish. */
  settle(): void {
    this.#running = true;
  }

  take({ payload, retain }: Message): void {
    const hello = retain ? undefined : parse(payload);
    if (hello === undefined) return;
    if (hello.id === this.#parts.id) {
      const onEcho = this.#onEcho;
      this.#onEcho = () => {};
      onEcho();
      return;
    }
    if (this.#lost) return;
    if (this.#isFirst(hello)) {
      this.#say();
      return;
    }
    this.#lost = true;
    const { base, onConflict } = this.#parts;
    const since = new Date(hello.since).toISOString();
    onConflict(
      `another Labkeeper (on ${JSON.stringify(hello.host)}, since ${since}) uses the topics “${base}/…” of this broker`,
    );
  }

  #isFirst({ id, since, running }: Hello): boolean {
    const own = this.#parts;
    if (running !== this.#running) return this.#running;
    return own.since === since ? own.id < id : own.since < since;
  }

  #say(): void {
    const { id, since, publish } = this.#parts;
    const hello: Hello = { id, since, running: this.#running, host: hostname() };
    publish({ topic: this.topic, payload: JSON.stringify(hello), retain: false, qos: 1 });
  }
}

function parse(payload: string): Hello | undefined {
  try {
    const { id, since, running, host } = JSON.parse(payload) as Partial<Record<keyof Hello, unknown>>;
    if (typeof id !== 'string' || typeof since !== 'number' || Number.isNaN(new Date(since).getTime()))
      return;
    return { id, since, running: running === true, host: String(host).slice(0, 64) };
  } catch {
    return undefined;
  }
}
