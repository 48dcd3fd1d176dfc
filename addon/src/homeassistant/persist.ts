import { type Backoff, waitAfter } from '../core/backoff.ts';
import { type Clock, pause } from '../core/clock.ts';
import { asLabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

const BACKOFF: Backoff = { first: 2_000, most: 60_000 };

export interface PersistParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Tries something until it gives a result, and longer after each failure. What is wrong is logged when it changes.
 *
 * @param attempt undefined: not yet
 * @param missing logged for that
 * @returns undefined: it was ended
 */
export async function persist<T>(
  attempt: () => Promise<T | undefined>,
  missing: string,
  { clock, random, log, signal }: PersistParts,
): Promise<T | undefined> {
  let said = '';
  const say = (line: string): void => {
    if (line !== said) log.warn(`${line}; trying again`);
    said = line;
  };
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      const result = await attempt();
      if (result !== undefined) return result;
      say(missing);
    } catch (thrown) {
      if (signal.aborted) return undefined;
      const { message, hint } = asLabError(thrown);
      say(hint === undefined ? message : `${message}; ${hint}`);
    }
    await pause(clock, waitAfter(failures, BACKOFF, random()), signal);
  }
  return undefined;
}
