/** One thing that happened, as the engine tells it. */
export interface EngineEvent {
  readonly type: 'container' | 'network';
  readonly action: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Nanoseconds since 1970. */
  readonly at: bigint;
}

export interface EventListener {
  take(event: EngineEvent): void;
  /** The connection is cut. */
  drop(): void;
}

/** As many as a real engine remembers for `since`. */
const REMEMBERED = 256;

export class EventLog {
  readonly #remembered: EngineEvent[] = [];
  readonly #listeners = new Set<EventListener>();

  get listeners(): number {
    return this.#listeners.size;
  }

  add(event: EngineEvent): void {
    this.#remembered.push(event);
    if (this.#remembered.length > REMEMBERED) this.#remembered.shift();
    for (const listener of [...this.#listeners]) listener.take(event);
  }

  /** What is remembered from `at` on; the event of that very moment is told again, as the engine does. */
  since(at: bigint): readonly EngineEvent[] {
    return this.#remembered.filter((event) => event.at >= at);
  }

  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dropAll(): void {
    for (const listener of [...this.#listeners]) listener.drop();
    this.#listeners.clear();
  }
}

/** The engine's JSON. By hand at the end: `timeNano` has more digits than a JavaScript number. */
export function lineOf({ type, action, id, attributes, at }: EngineEvent): string {
  const old = type === 'container' ? { status: action, id, from: attributes.image } : {};
  const Actor = { ID: id, Attributes: attributes };
  const time = Number(at / 1_000_000_000n);
  const text = JSON.stringify({ ...old, Type: type, Action: action, Actor, scope: 'local', time });
  return `${text.slice(0, -1)},"timeNano":${at}}\n`;
}
