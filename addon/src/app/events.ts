import type { SourceEvent } from '../contract/source.ts';
import type { Clock } from '../core/clock.ts';

/** How long an event waits for its device; what is older is no news. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 1_000;
const MOST_WAITING = 1_000;
/** What is never published shall not keep the room from others. */
const MOST_OF_ONE = 20;

interface Waiting {
  readonly resourceId: string;
  readonly key: string;
  readonly event: SourceEvent;
  readonly until: number;
}

/** Tells of an event. @returns false: not now, as its device is not published yet or there is no connection */
export type Emit = (resourceId: string, key: string, event: SourceEvent) => boolean;

/**
 * Has events wait for their devices: what a system did while Labkeeper was off is found at the first look, before
 * the broker has told what it holds.
 */
export function patient(
  emit: Emit,
  clock: Clock,
): { readonly tell: (...given: Parameters<Emit>) => void; close(): void } {
  let waiting: Waiting[] = [];
  let cancel: (() => void) | undefined;
  let isClosed = false;
  const again = (): void => {
    cancel = undefined;
    const blocked = new Set<string>();
    waiting = waiting.filter(({ resourceId, key, event, until }) => {
      if (until <= clock.elapsed()) return false;
      // What happened to one thing is told in its order.
      if (!blocked.has(resourceId) && emit(resourceId, key, event)) return false;
      blocked.add(resourceId);
      return true;
    });
    if (waiting.length > 0) cancel = clock.after(AGAIN_MS, again);
  };
  return {
    tell: (resourceId, key, event) => {
      const before = waiting.filter((other) => other.resourceId === resourceId).length;
      if (before === 0 && emit(resourceId, key, event)) return;
      if (isClosed || before >= MOST_OF_ONE || waiting.length >= MOST_WAITING) return;
      waiting.push({ resourceId, key, event, until: clock.elapsed() + PATIENCE_MS });
      cancel ??= clock.after(AGAIN_MS, again);
    },
    close: () => {
      isClosed = true;
      cancel?.();
    },
  };
}
