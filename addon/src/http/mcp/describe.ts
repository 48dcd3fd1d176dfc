import type { OwnedFinding } from '../../contract/finding.ts';
import type { LabResource } from '../../kinds/index.ts';
import type { Item } from '../../model/resource.ts';
import type { HttpParts } from '../parts.ts';

/** Items of one list that are told; a switch has 48 ports, a scope a handful of channels. */
const MOST_ITEMS = 60;
/** Characters of one text of the lab; a name may be as long as it likes. */
const LONGEST = 300;
/** Things beside another that are told. */
const MOST_NEIGHBOURS = 40;

type Lab = Pick<HttpParts['lab'], 'all' | 'get'>;
type Rows = HttpParts['kinds'];
type Told = Readonly<Record<string, unknown>>;

/** Where a thing is found as a resource of the protocol. */
export const uriOf = (id: string): string =>
  `labkeeper://resource/${id.split('/').map(encodeURIComponent).join('/')}`;

/** @returns undefined: it is no address of a thing */
export function idOfUri(uri: string): string | undefined {
  const [, path] = /^labkeeper:\/\/resource\/(.+)$/.exec(uri) ?? [];
  try {
    return path?.split('/').map(decodeURIComponent).join('/');
  } catch {
    return undefined;
  }
}

/**
 * What the lab wrote, as data: without control characters and those that turn or hide what is written, so that nothing in it looks
 * like the end of what we said.
 */
export function asData(text: string, longest = LONGEST): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  const characters = [...plain];
  return characters.length <= longest ? plain : `${characters.slice(0, longest).join('')}…`;
}

/** A line on a thing: what it is, where, and what matters most of it. */
export function briefly(resource: LabResource, lab: Lab, kinds: Rows): Told {
  const { id, kind, name, available, parent } = resource;
  const above = parent === undefined ? undefined : lab.get(parent);
  return {
    ...{ id, kind, name: asData(name) },
    ...(above !== undefined && { in: asData(above.name) }),
    ...(available ? essentials(resource, kinds) : { unavailable: true }),
  };
}

/** Everything on a thing, and on what is around it. */
export function inFull(
  resource: LabResource,
  lab: Lab,
  kinds: Rows,
  findings: readonly OwnedFinding[],
): Told {
  const { id, kind, name, available, facts, readings } = resource;
  const all = [...lab.all()];
  const brief = (one: LabResource): Told => briefly(one, lab, kinds);
  const linked = (resource.links ?? []).flatMap((link) => {
    const other = typeof link.to === 'string' ? lab.get(link.to) : undefined;
    return other === undefined ? [] : [{ link: link.type, ...(link.at && { at: link.at }), ...brief(other) }];
  });
  const linking = all.flatMap((other) =>
    (other.links ?? [])
      .filter(({ to }) => to === id)
      .map(({ type, at }) => ({ link: type, ...(at && { at }), ...brief(other) })),
  );
  return {
    ...{ id, uri: uriOf(id), kind: kinds[kind].title.en, name: asData(name), available },
    readings: plainReadings(readings as Told, unitsOf(resource, kinds)),
    ...(facts !== undefined && { facts: plainReadings(facts as Told, new Map()) }),
    inside: above(resource, lab).map(brief),
    ...some('contains', all.filter(({ parent }) => parent === id).map(brief)),
    ...some('linked_to', linked),
    ...some('linked_from', linking),
    ...some('findings', findings.filter(({ about }) => about === id).map(findingOf)),
  };
}

/** What a person should look at, as data. */
export const findingOf = ({ severity, about, title, message, remedy, commands }: OwnedFinding): Told => ({
  ...{ severity, about, title: asData(title), message: asData(message, 1_000) },
  ...(remedy !== undefined && { remedy: asData(remedy, 1_000) }),
  ...(commands !== undefined && { commands: commands.map((line) => asData(line, 1_000)) }),
});

function some(key: string, list: readonly Told[]): Told {
  if (list.length === 0) return {};
  if (list.length <= MOST_NEIGHBOURS) return { [key]: list };
  return { [key]: list.slice(0, MOST_NEIGHBOURS), [`${key}_more`]: list.length - MOST_NEIGHBOURS };
}

function above(resource: LabResource, lab: Lab): readonly LabResource[] {
  const chain: LabResource[] = [];
  for (let at = resource.parent; at !== undefined; ) {
    const next = lab.get(at);
    if (next === undefined || chain.includes(next)) break;
    chain.push(next);
    at = next.parent;
  }
  return chain;
}

function essentials(resource: LabResource, kinds: Rows): Told {
  const readings = resource.readings as Told;
  const keys = new Set(
    kinds[resource.kind].rows.flatMap((row) =>
      row.level === 'essential' && 'reading' in row && row.platform !== 'image'
        ? [row.reading as string]
        : [],
    ),
  );
  const shown = Object.fromEntries(Object.entries(readings).filter(([key]) => keys.has(key)));
  return plainReadings(shown, unitsOf(resource, kinds));
}

/** The unit of each reading that has one, by the rows that show it. */
function unitsOf({ kind }: LabResource, kinds: Rows): ReadonlyMap<string, string> {
  return new Map(
    kinds[kind].rows.flatMap((row) =>
      'unit' in row && row.unit !== undefined && 'reading' in row ? [[row.reading as string, row.unit]] : [],
    ),
  );
}

/** Readings with their units beside the keys; what is unknown is left out, since there is most of it where nothing is known. */
function plainReadings(readings: Told, units: ReadonlyMap<string, string>): Told {
  return Object.fromEntries(
    Object.entries(readings).flatMap(([key, value]) => {
      if (value === null || value === undefined) return [];
      const unit = units.get(key);
      return [[unit === undefined ? key : `${key} (${unit})`, plain(value)]];
    }),
  );
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return asData(value);
  if (!Array.isArray(value)) return value;
  const items = value
    .slice(0, MOST_ITEMS)
    .map((item) =>
      typeof item === 'object' && item !== null ? plainReadings(item as Item, new Map()) : plain(item),
    );
  return value.length > MOST_ITEMS ? [...items, `… and ${value.length - MOST_ITEMS} more`] : items;
}
