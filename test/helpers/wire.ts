import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds after which a request counts as one that hangs, which a test may want. Even a slow machine answers sooner. */
const HANGS = 300;

/** Requests under way, and since when: of our own client, and of undici. */
const underWay = new Map<object, number>();

const begun = (message: unknown): void => {
  underWay.set((message as { request: object }).request, performance.now());
};
const over = (message: unknown): void => {
  underWay.delete((message as { request: object }).request);
};
subscribe('undici:request:create', begun);
subscribe('undici:request:trailers', over);
subscribe('undici:request:error', over);

subscribe('http.client.request.created', (message) => {
  const { agent } = (message as { request: ClientRequest }).request as { agent?: { maxSockets?: number } };
  // Only our own client's agent has a limit; those of others carry streams without an end.
  if (Number.isFinite(agent?.maxSockets)) begun(message);
});
subscribe('http.client.request.error', over);
// The head of an answer is there.
subscribe('http.client.response.finish', (message) => {
  (message as { response: IncomingMessage }).response.once('close', () => over(message));
});

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
