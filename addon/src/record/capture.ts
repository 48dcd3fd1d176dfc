import { setImmediate as breathe } from 'node:timers/promises';
import type { Exchange } from '../core/exchange.ts';
import { DROPPED, JsonScrubber } from './json.ts';
import { learnText, type Scrubbed, scrubAnswer, scrubPath } from './messages.ts';
import { rulesOf } from './rules.ts';
import { Scrubber } from './scrubber.ts';

/** More is not kept in memory; a lab of hundreds of guests fills it in some minutes. */
const MOST_CHARACTERS = 64 * 1024 ** 2;

const SECRET_OPTION = /(secret|password|passphrase|token|key)$/i;
/** Options that name something which the system calls so. */
const NAME_OPTION = /^(environment|site|username|backup_storage)$/;

/** One system that is recorded. */
export interface RecordedSystem {
  readonly source: string;
  readonly id: string;
  /** As configured; what is secret there is left out. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** First line of a capture. */
export interface CaptureHead {
  readonly labkeeper_capture: 1;
  readonly version: string;
  readonly seconds: number;
  /** There was more than a capture holds. */
  readonly cut: boolean;
  readonly systems: readonly RecordedSystem[];
}

/** Every other line of a capture. */
export interface CaptureLine extends Partial<Scrubbed> {
  /** Index in the head's `systems`. */
  readonly system: number;
  /** Milliseconds since the recording began. */
  readonly at: number;
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  /** A part of a stream, which further parts follow. */
  readonly piece?: true;
}

interface Heard extends Exchange {
  readonly system: number;
  readonly at: number;
}

/** Collects what is said with systems, and tells it without what says whose they are. Nothing is written before. */
export class Capture {
  readonly #systems: readonly RecordedSystem[];
  readonly #scrubber = new Scrubber();
  readonly #json: readonly JsonScrubber[];
  readonly #heard: Heard[] = [];
  #characters = 0;
  #cut = false;

  constructor(systems: readonly RecordedSystem[]) {
    this.#systems = systems;
    this.#json = systems.map(({ source }) => new JsonScrubber(rulesOf(source), this.#scrubber));
    for (const [index, { options }] of systems.entries()) {
      this.#jsonOf(index).learn(options);
      this.#scrubber.learnHosts(options);
    }
  }

  /** Requests kept so far. */
  get length(): number {
    return this.#heard.length;
  }

  /** @param at milliseconds since the recording began */
  add(owner: string, exchange: Exchange, at: number): void {
    const system = this.#systems.findIndex(({ source, id }) => `${source}/${id}` === owner);
    const size = exchange.answer?.body.length ?? 0;
    if (system < 0 || this.#cut) return;
    if (this.#characters + size > MOST_CHARACTERS) {
      this.#cut = true;
      return;
    }
    this.#characters += size;
    this.#heard.push({ ...exchange, system, at: Math.round(at) });
    // All names have to be known before the first word is written.
    const body = parsed(exchange);
    if (body === undefined) learnText(exchange.answer?.body ?? '', this.#jsonOf(system));
    else this.#jsonOf(system).learn(body);
  }

  /** The lines of the capture: JSON, each ended by a line feed. */
  async *lines(version: string, seconds: number): AsyncGenerator<string> {
    const head: CaptureHead = {
      labkeeper_capture: 1,
      version,
      seconds,
      cut: this.#cut,
      systems: this.#systems.map(({ source, options }, index) => ({
        source,
        id: idOf(source, index),
        options: this.#optionsOf(options),
      })),
    };
    yield `${JSON.stringify(head)}\n`;
    for (const heard of this.#heard) {
      yield `${JSON.stringify(this.#lineOf(heard))}\n`;
      // Whatever else the app does goes on.
      await breathe();
    }
  }

  #lineOf({ system, at, origin, method, path, answer }: Heard): CaptureLine {
    const scrubber = this.#scrubber;
    const json = this.#jsonOf(system);
    return {
      ...{ system, at, method },
      origin: scrubber.text(origin),
      path: scrubPath(path, scrubber),
      ...(answer?.piece && { piece: true }),
      ...(answer !== undefined && scrubAnswer(answer, parsed({ answer }), json, scrubber)),
    };
  }

  /** Their keys are ours; their texts are the lab's. */
  #optionsOf(value: unknown, key = ''): never {
    const scrubbed = (): unknown => {
      if (SECRET_OPTION.test(key)) return DROPPED;
      if (typeof value === 'string') {
        const mode = NAME_OPTION.test(key) ? 'name' : 'text';
        return this.#ownerIn(value) ?? this.#scrubber.text(value, mode);
      }
      if (Array.isArray(value)) return value.map((item) => this.#optionsOf(item, key));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([inner, item]) => [inner, this.#optionsOf(item, inner)]),
      );
    };
    return scrubbed() as never;
  }

  /** Resources are named with the system that they are of; undefined: it is no such name. */
  #ownerIn(text: string): string | undefined {
    const index = this.#systems.findIndex(({ source, id }) => text.startsWith(`${source}/${id}/`));
    const system = this.#systems[index];
    if (system === undefined) return undefined;
    const rest = text.slice(`${system.source}/${system.id}/`.length);
    const [kind = '', ...path] = rest.split('/');
    return [
      system.source,
      idOf(system.source, index),
      kind,
      ...path.map((part) => this.#scrubber.text(part)),
    ].join('/');
  }

  #jsonOf(system: number): JsonScrubber {
    return this.#json[system] as JsonScrubber;
  }
}

const idOf = (source: string, index: number): string => `${source}${index + 1}`.slice(-16);

/** undefined: no JSON, or nothing. */
function parsed({ answer }: Pick<Exchange, 'answer'>): unknown {
  if (answer === undefined || !/^\s*[[{"]/.test(answer.body)) return undefined;
  try {
    return JSON.parse(answer.body);
  } catch {
    return undefined;
  }
}
