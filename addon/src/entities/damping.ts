import type { Damping } from '../kinds/rows.ts';

/** What was last told of a reading, and when, by the clock's `elapsed`. */
export interface Told {
  readonly value: unknown;
  readonly at: number;
}

/** Differences of decimal fractions miss a little. */
const SLACK = 1e-9;

/**
 * What to tell of a reading now: `before` itself while `next` has not changed enough, or too soon. The first value, and
 * a change to or from unknown or 0, is always told. Small changes add up: each is measured from what was told last.
 *
 * @param now by the clock's `elapsed`, milliseconds
 */
export function damp(
  damping: Damping | undefined,
  before: Told | undefined,
  next: unknown,
  now: number,
): Told {
  if (before !== undefined && before.value === next) return before;
  if (before === undefined || damping === undefined || !isAmount(before.value) || !isAmount(next)) {
    return { value: next, at: now };
  }
  const { least = 0, share = 0, seconds = 0 } = damping;
  const enough = Math.max(least, share * Math.abs(before.value));
  const tooSmall = Math.abs(next - before.value) < enough * (1 - SLACK) - SLACK;
  return tooSmall || now - before.at < seconds * 1_000 ? before : { value: next, at: now };
}

const isAmount = (value: unknown): value is number => typeof value === 'number' && value !== 0;
