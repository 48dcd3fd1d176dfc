import type { LabResource } from '../kinds/index.ts';

/** Home Assistant shows names on one line; the lab may contain anything. */
const clean = (name: string): string => {
  const line = name.replace(/\p{Cc}+/gu, ' ').trim();
  // By characters, not by halves of them.
  return [...line].slice(0, 100).join('') || 'unnamed';
};

/**
 * The device name of every resource: its name in the lab; where two bear the same one, with the name of what contains
 * them in brackets.
 */
export function deviceNames(resources: Iterable<LabResource>): ReadonlyMap<string, string> {
  const all = new Map([...resources].map((resource) => [resource.id, resource]));
  const bearers = Map.groupBy(all.values(), ({ name }) => clean(name));
  const names = new Map<string, string>();
  for (const [name, same] of bearers) {
    for (const { id, parent } of same) {
      const container = parent === undefined ? undefined : all.get(parent);
      names.set(
        id,
        same.length === 1 || container === undefined ? name : `${name} (${clean(container.name)})`,
      );
    }
  }
  return names;
}
