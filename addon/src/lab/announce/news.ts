import type { RuleId } from '../../contract/announcements.ts';
import type { LabResource } from '../../kinds/index.ts';
import type { Diff } from '../../model/store.ts';
import type { Fact } from './fact.ts';
import { type FactOptions, factsOf } from './rules.ts';

/** What was so when it was last seen, by rule and thing. */
export type Seen = ReadonlyMap<string, readonly Fact[]>;

export interface News {
  readonly seen: Seen;
  /** What is so now, and was not before. */
  readonly begun: readonly Fact[];
  /** Keys of what is so no more. */
  readonly over: readonly string[];
}

/** What has happened to one thing, and is remembered of it. */
const MOST = 50;

/**
 * What a change of the lab brings. What is so when a thing is seen for the first time is no news, unless the thing itself
 * is new; what cannot be seen for a while is as it was.
 *
 * @param isNew whether a thing, by its id, came into the lab after that was known as a whole
 */
export function newsIn(
  diff: Diff<LabResource>,
  seen: Seen,
  isNew: (id: string) => boolean,
  options: FactOptions = {},
): News {
  const next = new Changed(seen);
  const begun: Fact[] = [];
  const over: string[] = [];
  for (const change of diff) {
    const { after } = change;
    if (after === undefined) {
      for (const rule of factsOf(change.before, options).keys()) {
        const key = keyOf(rule, change.before.id);
        const known = next.map.get(key);
        if (known === undefined) continue;
        over.push(...known.map((fact) => fact.key));
        next.own.delete(key);
      }
      continue;
    }
    for (const [rule, now] of factsOf(after, options)) {
      if (now === undefined) continue;
      const key = keyOf(rule, after.id);
      const before = next.map.get(key);
      const known = before ?? (isNew(after.id) ? [] : now);
      const [fresh, gone] = [without(now, known), without(known, now)];
      begun.push(...fresh);
      over.push(...gone.map((fact) => fact.key));
      const kept = [...now, ...gone.filter(({ once }) => once)].slice(0, MOST);
      if (before === undefined || fresh.length > 0 || kept.length !== before.length) next.own.set(key, kept);
    }
  }
  return { seen: next.map, begun, over };
}

/** A map that is copied when it is changed for the first time: most changes of the lab are none of any rule's business. */
class Changed {
  map: Seen;
  #own: Map<string, readonly Fact[]> | undefined;

  constructor(seen: Seen) {
    this.map = seen;
  }

  get own(): Map<string, readonly Fact[]> {
    this.#own ??= new Map(this.map);
    this.map = this.#own;
    return this.#own;
  }
}

const keyOf = (rule: RuleId, id: string): string => `${rule} ${id}`;

const without = (some: readonly Fact[], others: readonly Fact[]): readonly Fact[] =>
  some.filter(({ key }) => !others.some((other) => other.key === key));
