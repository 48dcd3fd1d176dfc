import type { Alias } from './resource.ts';

/** Why nothing was made of what aliases say. */
export type Misgiving =
  /** They fit several resources. */
  | 'ambiguous'
  /** A single address or host name fits, and those get used again. */
  | 'weak'
  /** Some fit one resource, some another. */
  | 'contradiction'
  /** Each would contain the other. */
  | 'cycle';

/** Something that aliases suggest and that is not sure enough to be shown as true: a person has to look. */
export interface Doubt {
  /** Id of the resource whose parent, link, sameness or content is doubtful. */
  readonly resource: string;
  /** `same`: whether it and the candidates are one thing. `content`: which of the candidates lies on it. */
  readonly about: 'parent' | 'link' | 'same' | 'content';
  readonly reason: Misgiving;
  /** Those that fit something, sorted. */
  readonly aliases: readonly Alias[];
  /** Ids of what they fit, sorted. */
  readonly candidates: readonly string[];
}

/** One order, whatever order the doubts arose in. */
export function inOrder(doubts: readonly Doubt[]): readonly Doubt[] {
  const keyOf = (doubt: Doubt): string => JSON.stringify([doubt.resource, doubt.about, doubt.aliases]);
  return doubts
    .map((doubt) => ({ doubt, key: keyOf(doubt) }))
    .sort((one, other) => (one.key < other.key ? -1 : Number(one.key > other.key)))
    .map(({ doubt }) => doubt);
}
