/** Waits that grow: `first`, doubled after each failure in a row, never above `most` (milliseconds). */
export interface Backoff {
  readonly first: number;
  readonly most: number;
}

/**
 * The wait before the next try. Half of it is chance, so that systems that failed together do not come back together.
 *
 * @param failures failures in a row so far, at least 1
 * @param random from 0 up to 1, as `Math.random()` gives
 */
export function waitAfter(failures: number, { first, most }: Backoff, random: number): number {
  const full = Math.min(most, first * 2 ** (failures - 1));
  return Math.round(full * (0.5 + random / 2));
}
