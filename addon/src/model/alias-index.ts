import { counts } from './alias.ts';
import type { Alias, Resource } from './resource.ts';

/** A resource as its owner handed it in. */
export interface Given<R extends Resource = Resource> {
  readonly owner: string;
  readonly resource: R;
}

/** Which resources have which alias. Aliases that say nothing are not in it, so nothing is ever found by them. */
export function indexOf(given: ReadonlyMap<string, Given>): ReadonlyMap<Alias, readonly string[]> {
  const index = new Map<Alias, string[]>();
  for (const [id, { resource }] of given) {
    for (const alias of new Set(resource.aliases)) {
      const holders = index.get(alias);
      if (holders !== undefined) holders.push(id);
      else if (counts(alias)) index.set(alias, [id]);
    }
  }
  return index;
}
