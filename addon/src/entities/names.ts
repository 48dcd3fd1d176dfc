import type { LabResource } from '../kinds/index.ts';

/** Home Assistant shows names on one line; the lab may contain anything. */
export const oneLine = (name: string): string => {
  const line = name.replace(/\p{Cc}+/gu, ' ').trim();
  // By characters, not by halves of them.
  return [...line].slice(0, 100).join('') || 'unnamed';
};

/**
 * The device name of every bearer: its name in the lab. Where two bear the same one, as “pulse” and “Pulse” are to people and
 * in the ids of entities, with the name of what contains
 * them in brackets; where that does not tell them apart, with more and more of their ids.
 *
 * @param containing finds what a bearer's `parent` stands for; by default among the bearers
 */
export function deviceNames(
  bearers: Iterable<LabResource>,
  containing?: (id: string) => LabResource | undefined,
): ReadonlyMap<string, string> {
  const all = new Map([...bearers].map((resource) => [resource.id, resource]));
  const find = containing ?? ((id: string) => all.get(id));
  let names = new Map([...all.values()].map((resource) => [resource.id, oneLine(resource.name)]));
  for (const more of [inside(find), withLastPart(find), withId]) {
    const nameOf = ({ id }: LabResource): string => names.get(id) ?? '';
    const bearersOf = Map.groupBy(all.values(), (resource) => nameOf(resource).toLowerCase());
    names = new Map(
      [...bearersOf.values()].flatMap((same) =>
        same.map((resource): [string, string] => [
          resource.id,
          same.length === 1 ? nameOf(resource) : more(resource),
        ]),
      ),
    );
  }
  return names;
}

type Naming = (resource: LabResource) => string;
type Finder = (id: string) => LabResource | undefined;

const placeOf = (find: Finder, { parent }: LabResource): string | undefined => {
  const container = parent === undefined ? undefined : find(parent);
  return container && oneLine(container.name);
};

const inside =
  (find: Finder): Naming =>
  (resource) => {
    const place = placeOf(find, resource);
    return oneLine(resource.name) + (place === undefined ? '' : ` (${place})`);
  };

const withLastPart =
  (find: Finder): Naming =>
  (resource) => {
    const place = placeOf(find, resource);
    const last = oneLine(resource.id.split('/').at(-1) ?? '');
    return `${oneLine(resource.name)} (${place === undefined ? last : `${place}, ${last}`})`;
  };

const withId: Naming = ({ id, name }) => `${oneLine(name)} (${oneLine(id)})`;
