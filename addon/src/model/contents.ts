import { counts } from './alias.ts';
import type { Given } from './alias-index.ts';
import type { Doubt } from './doubt.ts';
import type { Alias, Content } from './resource.ts';
import type { Claim, Shown } from './shown.ts';

/** Drives are moved between machines one by one: of one alone, nobody knows when it was looked at. */
const ENOUGH_PARTS = 2;

/** How sure a claim is: the lower the surer. */
type Sureness = 'stated' | 'parts' | 'itself';
const SURENESS: readonly Sureness[] = ['stated', 'parts', 'itself'];

interface Found extends Claim {
  readonly child: string;
  readonly sureness: Sureness;
}

/**
 * What lies on what, where only the source of what is below knows: it tells what that other thing is known by. Its id
 * if a person stated it; else the one thing of that kind which has at least two of the parts, or all; else the one of
 * its kind which has that host name, if nothing else says to contain one of that name.
 *
 * @param given everything, also what is shown as part of another
 * @param index ids of what is given, by alias
 */
export function contentsOf(
  given: ReadonlyMap<string, Given>,
  index: ReadonlyMap<Alias, readonly string[]>,
  shown: Shown,
): { readonly claims: ReadonlyMap<string, Claim>; readonly doubts: readonly Doubt[] } {
  const found: Found[] = [];
  const doubts: Doubt[] = [];
  for (const [id, thing] of shown.things) {
    for (const { content } of thing) {
      if (content === undefined) continue;
      const result = contentOf(id, content, given, index, shown);
      if (result === undefined) continue;
      if ('child' in result) found.push(result);
      else doubts.push(result);
    }
  }
  const claims = new Map<string, Claim>();
  for (const [child, rivals] of Map.groupBy(found, ({ child }) => child)) {
    const best = SURENESS.find((sureness) => rivals.some((rival) => rival.sureness === sureness));
    const surest = rivals.filter(({ sureness }) => sureness === best);
    const parents = [...new Set(surest.map(({ parent }) => parent))].sort();
    const by = [...new Set(surest.flatMap((rival) => rival.by))].sort();
    const [parent = ''] = parents;
    if (parents.length === 1) claims.set(child, { parent, by });
    else
      doubts.push({
        resource: child,
        about: 'parent',
        reason: 'ambiguous',
        aliases: by,
        candidates: parents,
      });
  }
  return { claims, doubts };
}

function contentOf(
  parent: string,
  { kind, id, parts = [], itself = [] }: Content,
  given: ReadonlyMap<string, Given>,
  index: ReadonlyMap<Alias, readonly string[]>,
  shown: Shown,
): Found | Doubt | undefined {
  const isCandidate = (candidate: string): boolean =>
    candidate !== parent && shown.things.get(candidate)?.[0]?.kind === kind;
  if (id !== undefined) {
    const child = shown.shownAs(id);
    return shown.things.has(child) && child !== parent
      ? { child, parent, by: [], sureness: 'stated' }
      : undefined;
  }
  const doubtful = (
    reason: Doubt['reason'],
    aliases: readonly Alias[],
    candidates: Iterable<string>,
  ): Doubt => ({
    ...{ resource: parent, about: 'content', reason },
    aliases: [...aliases].sort(),
    candidates: [...new Set(candidates)].sort(),
  });

  const known = partsOf(parts);
  const shared = new Map<string, Alias[][]>();
  for (const part of known) {
    const found = new Map<string, Alias[]>();
    for (const by of part) {
      const holders = (index.get(by) ?? []).flatMap((holder) => ownersOf(holder, given, shown));
      for (const holder of new Set(holders.filter(isCandidate)))
        found.set(holder, [...(found.get(holder) ?? []), by]);
    }
    for (const [holder, by] of found) shared.set(holder, [...(shared.get(holder) ?? []), by]);
  }
  const enough = [...shared].filter(([, own]) => own.length >= Math.min(ENOUGH_PARTS, known.length));
  const [first] = enough;
  if (first !== undefined) {
    const [child, by] = first;
    if (enough.length === 1) return { child, parent, by: by.flat(), sureness: 'parts' };
    return doubtful(
      'ambiguous',
      enough.flatMap(([, own]) => own.flat()),
      enough.map(([candidate]) => candidate),
    );
  }
  const named = [...new Set(itself)].filter((name) => shown.holders(name).some(isCandidate));
  const candidates = [...new Set(named.flatMap((name) => shown.holders(name).filter(isCandidate)))];
  const [child] = candidates;
  if (child === undefined) return undefined;
  if (candidates.length > 1) return doubtful('ambiguous', named, candidates);
  // A drive of it is elsewhere.
  if (shared.size > 0 && !shared.has(child)) {
    return doubtful('contradiction', [...named, ...[...shared.values()].flat(2)], [child, ...shared.keys()]);
  }
  return { child, parent, by: named, sureness: 'itself' };
}

/** What each part is known by: those that say something, and no part twice. */
function partsOf(parts: NonNullable<Content['parts']>): readonly (readonly Alias[])[] {
  const all = parts.map((part) => [part].flat().filter(counts)).filter((part) => part.length > 0);
  return [...new Map(all.map((part) => [part.join(), part])).values()];
}

/** What a part lies in, by what its source states. */
function ownersOf(part: string, given: ReadonlyMap<string, Given>, { shownAs }: Shown): readonly string[] {
  const above: string[] = [];
  for (let at = given.get(part)?.resource.parent; at !== undefined; at = given.get(at)?.resource.parent) {
    if (above.includes(shownAs(at))) break;
    above.push(shownAs(at));
  }
  return above;
}
