/** Where new guests get their numbers from, unless the option says otherwise. */
export const DEFAULT_RANGE = '200-999';

/** Both ends belong to it. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** @param text as in `200-999`; undefined: it is no range of numbers that Proxmox VE gives guests */
export function rangeOf(text: string): Range | undefined {
  const [, first, last] = /^(\d{3,9})-(\d{3,9})$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last) };
  return range.first >= 100 && range.first <= range.last ? range : undefined;
}
