import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds after which a request counts as one that hangs, which a test may want. Even a slow machine answers sooner. */
const HANGS = 300;

/** Requests of undici under way, and since when. */
const underWay = new Map<object, number>();

const over = (message: unknown): void => {
  underWay.delete((message as { request: object }).request);
};
subscribe('undici:request:create', (message) => {
  underWay.set((message as { request: object }).request, performance.now());
});
subscribe('undici:request:trailers', over);
subscribe('undici:request:error', over);

/**
 * Every request that gets an answer has got it. Simulated time that passed while real requests are on the wire would let
 * them miss their deadlines, the sooner the busier the machine.
 */
export async function wireQuiet(): Promise<void> {
  for (;;) {
    const now = performance.now();
    if (!underWay.values().some((since) => now - since < HANGS)) return;
    await sleep(1);
  }
}
