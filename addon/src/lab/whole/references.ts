import type { Kind, LabResource } from '../../kinds/index.ts';

/** What a power profile may switch. */
export const SWITCHED: readonly Kind[] = ['guest', 'stack', 'container', 'node', 'server'];

export interface Meant {
  readonly found: readonly LabResource[];
  /** Why some are not found, for people. */
  readonly problems: readonly string[];
}

/** What references mean: ids, `tag:<tag>` of guests, or names that one thing alone bears. */
export function meant(references: readonly string[], all: readonly LabResource[]): Meant {
  const found = new Map<string, LabResource>();
  const problems: string[] = [];
  for (const reference of references) {
    const { things, problem } = one(reference, all);
    for (const thing of things) found.set(thing.id, thing);
    if (problem !== undefined) problems.push(problem);
  }
  return { found: [...found.values()], problems };
}

function one(
  reference: string,
  all: readonly LabResource[],
): { things: readonly LabResource[]; problem?: string } {
  const [, tag] = /^tag:(.+)$/.exec(reference) ?? [];
  // Whose tag nobody bears today may be borne tomorrow.
  if (tag !== undefined) return { things: all.filter((thing) => tagsOf(thing).includes(tag)) };
  const byId = all.find(({ id }) => id === reference);
  const switched = all.filter(({ kind }) => SWITCHED.includes(kind));
  const things = byId === undefined ? switched.filter(({ name }) => name === reference) : [byId];
  const [thing, another] = things;
  if (thing === undefined) return { things: [], problem: `the lab has no “${reference}”` };
  if (another !== undefined) {
    return {
      things: [],
      problem: `“${reference}” is borne by ${things.map(({ id }) => id).join(', ')}: give the id`,
    };
  }
  if (SWITCHED.includes(thing.kind)) return { things };
  return { things: [], problem: `“${reference}” is a ${thing.kind}, which cannot be switched` };
}

const tagsOf = ({ kind, facts }: LabResource): readonly string[] => {
  const { tags } = facts;
  return kind === 'guest' && Array.isArray(tags) ? tags.map(String) : [];
};
