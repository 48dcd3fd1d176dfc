import { isStrong, typeOf } from './alias.ts';
import type { Misgiving } from './doubt.ts';
import type { Alias } from './resource.ts';

/** What aliases fit: one resource, none, or nothing that one could be sure of. */
export type Match =
  | { readonly id: string }
  | { readonly reason: Misgiving; readonly aliases: readonly Alias[]; readonly candidates: readonly string[] }
  | undefined;

/**
 * Finds what `aliases` speak of. One strong alias that fits a single resource decides, two weak ones of different
 * types do, and each other of the same strength must fit that resource as well or fit nothing.
 *
 * @param holders ids of the resources that an alias may mean; empty for one that nobody has
 */
export function match(aliases: readonly Alias[], holders: (alias: Alias) => readonly string[]): Match {
  const known = [...new Set(aliases)]
    .map((alias) => ({ alias, ids: holders(alias) }))
    .filter(({ ids }) => ids.length > 0);
  const strong = known.filter(({ alias }) => isStrong(alias));
  const weak = known.filter(({ alias }) => !isStrong(alias));
  const doubtful = (reason: Misgiving, evidence: readonly Evidence[]): Match => ({
    reason,
    aliases: evidence.map(({ alias }) => alias).sort(),
    candidates: [...new Set(evidence.flatMap(({ ids }) => ids))].sort(),
  });

  const named = strong.find(({ ids }) => ids.length === 1)?.ids[0];
  if (named !== undefined) return fits(strong, named) ? { id: named } : doubtful('contradiction', strong);
  const [hinted] = [...typesOf(weak)].find(([, types]) => types.size > 1) ?? [];
  if (hinted !== undefined) return fits(known, hinted) ? { id: hinted } : doubtful('contradiction', known);
  if (strong.length > 0) return doubtful('ambiguous', strong);
  if (weak.length === 0) return undefined;
  const several = new Set(weak.flatMap(({ ids }) => ids)).size > 1;
  return doubtful(several ? 'ambiguous' : 'weak', weak);
}

interface Evidence {
  readonly alias: Alias;
  readonly ids: readonly string[];
}

function fits(evidence: readonly Evidence[], id: string): boolean {
  return evidence.every(({ ids }) => ids.includes(id));
}

/** For each resource, the types of alias that fit nothing else. */
function typesOf(evidence: readonly Evidence[]): ReadonlyMap<string, ReadonlySet<string>> {
  const types = new Map<string, Set<string>>();
  for (const { alias, ids } of evidence) {
    const [id] = ids;
    if (id === undefined || ids.length > 1) continue;
    types.set(id, (types.get(id) ?? new Set()).add(typeOf(alias)));
  }
  return types;
}
