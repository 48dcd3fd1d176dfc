import type { EntitySettings } from '../entities/settings.ts';
import { topicsOfObject } from '../entities/topics.ts';
import type { Entry, Ledger } from './ledger.ts';
import { isSettled, type Owners, removable } from './leftovers.ts';
import type { Mirror } from './mirror.ts';
import type { Outbox } from './outbox.ts';

export interface CleanerParts {
  readonly settings: EntitySettings;
  readonly ledger: Ledger;
  readonly mirror: Mirror;
  readonly outbox: Outbox;
  readonly owners: Owners;
  /** Whether the lab has a resource of this object id that is to be published; undefined: it has none. */
  readonly isWanted: (objectId: string) => boolean | undefined;
  readonly hasResource: (id: string) => boolean;
}

/** Takes away what is published and no more to be: of things that went, and of earlier runs with other settings. */
export class Cleaner {
  readonly #parts: CleanerParts;
  /** Object ids that the lab lost in this run. */
  readonly #gone = new Set<string>();
  /** Last words of the bridges of other base topics. */
  readonly #bridges = new Map<string, string>();

  constructor(parts: CleanerParts) {
    this.#parts = parts;
  }

  /** What was published under the topics that we use now. */
  current(): readonly Entry[] {
    return this.#parts.ledger.entries().filter((entry) => this.#isCurrent(entry));
  }

  /** Other base topics under which an earlier run published. */
  otherBases(): readonly string[] {
    const { ledger, settings } = this.#parts;
    const bases = new Set(ledger.entries().map(({ base }) => base));
    bases.delete(settings.base);
    return [...bases];
  }

  /** Somebody is there, or not, at the bridge topic of another base. */
  hearBridge(base: string, state: string): void {
    this.#bridges.set(base, state);
  }

  /** The lab has lost it: it need not be heard of again to be sure. */
  lose(objectId: string): void {
    const { ledger, settings } = this.#parts;
    if (ledger.get(topicsOfObject(objectId, settings).discovery) !== undefined) this.#gone.add(objectId);
  }

  /**
   * Takes away what may go now.
   *
   * @param may asked before each; false: not yet
   * @returns whether something is left that may go later
   */
  clean(may: () => boolean): boolean {
    const { ledger, owners, hasResource } = this.#parts;
    this.#moveStrays(may);
    for (const { id } of ledger.deletions()) {
      const owner = id.split('/', 2).join('/');
      // What comes under this id later is another thing.
      if (!hasResource(id) && isSettled(owner, owners)) ledger.unmarkDeleted(id);
    }
    const going = this.current().filter((entry) => this.#isGoing(entry));
    for (const entry of removable(going, ledger.entries())) {
      if (!may()) return true;
      this.#remove(entry);
    }
    return (
      ledger.entries().some((entry) => !this.#parts.isWanted(entry.objectId)) ||
      ledger.deletions().some(({ id }) => !hasResource(id))
    );
  }

  #isGoing({ objectId, owner }: Entry): boolean {
    const wanted = this.#parts.isWanted(objectId);
    if (wanted !== undefined) return !wanted;
    return this.#gone.has(objectId) || isSettled(owner, this.#parts.owners);
  }

  #remove({ objectId, discovery, topics }: Entry): void {
    const { mirror, outbox, ledger } = this.#parts;
    // An empty one for nothing makes Home Assistant complain.
    if (mirror.holds(objectId) !== '') outbox.discover(objectId, discovery, '');
    for (const topic of topics) outbox.keep(topic, '');
    ledger.forget(discovery);
    this.#gone.delete(objectId);
  }

  /** Under another discovery prefix, base topic or site nobody looks for it any more. */
  #moveStrays(may: () => boolean): void {
    const { ledger, outbox, settings } = this.#parts;
    for (const entry of ledger.entries()) {
      if (this.#isCurrent(entry)) continue;
      const { objectId, base, discovery, topics } = entry;
      // A copy of our data may be at work there, or we ourselves were until just now.
      if (base !== settings.base && this.#bridges.get(base) === 'online') continue;
      if (!may()) return;
      outbox.keep(discovery, '');
      ledger.forget(discovery);
      if (base === settings.base) {
        // Only the prefix is another: the rest is where it belongs.
        const moved = topicsOfObject(objectId, settings).discovery;
        if (ledger.get(moved) === undefined) ledger.note({ ...entry, discovery: moved, components: {} });
      } else {
        for (const topic of [...topics, `${base}/bridge/state`]) outbox.keep(topic, '');
      }
    }
  }

  #isCurrent({ objectId, discovery, base }: Entry): boolean {
    const { settings } = this.#parts;
    return base === settings.base && discovery === topicsOfObject(objectId, settings).discovery;
  }
}
