import type { Clock } from '../core/clock.ts';

const SELF_MS = 60_000;

/** Has Labkeeper's own device told anew, once a minute and when asked to. */
export function keepSelf(clock: Clock, tell: () => void): { refresh(): void; close(): void } {
  let cancel = (): void => {};
  const refresh = (): void => {
    cancel();
    tell();
    cancel = clock.after(SELF_MS, refresh);
  };
  return { refresh, close: () => cancel() };
}
