import type { GuestRow } from './wire.ts';

const MIB = 1024 ** 2;
/** Less than this, and a rate says more about the moment than about the guest. */
const LEAST_SECONDS = 30;

const COUNTERS = ['netin', 'netout', 'diskread', 'diskwrite'] as const;

/** MiB/s, each; null while unknown. */
export type Rates = Readonly<Record<(typeof COUNTERS)[number], number | null>>;

export const NO_RATES: Rates = { netin: null, netout: null, diskread: null, diskwrite: null };

/** Where a guest's counters stood, and the rates up to there. */
export interface Counted {
  readonly row: GuestRow;
  readonly rates: Rates;
}

/**
 * Rates from the counters of two broadcasts at least 30 seconds apart. The guest's own uptime is the clock: it comes
 * with the counters, so the age of the broadcast does not matter, and a broadcast seen twice is no time at all.
 */
export function counted(before: Counted | undefined, row: GuestRow): Counted {
  const from = before?.row.uptime ?? 0;
  const to = row.uptime ?? 0;
  // Started anew, stopped, or seen for the first time.
  if (before === undefined || to < from || from === 0) return { row, rates: NO_RATES };
  if (to - from < LEAST_SECONDS) return before;
  const rates = Object.fromEntries(
    COUNTERS.map((counter) => {
      const [was, is] = [before.row[counter], row[counter]];
      const moved = was === undefined || is === undefined || is < was ? null : is - was;
      return [counter, moved === null ? null : moved / (to - from) / MIB];
    }),
  ) as Rates;
  return { row, rates };
}
