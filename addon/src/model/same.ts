import { counts, makesOne, typeOf } from './alias.ts';
import type { Given } from './alias-index.ts';
import type { Doubt } from './doubt.ts';
import type { Alias } from './resource.ts';

/** What several owners report, each once: ids, the one that is shown first. */
export type Group = readonly [shown: string, ...others: string[]];

/** Two different ones mean two things, whatever else they share. A serial may be the board's or the case's. */
const UNEQUALLED: readonly string[] = ['smbios', 'gpu_uuid'];

/**
 * Finds the resources of one kind that different owners report of one thing: those that share a strong alias.
 * An owner knows its own things apart, so what would make one of two of them is a doubt. So is a MAC that three
 * have: addresses are copied with virtual machines.
 *
 * @param rank orders owners; the lowest owns what is shown
 */
export function sameThings(
  given: ReadonlyMap<string, Given>,
  index: ReadonlyMap<Alias, readonly string[]>,
  rank: (owner: string) => number,
): { readonly groups: readonly Group[]; readonly doubts: readonly Doubt[] } {
  const ownerOf = (id: string): string => given.get(id)?.owner ?? '';
  const order = (one: string, other: string): number =>
    rank(ownerOf(one)) - rank(ownerOf(other)) || (one < other ? -1 : 1);
  const sets = new Map<string, Set<string>>();
  const unclear: { alias: Alias; ids: readonly string[] }[] = [];
  for (const { alias, ids } of shared(given, index)) {
    const owners = new Set(ids.map(ownerOf));
    if (owners.size === 1) continue;
    if (owners.size < ids.length || (typeOf(alias) === 'mac' && ids.length > 2)) unclear.push({ alias, ids });
    else unite(sets, ids);
  }

  const groups: Group[] = [];
  const doubts: Doubt[] = [];
  for (const set of new Set(sets.values())) {
    const ids = [...set].sort(order) as [string, ...string[]];
    if (new Set(ids.map(ownerOf)).size === ids.length && !unequal(given, ids)) groups.push(ids);
    else doubts.push(doubtOf(ids, 'contradiction', common(given, ids)));
  }
  for (const { alias, ids } of unclear) {
    // Each of its owners is already known to mean one and the same, by something better.
    const settled = groups.some((group) => {
      const owners = new Set(group.filter((id) => ids.includes(id)).map(ownerOf));
      return ids.every((id) => owners.has(ownerOf(id)));
    });
    if (!settled) doubts.push(doubtOf([...ids].sort(order), 'ambiguous', [alias]));
  }
  return { groups, doubts };
}

/** Aliases that several resources of one kind have, with those. */
function shared(
  given: ReadonlyMap<string, Given>,
  index: ReadonlyMap<Alias, readonly string[]>,
): readonly { readonly alias: Alias; readonly ids: readonly string[] }[] {
  return [...index].flatMap(([alias, holders]) => {
    if (holders.length === 1 || !makesOne(alias)) return [];
    const byKind = Map.groupBy(holders, (id) => given.get(id)?.resource.kind);
    return [...byKind.values()].filter((ids) => ids.length > 1).map((ids) => ({ alias, ids }));
  });
}

function unite(sets: Map<string, Set<string>>, ids: readonly string[]): void {
  const all = new Set(ids.flatMap((id) => [id, ...(sets.get(id) ?? [])]));
  for (const id of all) sets.set(id, all);
}

function unequal(given: ReadonlyMap<string, Given>, ids: readonly string[]): boolean {
  return UNEQUALLED.some((type) => {
    const stated = ids
      .map((id) => aliasesOf(given, id).filter((alias) => typeOf(alias) === type))
      .filter((aliases) => aliases.length > 0);
    return stated.some((one) => stated.some((other) => !one.some((alias) => other.includes(alias))));
  });
}

function common(given: ReadonlyMap<string, Given>, ids: readonly string[]): readonly Alias[] {
  const all = ids.flatMap((id) => aliasesOf(given, id).filter(makesOne));
  return [...new Set(all.filter((alias, at) => all.indexOf(alias) !== at))].sort();
}

function aliasesOf(given: ReadonlyMap<string, Given>, id: string): readonly Alias[] {
  return [...new Set(given.get(id)?.resource.aliases)].filter(counts);
}

function doubtOf(ids: readonly string[], reason: Doubt['reason'], aliases: readonly Alias[]): Doubt {
  const [resource = '', ...others] = ids;
  return { resource, about: 'same', reason, aliases, candidates: others.sort() };
}
