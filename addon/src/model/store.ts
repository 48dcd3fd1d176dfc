import { isDeepStrictEqual } from 'node:util';
import type { Resource } from './resource.ts';

/** `before` is missing for what is new, `after` for what is gone. */
export type Change<R extends Resource> =
  | { readonly before: undefined; readonly after: R }
  | { readonly before: R; readonly after: R }
  | { readonly before: R; readonly after: undefined };

export type Diff<R extends Resource> = readonly Change<R>[];

interface Owner<R> {
  readonly reachable: boolean;
  readonly heard: boolean;
  readonly given: ReadonlyMap<string, R>;
}

/**
 * The lab as it is known now. Each owner (`<source>/<instance>`) hands in all that it has; whoever listens gets
 * what differs. An equal resource keeps its reference, so a poll that found nothing new causes no work.
 */
export class Store<R extends Resource> {
  readonly #owners = new Map<string, Owner<R>>();
  readonly #resources = new Map<string, R>();
  readonly #listeners = new Set<(diff: Diff<R>) => void>();

  /**
   * Everything that `owner` has now; what it had before and is not in here is gone.
   *
   * @param reachable as in `setReachable`, in the same change
   */
  replace(owner: string, resources: readonly R[], reachable = this.#owner(owner).reachable): void {
    const { given: before, heard } = this.#owner(owner);
    const given = new Map(resources.map((resource) => [resource.id, resource]));
    this.#owners.set(owner, { reachable, heard: heard || reachable, given });
    this.#settle(before, given, reachable);
  }

  /** Whether `owner` can be asked at present. While it cannot, what it gave stays, as unavailable. */
  setReachable(owner: string, reachable: boolean): void {
    const state = this.#owner(owner);
    if (state.reachable === reachable) return;
    this.#owners.set(owner, { ...state, reachable });
    this.#settle(state.given, state.given, reachable);
  }

  /** Forgets `owner` and all that it gave. */
  removeOwner(owner: string): void {
    const { given, reachable } = this.#owner(owner);
    this.#owners.delete(owner);
    this.#settle(given, new Map(), reachable);
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

  get(id: string): R | undefined {
    return this.#resources.get(id);
  }

  all(): IterableIterator<R> {
    return this.#resources.values();
  }

  /** Calls `listener` after each change, never with an empty diff. The returned function ends it. */
  subscribe(listener: (diff: Diff<R>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #owner(owner: string): Owner<R> {
    return this.#owners.get(owner) ?? { reachable: true, heard: false, given: new Map() };
  }

  #settle(before: ReadonlyMap<string, R>, after: ReadonlyMap<string, R>, reachable: boolean): void {
    const diff: Change<R>[] = [];
    for (const [id, given] of after) {
      const known = this.#resources.get(id);
      const next = given.available && !reachable ? { ...given, available: false } : given;
      if (known === next || isDeepStrictEqual(known, next)) continue;
      this.#resources.set(id, next);
      diff.push({ before: known, after: next } as Change<R>);
    }
    for (const id of before.keys()) {
      const known = this.#resources.get(id);
      if (after.has(id) || known === undefined) continue;
      this.#resources.delete(id);
      diff.push({ before: known, after: undefined });
    }
    if (diff.length === 0) return;
    for (const listener of this.#listeners) listener(diff);
  }
}
