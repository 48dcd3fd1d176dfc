import { realClock } from '../clock.ts';

/** Time and chance, handed in so that tests decide how both go. The app's `Clock` fits. */
export interface Time {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once, `ms` milliseconds from now. The returned function cancels. */
  after(ms: number, run: () => void): () => void;
  /** From 0 to below 1. */
  random(): number;
}

export const realTime: Time = { ...realClock, random: Math.random };

export function pause(time: Time, ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => time.after(ms, resolve));
}

/**
 * The engine's clock: nanoseconds since 1970, no two the same. The part below a millisecond is filled in, because
 * who reads such a number into a JavaScript one loses exactly that part, and a test should notice.
 */
export function nanosecondClock({ now, random }: Pick<Time, 'now' | 'random'>): () => bigint {
  let last = 0n;
  return () => {
    const next = BigInt(Math.floor(now())) * 1_000_000n + BigInt(Math.floor(random() * 1e6));
    last = next > last ? next : last + 1n;
    return last;
  };
}

/** As Go writes a time: nanoseconds without trailing zeros; the year 1 for never. */
export function isoOf(at: bigint | undefined): string {
  if (at === undefined) return '0001-01-01T00:00:00Z';
  const seconds = new Date(Number(at / 1_000_000_000n) * 1_000).toISOString().slice(0, 19);
  const fraction = String(at % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** As `docker ps` says it. */
export function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60 + 0.5);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
  return `${Math.floor(hours / 24 / 30)} months`;
}
