import type { Entry } from './ledger.ts';

/** What is known of the owners of resources, in this run. */
export interface Owners {
  /** Owners that the options name, and those of our own. */
  readonly configured: ReadonlySet<string>;
  /** Owners that resources may have now: a known system whose id was changed keeps its old owner. */
  present(): Iterable<string>;
  heard(owner: string): boolean;
}

/**
 * Whether what is missing of `owner` does not exist any more: it was heard, or nobody configures it. While a configured
 * system of the same source has not been heard, it may turn out to be the very one, under another id.
 */
export function isSettled(owner: string, { configured, present, heard }: Owners): boolean {
  if (heard(owner)) return true;
  if (configured.has(owner)) return false;
  const ofSource = (other: string): boolean => other.startsWith(`${owner.split('/', 1)[0]}/`);
  const heardOfSource = new Set([...present()].filter((other) => ofSource(other) && heard(other)));
  return heardOfSource.size >= [...configured].filter(ofSource).length;
}

/**
 * Which of the entries to be taken away can go now, the deepest first: nothing that stays may hang on them, or Home
 * Assistant would make a nameless device in their place when it starts next.
 */
export function removable(going: readonly Entry[], all: readonly Entry[]): readonly Entry[] {
  const goingTopics = new Set(going.map(({ discovery }) => discovery));
  const held = new Set<string>();
  for (const { discovery, parent } of all)
    if (parent !== null && !goingTopics.has(discovery)) held.add(parent);
  const byId = new Map(going.map((entry) => [entry.objectId, entry]));
  const depthOf = (entry: Entry): number => {
    const seen = new Set<Entry>();
    let next: Entry | undefined = entry;
    while (next !== undefined && !seen.has(next)) {
      seen.add(next);
      next = next.parent === null ? undefined : byId.get(next.parent);
    }
    return seen.size;
  };
  return going
    .filter(({ objectId }) => !held.has(objectId))
    .map((entry) => ({ entry, depth: depthOf(entry) }))
    .sort((a, b) => b.depth - a.depth)
    .map(({ entry }) => entry);
}
