import type { Capabilities, Capability, CapabilityFinder } from '../contract/capabilities.ts';
import type { Session, Source } from '../contract/source.ts';
import type { Clock } from '../core/clock.ts';
import type { Database } from '../core/database.ts';
import type { Log } from '../core/log.ts';
import { Meter } from '../core/meter.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Store } from '../model/store.ts';
import { IdentityBook } from './identities.ts';
import { Instance, type Intervals } from './instance.ts';

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
}

/** Runs every configured system, each on its own, and knows which of them a resource belongs to. */
export class Engine implements CapabilityFinder {
  readonly #instances = new Map<string, Instance>();

  constructor(
    systems: readonly Configured[],
    { store, clock, random, log, database, intervals }: EngineParts,
  ) {
    const book = new IdentityBook(
      database,
      systems.map(({ source, id }) => `${source.id}/${id}`),
    );
    for (const { source, id, title, options } of systems) {
      const owner = `${source.id}/${id}`;
      const ownLog = log.child(owner);
      // Nothing of it is true before it has been heard.
      store.setReachable(owner, false);
      const publish = (resources: readonly LabResource[]): void => store.replace(owner, resources);
      const meter = new Meter(clock);
      const identities = book.of(source.id, id);
      const context = { owner, title, clock, log: ownLog, meter, identities, publish };
      const session = source.open(options as never, context);
      this.#instances.set(
        owner,
        new Instance({
          session,
          intervals,
          clock,
          random,
          log: ownLog,
          onWatching: (resources, reachable) => store.replace(owner, resources, reachable),
          onLost: () => store.setReachable(owner, false),
        }),
      );
    }
  }

  start(): void {
    for (const instance of this.#instances.values()) instance.start();
  }

  for<C extends Capability>(resourceId: string, capability: C): Capabilities[C] | undefined {
    return this.#session(resourceId)?.capabilities[capability];
  }

  refresh(resourceId: string): void {
    this.#session(resourceId)?.refresh(resourceId);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#instances.values()].map((instance) => instance.close()));
  }

  #session(resourceId: string): Session | undefined {
    const owner = resourceId.split('/', 2).join('/');
    return this.#instances.get(owner)?.session;
  }
}
