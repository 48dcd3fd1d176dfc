import type { Sight } from '../contract/build-out.ts';
import type { Capabilities, Capability, CapabilityFinder } from '../contract/capabilities.ts';
import type { Finding } from '../contract/finding.ts';
import type { Hook } from '../contract/hook.ts';
import type { Identities, RollCall, Session, Source, SourceEvent } from '../contract/source.ts';
import type { Clock } from '../core/clock.ts';
import type { Database } from '../core/database.ts';
import type { LabError } from '../core/errors.ts';
import type { Exchange } from '../core/exchange.ts';
import type { Log } from '../core/log.ts';
import { Meter, type Traffic } from '../core/meter.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Store } from '../model/store.ts';
import { IdentityBook } from './identities.ts';
import { Instance, type InstanceState, type Intervals } from './instance.ts';
import { MemoryBook } from './memory.ts';

/** One system of the options, with the source that can talk to it. */
export interface Configured {
  readonly source: Source;
  readonly id: string;
  readonly title: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface EngineParts {
  readonly store: Store<LabResource>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly database: Database;
  readonly intervals: Intervals;
  /** A system came or went, or was heard of again. */
  readonly onHealth?: () => void;
  /** Something happened at a resource that leaves no state. */
  readonly onEvent?: (resourceId: string, key: string, event: SourceEvent) => void;
  /** All that a system's session finds now. @param owner `<source>/<id>` as configured */
  readonly onFindings?: (owner: string, findings: readonly Finding[]) => void;
  /** Notes whether what is no system of the options answers, as the broker; see `SourceContext.rollCall`. */
  readonly rollCall?: () => RollCall;
  /** Listens to all that is said with a system. @param owner `<source>/<id>` as configured */
  readonly onExchange?: (owner: string, exchange: Exchange) => void;
}

/** How the talk with one system goes. */
export interface SystemHealth {
  /** `<source>/<id>` as configured. */
  readonly owner: string;
  readonly title: string;
  readonly reachable: boolean;
  readonly traffic: Traffic;
}

/** How far it is to all that a system can tell. */
export interface SystemCondition extends SystemHealth {
  readonly state: InstanceState;
  /** What keeps it from being reachable. */
  readonly trouble: LabError | undefined;
  /** What of it was not read yet. */
  readonly unread: readonly string[];
  /** What of it could not be read the last time. */
  readonly failing: readonly string[];
}

interface Running {
  readonly owner: string;
  /** As its resources begin. */
  readonly bound: () => string;
  readonly kinds: readonly string[];
  readonly title: string;
  readonly meter: Meter;
  readonly instance: Instance;
}

/** Runs every configured system, each on its own, and knows which of them a resource belongs to. */
export class Engine implements CapabilityFinder {
  readonly #running: readonly Running[];
  /** By the owner that resources bear, which is not the configured one where a known system got a new id. */
  readonly #byOwner = new Map<string, Instance>();
  readonly #parts: EngineParts;
  readonly #memory: MemoryBook;
  #closed = false;

  constructor(systems: readonly Configured[], parts: EngineParts) {
    this.#parts = parts;
    this.#memory = new MemoryBook(parts.database);
    const book = new IdentityBook(
      parts.database,
      systems.map(({ source, id }) => `${source.id}/${id}`),
    );
    this.#running = systems.map((system) => this.#open(system, book));
  }

  start(): void {
    for (const { instance } of this.#running) instance.start();
  }

  health(): readonly SystemHealth[] {
    return this.#running.map(({ owner, title, meter, instance }) => ({
      owner,
      title,
      reachable: instance.reachable,
      traffic: meter.traffic(),
    }));
  }

  conditions(): readonly SystemCondition[] {
    return this.#running.map(({ owner, title, meter, instance }) => {
      const { reachable, state, trouble, unread, failing } = instance;
      return { owner, title, reachable, traffic: meter.traffic(), state, trouble, unread, failing };
    });
  }

  /**
   * Asks a system now.
   *
   * @param owner `<source>/<id>` as configured
   * @returns why it does not answer, if so; undefined: it cannot be asked, or there is no such system
   */
  async ask(
    owner: string,
    signal: AbortSignal,
  ): Promise<{ readonly error: LabError | undefined } | undefined> {
    return this.#running.find((running) => running.owner === owner)?.instance.ask(signal);
  }

  /** What of each system is to be seen at present. */
  sights(): readonly (Sight & { readonly configured: string })[] {
    return this.#running.map(({ owner: configured, bound, kinds, title, instance }) => ({
      ...{ configured, owner: bound(), title, kinds },
      ...{ reachable: instance.reachable, unread: instance.unread, failing: instance.failing },
    }));
  }

  for<C extends Capability>(resourceId: string, capability: C): Capabilities[C] | undefined {
    return this.#session(resourceId)?.capabilities[capability];
  }

  /** @param owner `<source>/<id>` as configured */
  hookOf(owner: string): Hook | undefined {
    return this.#running.find((running) => running.owner === owner)?.instance.session.hook;
  }

  refresh(resourceId: string): void {
    this.#session(resourceId)?.refresh(resourceId);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#running.map(({ instance }) => instance.close()));
    for (const { owner } of this.#running) this.#parts.onFindings?.(owner, []);
  }

  #open({ source, id, title, options }: Configured, book: IdentityBook): Running {
    const {
      store,
      clock,
      random,
      intervals,
      onHealth,
      onEvent = () => {},
      onFindings,
      onExchange,
    } = this.#parts;
    const configured = `${source.id}/${id}`;
    const log = this.#parts.log.child(configured);
    const meter = new Meter(clock);
    if (onExchange !== undefined) meter.listener = (exchange) => onExchange(configured, exchange);
    const known = book.of(source.id, id);
    let owner = configured;
    const identities: Identities = {
      ...known,
      bind: (system, also) => {
        const bound = known.bind(system, also);
        if (bound === owner) return bound;
        this.#byOwner.set(bound, this.#byOwner.get(owner) as Instance);
        store.setReachable(bound, false);
        owner = bound;
        log.info(`this system is known as ${bound}, and keeps that`);
        return bound;
      },
    };
    // Nothing of it is true before it has been heard.
    store.setReachable(owner, false);
    const publish = (resources: readonly LabResource[]): void => store.replace(owner, resources);
    const context = {
      ...{ owner, title, clock, log, meter, identities, publish },
      memory: this.#memory.of(() => owner),
      capabilities: this,
      rollCall: () => this.#rollCall(configured),
      emit: onEvent,
      report: (findings: readonly Finding[]) => {
        if (!this.#closed) onFindings?.(configured, findings);
      },
    };
    const instance = new Instance({
      session: source.open(options as never, context),
      intervals,
      budget: source.budget,
      meter,
      clock,
      random,
      log,
      onHeard: (resources, reachable) => {
        if (resources === undefined) store.setReachable(owner, reachable);
        else store.replace(owner, resources, reachable);
        onHealth?.();
      },
      onLost: () => {
        store.setReachable(owner, false);
        onHealth?.();
      },
    });
    this.#byOwner.set(owner, instance);
    return { owner: configured, bound: () => owner, kinds: source.kinds, title, meter, instance };
  }

  /** @param asker `<source>/<id>` of who asks, and is not asked itself */
  #rollCall(asker: string): RollCall {
    const present = this.#running.filter(({ owner, instance }) => owner !== asker && instance.reachable);
    const rest = this.#parts.rollCall?.();
    return async (signal) => {
      const asked = present.map(async ({ title, instance }) =>
        (await instance.answers(signal)) === false ? [title] : [],
      );
      const silent = (await Promise.all(asked)).flat();
      return [...silent, ...((await rest?.(signal)) ?? [])];
    };
  }

  #session(resourceId: string): Session | undefined {
    return this.#byOwner.get(resourceId.split('/', 2).join('/'))?.session;
  }
}
