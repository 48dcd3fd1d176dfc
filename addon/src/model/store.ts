import { isDeepStrictEqual } from 'node:util';
import { type Addition, unitedAdditions, withAddition } from './addition.ts';
import type { Given } from './alias-index.ts';
import type { Doubt } from './doubt.ts';
import { isSamePlace, isStructural, NOTHING, type Resolution, type Rules, resolve } from './resolve.ts';
import type { Resource } from './resource.ts';
import { viewOf } from './view.ts';

/** `before` is missing for what is new, `after` for what is gone. */
export type Change<R extends Resource> =
  | { readonly before: undefined; readonly after: R }
  | { readonly before: R; readonly after: R }
  | { readonly before: R; readonly after: undefined };

export type Diff<R extends Resource> = readonly Change<R>[];

export interface StoreOptions {
  /** Of two owners that report the same thing the lower one's resource is shown. Default: who came first. */
  readonly rank?: (owner: string) => number;
  /** Parents that a person has stated, by the id of what they contain. They outrank all else. */
  readonly overrides?: ReadonlyMap<string, string>;
}

interface Owner {
  readonly order: number;
  readonly reachable: boolean;
  readonly heard: boolean;
  readonly ids: ReadonlySet<string>;
}

/**
 * The lab as it is known now. Each owner (`<source>/<instance>`) hands in all that it has, under ids of its own;
 * whoever listens gets what differs. Shown is how it hangs together across owners: one thing that two report is one
 * resource, parents and links that are stated by alias lead to an id, links that lead nowhere are left out. A parent
 * that is stated by id may be missing. Nothing contains itself.
 *
 * An equal resource keeps its reference, so a poll that found nothing new causes no work; and unless ids, aliases,
 * parents or links differ, nothing but what differs is looked at.
 */
export class Store<R extends Resource> {
  readonly #rules: Rules;
  readonly #owners = new Map<string, Owner>();
  /** With what was added to them. */
  readonly #given = new Map<string, Given<R>>();
  /** As their owners handed them in. */
  readonly #bare = new Map<string, R>();
  /** By who worked them out. */
  readonly #parts = new Map<string, ReadonlyMap<string, Addition>>();
  #additions: ReadonlyMap<string, Addition> = new Map();
  readonly #shown = new Map<string, R>();
  readonly #listeners = new Set<(diff: Diff<R>) => void>();
  readonly #doubtListeners = new Set<(doubts: readonly Doubt[]) => void>();
  readonly #news: (() => void)[] = [];
  #resolution: Resolution = NOTHING;
  #ownersSoFar = 0;
  #telling = false;

  constructor({ rank, overrides = new Map() }: StoreOptions = {}) {
    this.#rules = { rank: rank ?? ((owner) => this.#owner(owner).order), overrides };
  }

  /**
   * Everything that `owner` has now; what it had before and is not in here is gone.
   *
   * @param reachable as in `setReachable`, in the same change
   */
  replace(owner: string, resources: readonly R[], reachable = this.#owner(owner).reachable): void {
    const before = this.#owner(owner);
    const ids = new Set(resources.map(({ id }) => id));
    this.#owners.set(owner, { ...before, reachable, heard: before.heard || reachable, ids });
    this.#ownersSoFar = Math.max(this.#ownersSoFar, before.order + 1);

    const touched = new Set<string>();
    let structural = false;
    for (const resource of resources) {
      const { id } = resource;
      if (isDeepStrictEqual(this.#bare.get(id), resource)) {
        if (before.reachable !== reachable) touched.add(id);
        continue;
      }
      this.#bare.set(id, resource);
      structural = this.#give(owner, resource) || structural;
      touched.add(id);
    }
    for (const id of before.ids) {
      if (ids.has(id)) continue;
      structural = true;
      this.#given.delete(id);
      this.#bare.delete(id);
      touched.add(id);
    }
    this.#settle(touched, structural);
  }

  /**
   * Everything that is worked out from the lab as a whole about things of all owners, by their ids: the set, not the
   * change. It lasts until the next call, over whatever their owners hand in meanwhile.
   *
   * @param by who worked it out: each has a set of its own
   */
  amend(given: ReadonlyMap<string, Addition>, by = 'lab'): void {
    const touched = new Set<string>();
    let structural = false;
    const before = this.#additions;
    this.#parts.set(by, given);
    const additions = unitedAdditions(this.#parts.values());
    this.#additions = additions;
    for (const id of new Set([...before.keys(), ...additions.keys()])) {
      const given = this.#given.get(id);
      const bare = this.#bare.get(id);
      if (given === undefined || bare === undefined) continue;
      if (isDeepStrictEqual(before.get(id), additions.get(id))) continue;
      structural = this.#give(given.owner, bare) || structural;
      touched.add(id);
    }
    if (touched.size > 0) this.#settle(touched, structural);
  }

  /** Whether `owner` can be asked at present. While it cannot, what it gave stays, as unavailable. */
  setReachable(owner: string, reachable: boolean): void {
    const before = this.#owner(owner);
    if (before.reachable === reachable && this.#owners.has(owner)) return;
    this.#owners.set(owner, { ...before, reachable });
    this.#ownersSoFar = Math.max(this.#ownersSoFar, before.order + 1);
    this.#settle(before.ids, false);
  }

  /** Forgets `owner` and all that it gave. */
  removeOwner(owner: string): void {
    const { ids } = this.#owner(owner);
    this.#owners.delete(owner);
    for (const id of ids) {
      this.#given.delete(id);
      this.#bare.delete(id);
    }
    this.#settle(ids, ids.size > 0);
  }

  /** All that have handed something in, or of which it is known whether they can be asked. */
  owners(): IterableIterator<string> {
    return this.#owners.keys();
  }

  /**
   * Whether `owner` has handed in all that it has at least once in this run: what is not there now does not exist
   * any more. What it gave before it could be reached does not count, since that may be a part.
   */
  heard(owner: string): boolean {
    return this.#owner(owner).heard;
  }

  /** With the id of what is shown as part of another: that other, whose `id` then differs. */
  get(id: string): R | undefined {
    return this.#shown.get(this.#shownAs(id));
  }

  /** As its owner handed it in: nothing that was worked out, and no other's id leads there. */
  given(id: string): R | undefined {
    return this.#bare.get(id);
  }

  /** What is shown, each thing once. */
  all(): IterableIterator<R> {
    return this.#shown.values();
  }

  /** What aliases suggest and is not sure enough, in a fixed order; the same array while nothing changes. */
  doubts(): readonly Doubt[] {
    return this.#resolution.doubts;
  }

  /**
   * Calls `listener` after each change, never with an empty diff. What a listener changes itself is told when all
   * have heard of the change before. The returned function ends it.
   */
  subscribe(listener: (diff: Diff<R>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls `listener` with all doubts whenever they differ. The returned function ends it. */
  subscribeDoubts(listener: (doubts: readonly Doubt[]) => void): () => void {
    this.#doubtListeners.add(listener);
    return () => this.#doubtListeners.delete(listener);
  }

  #owner(owner: string): Owner {
    return (
      this.#owners.get(owner) ?? { order: this.#ownersSoFar, reachable: true, heard: false, ids: new Set() }
    );
  }

  /** @returns whether that may change how things hang together */
  #give(owner: string, bare: R): boolean {
    const known = this.#given.get(bare.id);
    const resource = withAddition(bare, this.#additions.get(bare.id));
    this.#given.set(bare.id, { owner, resource });
    return known === undefined || isStructural(known.resource, resource);
  }

  #shownAs(id: string): string {
    return this.#resolution.partOf.get(id) ?? id;
  }

  /** @param touched ids of what was given, changed or taken away */
  #settle(touched: ReadonlySet<string>, structural: boolean): void {
    const before = this.#resolution;
    const ids = new Set(touched);
    if (structural) for (const id of this.#resolveAgain()) ids.add(id);
    const diff: Change<R>[] = [];
    const gone: string[] = [];
    for (const id of new Set([...ids].flatMap((id) => [id, this.#shownAs(id)]))) {
      const known = this.#shown.get(id);
      const next = this.#view(id);
      if (next === undefined) gone.push(id);
      if (next === undefined || known === next || isDeepStrictEqual(known, next)) continue;
      this.#shown.set(id, next);
      diff.push({ before: known, after: next } as Change<R>);
    }
    for (const id of gone) {
      const known = this.#shown.get(id);
      if (known === undefined) continue;
      this.#shown.delete(id);
      diff.push({ before: known, after: undefined });
    }
    const { doubts } = this.#resolution;
    if (diff.length > 0) this.#news.push(() => callAll(this.#listeners, diff));
    if (doubts !== before.doubts) this.#news.push(() => callAll(this.#doubtListeners, doubts));
    this.#tell();
  }

  /** @returns ids of what hangs together with others otherwise than before */
  #resolveAgain(): readonly string[] {
    const before = this.#resolution;
    const after = resolve(this.#given, this.#rules);
    const doubts = isDeepStrictEqual(before.doubts, after.doubts) ? before.doubts : after.doubts;
    this.#resolution = { ...after, doubts };
    const moved = [...after.places].filter(([id, place]) => {
      const known = before.places.get(id);
      return known === undefined || !isSamePlace(known, place);
    });
    const hidden = [...before.places.keys()].filter((id) => !after.places.has(id));
    return [...moved.map(([id]) => id), ...hidden];
  }

  #view(id: string): R | undefined {
    const place = this.#resolution.places.get(id);
    const given = this.#given.get(id);
    if (place === undefined || given === undefined) return undefined;
    const { resource, owner } = given;
    const stale = resource.available && !this.#owner(owner).reachable;
    const others = place.others.flatMap((other) => this.#given.get(other)?.resource ?? []);
    return viewOf(stale ? { ...resource, available: false } : resource, place, others);
  }

  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let news = this.#news.shift(); news !== undefined; news = this.#news.shift()) news();
    } finally {
      this.#telling = false;
    }
  }
}

function callAll<T>(listeners: Iterable<(news: T) => void>, news: T): void {
  for (const listener of listeners) listener(news);
}
