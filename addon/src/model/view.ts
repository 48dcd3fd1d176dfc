import type { Place } from './resolve.ts';
import type { Facts, Resource } from './resource.ts';

/**
 * A resource as the store shows it: what its owner says, with what others know of the same thing.
 *
 * @param others what others report of it, the most trusted first
 * @returns `own` itself where nothing has to be added
 */
export function viewOf<R extends Resource>(own: R, place: Place, others: readonly Resource[]): R {
  if (others.length === 0 && own.parent === place.parent && own.links === place.links) return own;
  const { parent: _parent, links: _links, ...rest } = own;
  const aliases = [...new Set([own, ...others].flatMap((part) => part.aliases ?? []))];
  return {
    ...rest,
    facts: factsOf([own, ...others]),
    ...(aliases.length > 0 && { aliases }),
    ...(place.parent !== undefined && { parent: place.parent }),
    ...(place.links !== undefined && { links: place.links }),
  } as unknown as R;
}

/** The first one that states a fact is right. */
function factsOf(parts: readonly Resource[]): Facts {
  const facts = new Map<string, Facts[string]>();
  for (const part of parts) {
    for (const [name, value] of Object.entries(part.facts)) {
      if (value !== undefined && !facts.has(name)) facts.set(name, value);
    }
  }
  return Object.fromEntries(facts);
}
