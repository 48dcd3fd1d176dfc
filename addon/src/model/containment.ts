import type { Doubt } from './doubt.ts';
import { type Match, match } from './match.ts';
import type { Alias, Resource } from './resource.ts';
import type { Claim, Shown } from './shown.ts';

/**
 * What contains what. A person's word comes first, then what says to contain a thing, then what the thing states; else
 * what others know it by says. Nothing contains itself, however many steps away: what aliases say gives way to what is
 * stated, and neither of two that contradict each other counts.
 *
 * @param claims what says to contain a thing, by the id of that thing
 */
export function parentsOf(
  shown: Shown,
  claims: ReadonlyMap<string, Claim> = new Map(),
): {
  readonly parents: ReadonlyMap<string, string>;
  /** Parents that things state and that gave way to what claims to contain them. */
  readonly displaced: ReadonlyMap<string, string>;
  readonly doubts: readonly Doubt[];
} {
  const found = new Map<string, Claim>();
  const doubts: Doubt[] = [];
  const displaced = new Map<string, string>();
  for (const [id, thing] of shown.things) {
    const parent = statedParent(id, thing, shown);
    if (parent !== undefined) found.set(id, { parent, by: [] });
  }
  const own = new Map(found);
  for (const [id, claim] of claims) {
    const parent = own.get(id)?.parent;
    if (isOverridden(id, shown) || isWithin(claim.parent, id, own)) continue;
    found.set(id, claim);
    if (parent !== undefined && parent !== claim.parent) displaced.set(id, parent);
  }
  const stated = new Map(found);
  for (const [id, thing] of shown.things) {
    if (stated.has(id)) continue;
    const matches = thing
      .flatMap(({ parentKnownBy }) => (parentKnownBy === undefined ? [] : [parentKnownBy]))
      .map((by) => ({ by, result: matchOutside(id, by, stated, shown) }));
    const made = matches.flatMap(({ by, result }) =>
      result !== undefined && 'id' in result ? [{ parent: result.id, by }] : [],
    )[0];
    if (made !== undefined) found.set(id, made);
    else for (const { result } of matches) doubts.push(...parentDoubt(id, result));
  }
  for (let cycles = cyclesOf(found); cycles.length > 0; cycles = cyclesOf(found)) {
    for (const cycle of cycles) doubts.push(...openCycle(cycle, found, displaced));
  }
  return { parents: new Map([...found].map(([id, { parent }]) => [id, parent])), displaced, doubts };
}

/** Takes what is guessed out of a circle, or all of it; what had to give way for that counts again. */
function openCycle(
  cycle: readonly string[],
  found: Map<string, Claim>,
  displaced: Map<string, string>,
): readonly Doubt[] {
  const guessed = cycle.filter((id) => (found.get(id)?.by.length ?? 0) > 0);
  return (guessed.length > 0 ? guessed : cycle).map((id) => {
    const { parent = '', by = [] } = found.get(id) ?? {};
    const before = displaced.get(id);
    displaced.delete(id);
    if (before === undefined) found.delete(id);
    else found.set(id, { parent: before, by: [] });
    return {
      ...{ resource: id, about: 'parent', reason: 'cycle' },
      aliases: [...new Set(by)].sort(),
      candidates: [parent],
    };
  });
}

function isOverridden(id: string, { things, overrides }: Shown): boolean {
  return (things.get(id) ?? []).some((part) => overrides.has(part.id));
}

function statedParent(id: string, thing: readonly Resource[], shown: Shown): string | undefined {
  const stated = [...thing.map((part) => shown.overrides.get(part.id)), ...thing.map(({ parent }) => parent)];
  return stated
    .flatMap((parent) => (parent === undefined ? [] : [shown.shownAs(parent)]))
    .find((parent) => parent !== id);
}

/** A guest's host may be known by the same address as the guest's container that shares its network. */
function matchOutside(
  id: string,
  aliases: readonly Alias[],
  stated: ReadonlyMap<string, Claim>,
  { holders }: Shown,
): Match {
  return match(aliases, (alias) => holders(alias).filter((candidate) => !isWithin(candidate, id, stated)));
}

function isWithin(candidate: string, id: string, stated: ReadonlyMap<string, Claim>): boolean {
  const seen = new Set<string>();
  for (let at: string | undefined = candidate; at !== undefined; at = stated.get(at)?.parent) {
    if (at === id) return true;
    if (seen.has(at)) return false;
    seen.add(at);
  }
  return false;
}

function parentDoubt(resource: string, result: Match): readonly Doubt[] {
  if (result === undefined || 'id' in result) return [];
  return [{ resource, about: 'parent', ...result }];
}

/** Everything has one parent at most, so cycles share no members. */
function cyclesOf(found: ReadonlyMap<string, Claim>): readonly (readonly string[])[] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  for (const start of found.keys()) {
    const path: string[] = [];
    let at: string | undefined = start;
    while (at !== undefined && !done.has(at)) {
      done.add(at);
      path.push(at);
      at = found.get(at)?.parent;
    }
    const from = at === undefined ? -1 : path.indexOf(at);
    if (from >= 0) cycles.push(path.slice(from));
  }
  return cycles;
}
