import type { LabResource } from '../kinds/index.ts';

type Finder = (id: string) => LabResource | undefined;

/** Deeper than any lab; a circle among parents ends here. */
const DEEPEST = 20;

/** What contains a resource, the nearest first. */
export function ancestorsOf({ id, parent }: LabResource, find: Finder): readonly LabResource[] {
  const above: LabResource[] = [];
  const seen = new Set([id]);
  let next = parent === undefined ? undefined : find(parent);
  while (next !== undefined && !seen.has(next.id) && above.length < DEEPEST) {
    above.push(next);
    seen.add(next.id);
    next = next.parent === undefined ? undefined : find(next.parent);
  }
  return above;
}

/** Parents before their children. */
export function parentsFirst(resources: Iterable<LabResource>, find: Finder): readonly LabResource[] {
  const depths = [...resources].map((resource) => ({ resource, depth: ancestorsOf(resource, find).length }));
  return depths.sort((a, b) => a.depth - b.depth).map(({ resource }) => resource);
}
