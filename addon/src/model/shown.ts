import type { Alias, Resource } from './resource.ts';

/** What is shown of the lab, as far as finding its parents needs to know. */
export interface Shown {
  /** Id of each resource that is shown, with what is given of it: its own first. */
  readonly things: ReadonlyMap<string, readonly Resource[]>;
  /** Where to find what was given with this id: another's id if it is shown as part of that, else its own. */
  readonly shownAs: (id: string) => string;
  /** What is shown and has this alias. */
  readonly holders: (alias: Alias) => readonly string[];
  /** Parents that a person has stated, by the id of what they contain. */
  readonly overrides: ReadonlyMap<string, string>;
}

/** What contains something, as that says which contains it. */
export interface Claim {
  readonly parent: string;
  /** Empty for one that a person stated. */
  readonly by: readonly Alias[];
}
