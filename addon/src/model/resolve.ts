import { isDeepStrictEqual } from 'node:util';
import { type Given, indexOf } from './alias-index.ts';
import { parentsOf } from './containment.ts';
import { contentsOf } from './contents.ts';
import { type Doubt, inOrder } from './doubt.ts';
import { match } from './match.ts';
import type { Alias, Link, ResolvedLink, Resource } from './resource.ts';
import { sameThings } from './same.ts';
import type { Shown } from './shown.ts';

/** How a resource hangs together with others. */
export interface Place {
  /** It may name something that is not there. */
  readonly parent: string | undefined;
  /** Undefined for one that has none, not even one that leads nowhere. */
  readonly links: readonly Link[] | undefined;
  /** Ids of what others report of the same thing. */
  readonly others: readonly string[];
}

export interface Resolution {
  /** Everything that is shown, by id. */
  readonly places: ReadonlyMap<string, Place>;
  /** Ids of what is not shown by itself, with the id of what it is part of. */
  readonly partOf: ReadonlyMap<string, string>;
  readonly doubts: readonly Doubt[];
}

export const NOTHING: Resolution = { places: new Map(), partOf: new Map(), doubts: [] };

export interface Rules {
  /** Orders owners: of two that report the same thing, the lower one's resource is shown. */
  readonly rank: (owner: string) => number;
  /** Parents that a person has stated, by the id of what they contain. */
  readonly overrides: ReadonlyMap<string, string>;
}

/**
 * Puts together what owners gave: what is one thing, what contains it, where its links lead. Depends on what is given
 * now and on nothing before, so the order in which things appear makes no difference.
 */
export function resolve(given: ReadonlyMap<string, Given>, { rank, overrides }: Rules): Resolution {
  const index = indexOf(given);
  const same = sameThings(given, index, rank);
  const partOf = new Map(
    same.groups.flatMap(([shown, ...others]) => others.map((id) => [id, shown] as const)),
  );
  const othersOf = new Map(same.groups.map(([shown, ...others]) => [shown, others]));
  const shownAs = (id: string): string => partOf.get(id) ?? id;

  const things = new Map<string, readonly Resource[]>();
  for (const [id, { resource }] of given) {
    if (partOf.has(id)) continue;
    const others = (othersOf.get(id) ?? []).flatMap((other) => given.get(other)?.resource ?? []);
    things.set(id, [resource, ...others]);
  }
  const holders = (alias: Alias): readonly string[] => [...new Set((index.get(alias) ?? []).map(shownAs))];
  const shown: Shown = { things, shownAs, holders, overrides };
  const contents = contentsOf(given, index, shown);
  const { parents, displaced, doubts } = parentsOf(shown, contents.claims);

  const places = new Map<string, Place>();
  const linkDoubts: Doubt[] = [];
  for (const [id, thing] of things) {
    const links = linksFrom(id, thing, displaced.get(id), shown, linkDoubts);
    places.set(id, { parent: parents.get(id), links, others: othersOf.get(id) ?? [] });
  }
  return { places, partOf, doubts: inOrder([...same.doubts, ...contents.doubts, ...doubts, ...linkDoubts]) };
}

/** Whether a change from one to the other may change how things hang together. */
export function isStructural(before: Resource, after: Resource): boolean {
  return (
    before.kind !== after.kind ||
    before.parent !== after.parent ||
    !isDeepStrictEqual(before.parentKnownBy, after.parentKnownBy) ||
    !isDeepStrictEqual(before.content, after.content) ||
    !isDeepStrictEqual(before.aliases, after.aliases) ||
    !isDeepStrictEqual(before.links, after.links)
  );
}

export function isSamePlace(one: Place, other: Place): boolean {
  return one.parent === other.parent && one.links === other.links && one.others.length === 0
    ? other.others.length === 0
    : isDeepStrictEqual(one, other);
}

function linksFrom(
  id: string,
  thing: readonly Resource[],
  memberOf: string | undefined,
  shown: Shown,
  doubts: Doubt[],
): readonly Link[] | undefined {
  const member: readonly Link[] = memberOf === undefined ? [] : [{ type: 'member_of', to: memberOf }];
  if (member.length === 0 && thing.every(({ links }) => links === undefined)) return undefined;
  const links = new Map<string, ResolvedLink>();
  for (const link of [...thing.flatMap((part) => part.links ?? []), ...member]) {
    const to = targetOf(id, link, shown, doubts);
    if (to === undefined) continue;
    const key = `${link.type} ${to} ${link.at ?? ''}`;
    // The same object where nothing had to be found out.
    if (!links.has(key)) links.set(key, link.to === to ? (link as ResolvedLink) : { ...link, to });
  }
  const own = thing[0]?.links;
  const found = [...links.values()];
  const unchanged = own?.length === found.length && own.every((link, at) => link === found[at]);
  return unchanged ? own : found;
}

/** @returns undefined for one that is not there, not sure, or the thing itself */
function targetOf(id: string, { to }: Link, shown: Shown, doubts: Doubt[]): string | undefined {
  if (typeof to === 'string') {
    const target = shown.shownAs(to);
    return target !== id && shown.things.has(target) ? target : undefined;
  }
  const result = match(to, (alias) => shown.holders(alias).filter((candidate) => candidate !== id));
  if (result === undefined) return undefined;
  if ('id' in result) return result.id;
  doubts.push({ resource: id, about: 'link', ...result });
  return undefined;
}
