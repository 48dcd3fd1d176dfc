import type { Link, Resource } from './resource.ts';

/** What is worked out about a thing from the lab as a whole, and its owner cannot know. */
export interface Addition {
  /** Those that the owner tells itself count for more. */
  readonly readings?: Readonly<Record<string, unknown>>;
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
    readings: { ...addition.readings, ...bare.readings },
    ...(parent !== undefined && { parent }),
    ...(links.length > 0 && { links }),
  } as R;
}
