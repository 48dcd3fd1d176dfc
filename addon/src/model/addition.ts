import type { Link, Resource } from './resource.ts';

/** What is worked out about a thing from the lab as a whole, and its owner cannot know. */
export interface Addition {
  /** Those that the owner tells itself count for more. */
  readonly readings?: Readonly<Record<string, unknown>>;
  /** Those that count for more than what the owner tells, which knows only a part of it. */
  readonly better?: Readonly<Record<string, unknown>>;
  /** Id of what contains it, where its owner does not say. */
  readonly parent?: string;
  readonly links?: readonly Link[];
}

/** @returns `bare` itself where nothing is added */
export function withAddition<R extends Resource>(bare: R, addition: Addition | undefined): R {
  if (addition === undefined) return bare;
  const parent = bare.parent ?? addition.parent;
  const links = [...(bare.links ?? []), ...(addition.links ?? [])];
  return {
    ...bare,
    readings: { ...addition.readings, ...bare.readings, ...addition.better },
    ...(parent !== undefined && { parent }),
    ...(links.length > 0 && { links }),
  } as R;
}

/** What several parts of the lab worked out, each thing's together. Of one reading the first part's counts. */
export function unitedAdditions(
  parts: Iterable<ReadonlyMap<string, Addition>>,
): ReadonlyMap<string, Addition> {
  const all = new Map<string, Addition>();
  for (const part of parts) {
    for (const [id, one] of part) {
      const known = all.get(id);
      all.set(id, known === undefined ? one : united(known, one));
    }
  }
  return all;
}

function united(first: Addition, second: Addition): Addition {
  const parent = first.parent ?? second.parent;
  return {
    readings: { ...second.readings, ...first.readings },
    better: { ...second.better, ...first.better },
    ...(parent !== undefined && { parent }),
    links: [...(first.links ?? []), ...(second.links ?? [])],
  };
}
