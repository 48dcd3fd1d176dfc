import type { Clock } from '../core/clock.ts';

const SELF_MS = 60_000;

/** Has Labkeeper's own device told anew, once a minute and when asked to, until it is closed. */
export function keepSelf(clock: Clock, tell: () => void): { refresh(): void; close(): void } {
  let cancel = (): void => {};
  let closed = false;
  const refresh = (): void => {
    cancel();
    // Systems that are let go of at the end ask for it as well.
    if (closed) return;
    tell();
    cancel = clock.after(SELF_MS, refresh);
  };
  return {
    refresh,
    close: () => {
      closed = true;
      cancel();
    },
  };
}
