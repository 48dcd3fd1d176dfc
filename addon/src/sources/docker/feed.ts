import type { SourceEvent } from '../../contract/source.ts';
import { happeningOf, Untold } from './happenings.ts';
import type { ContainerResource } from './map.ts';
import type { Picture } from './picture.ts';
import type { EngineEvent } from './wire.ts';

/** Happen inside a container, or change nothing that we show. */
const UNINTERESTING =
  /^(exec_|top$|attach$|detach$|resize$|export$|copy$|archive-path$|extract-to-dir$|commit$)/;
/** SIGINT, SIGQUIT, SIGKILL, SIGTERM: by these, `docker stop` and `docker kill` end a container for good. */
const DEADLY = new Set(['2', '3', '9', '15']);

export interface FeedParts {
  readonly picture: Picture;
  readonly emit: (resourceId: string, event: SourceEvent) => void;
  /** The picture differs. */
  readonly publish: () => void;
  /** A container is gone. */
  readonly forget: (containerId: string) => void;
  /** Something happened to a container that its own reading shows best. */
  readonly look: (containerId: string, action: string) => void;
}

/** Takes the engine's events: what each tells by itself, what a person is told of it, and what has to be read again. */
export class EventFeed {
  readonly #parts: FeedParts;
  /** Containers that somebody told to end and that have not yet. */
  readonly #killed = new Set<string>();
  readonly #untold = new Untold();
  /** The engine tells the last event again where a stream goes on. */
  #lastLine: string | undefined;
  #since: string | undefined;

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** The last event seen, as the engine wants it back. */
  get since(): string | undefined {
    return this.#since;
  }

  /** @param line of `GET /events` */
  take(line: string): void {
    if (line === this.#lastLine) return;
    this.#lastLine = line;
    const event = JSON.parse(line) as EngineEvent;
    const { Type, Action, Actor } = event;
    const nanoseconds = /"timeNano":\s*(\d{10,})/.exec(line)?.[1];
    if (nanoseconds !== undefined) this.#since = `${nanoseconds.slice(0, -9)}.${nanoseconds.slice(-9)}`;
    if (Type !== 'container' || UNINTERESTING.test(Action)) return;
    const happening = happeningOf(event, this.#note(Action, Actor));
    if (Action === 'destroy') {
      this.#destroyed(Actor.ID, happening);
      return;
    }
    if (happening !== undefined) this.#tellOf(Actor.ID, happening);
    this.#parts.look(Actor.ID, Action);
  }

  /**
   * A container was read; tells what was waiting for that.
   *
   * @param before what it took the place of
   */
  wasRead(id: string, before: ContainerResource | undefined): void {
    const { picture, emit } = this.#parts;
    const waiting = this.#untold.take(id);
    const resourceId = picture.resourceId(id);
    if (resourceId === undefined) return;
    if (before !== undefined) {
      const { image } = picture.readingsOf(id) ?? {};
      const { image: image_before } = before.readings;
      emit(resourceId, { event_type: 'recreated', image: image ?? null, image_before });
    }
    for (const event of waiting) emit(resourceId, event);
  }

  /**
   * What an event tells by itself, ahead of the reading that follows it.
   *
   * @returns whether it is an end that somebody wanted
   */
  #note(action: string, { ID, Attributes = {} }: EngineEvent['Actor']): boolean {
    const { picture, publish } = this.#parts;
    if (action === 'kill' && DEADLY.has(Attributes.signal ?? '')) this.#killed.add(ID);
    if (action !== 'die' && action !== 'destroy') return false;
    const wanted = this.#killed.delete(ID);
    if (action === 'destroy') return wanted;
    if (picture.ended(ID, Number(Attributes.exitCode ?? 0), wanted)) publish();
    return wanted;
  }

  #destroyed(id: string, happening: SourceEvent | undefined): void {
    const { picture, publish, forget, emit } = this.#parts;
    const resourceId = picture.resourceId(id);
    forget(id);
    publish();
    this.#untold.take(id);
    // One that was replaced before is not gone.
    const isGone = resourceId !== undefined && picture.containerId(resourceId) === undefined;
    if (isGone && happening !== undefined) emit(resourceId, happening);
  }

  #tellOf(containerId: string, event: SourceEvent): void {
    const resourceId = this.#parts.picture.resourceId(containerId);
    if (resourceId === undefined) this.#untold.keep(containerId, event);
    else this.#parts.emit(resourceId, event);
  }
}
