import { naturalOrder } from '../../core/natural-order.ts';
import type { LabResource } from '../../kinds/index.ts';
import { linksOf } from '../../model/resource.ts';
import type { HttpParts } from '../parts.ts';

export interface Search {
  /** Words that all have to be somewhere in what a thing is called or known by. */
  readonly query?: string;
  readonly kind?: string;
  /** Id of what contains it, at whatever depth, or what it is linked to. */
  readonly within?: string;
  /** Only what is unavailable. */
  readonly unavailable?: boolean;
}

/** What fits, the best first: who is called so before who is only known by that. */
export function searchLab(
  lab: Pick<HttpParts['lab'], 'all' | 'get'>,
  search: Search,
): readonly LabResource[] {
  const words = (search.query ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...lab.all()].flatMap((resource) => {
    if (search.kind !== undefined && resource.kind !== search.kind) return [];
    if (search.unavailable === true && resource.available) return [];
    if (search.within !== undefined && !isWithin(resource, search.within, lab)) return [];
    const rank = rankOf(resource, words);
    return rank === undefined ? [] : [{ resource, rank }];
  });
  return found
    .toSorted((a, b) => a.rank - b.rank || naturalOrder(a.resource.id, b.resource.id))
    .map(({ resource }) => resource);
}

/** undefined: it does not fit. */
function rankOf(resource: LabResource, words: readonly string[]): number | undefined {
  const name = resource.name.toLowerCase();
  if (words.every((word) => name.includes(word))) return name === words.join(' ') ? 0 : 1;
  const { id, kind, aliases = [], facts = {}, readings } = resource;
  const known = [id, kind, name, ...aliases, ...texts(facts), ...texts(readings)].join('\n').toLowerCase();
  return words.every((word) => known.includes(word)) ? 2 : undefined;
}

const texts = (values: object): readonly string[] =>
  Object.values(values).filter((value): value is string => typeof value === 'string');

function isWithin(resource: LabResource, id: string, lab: Pick<HttpParts['lab'], 'get'>): boolean {
  if (linksOf(resource).some(({ to }) => to === id)) return true;
  const seen = new Set<string>();
  for (let at = resource.parent; at !== undefined && !seen.has(at); at = lab.get(at)?.parent) {
    if (at === id) return true;
    seen.add(at);
  }
  return false;
}
