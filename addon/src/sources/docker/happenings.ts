import type { SourceEvent } from '../../contract/source.ts';
import type { EngineEvent } from './wire.ts';

/** The engine's words for what a container's event entity tells; whatever else it tells is no news to a person. */
const WORDS: Readonly<Record<string, string>> = {
  start: 'started',
  die: 'ended',
  oom: 'out_of_memory',
  pause: 'paused',
  unpause: 'resumed',
  destroy: 'removed',
  'health_status: healthy': 'healthy',
  'health_status: unhealthy': 'unhealthy',
};

/**
 * What an event of the engine tells a person.
 *
 * @param wanted whether somebody ended it: then its end is no failure
 * @returns undefined: nothing
 */
export function happeningOf({ Action, Actor }: EngineEvent, wanted: boolean): SourceEvent | undefined {
  const event_type = WORDS[Action];
  if (event_type === undefined) return undefined;
  const { image, exitCode } = Actor.Attributes ?? {};
  return {
    event_type,
    ...(Action === 'die' && { exit_code: /^\d+$/.test(exitCode ?? '') ? Number(exitCode) : null, wanted }),
    ...(image !== undefined && { image }),
  };
}

/** What was told of containers whose first reading is still to come, by the engine's id. */
export class Untold {
  readonly #waiting = new Map<string, SourceEvent[]>();

  /** Keeps an event until the container is known. */
  keep(id: string, event: SourceEvent): void {
    const waiting = this.#waiting.get(id) ?? [];
    if (waiting.length < MOST_WAITING) this.#waiting.set(id, [...waiting, event]);
  }

  /** What is waiting of a container, which is not kept any longer. */
  take(id: string): readonly SourceEvent[] {
    const waiting = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    return waiting;
  }
}

/** A container that starts and ends again and again before it was read once. */
const MOST_WAITING = 10;
