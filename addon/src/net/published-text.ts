import type { Clock } from '../core/clock.ts';
import { Meter } from '../core/meter.ts';
import { HttpClient } from './http-client.ts';
import { inCircles, MOST_HOPS, nextHop } from './redirect.ts';

const DEADLINE_MS = 30_000;

/**
 * A text that somebody publishes, wherever its address leads to.
 *
 * @param name for errors: `<source>/<instance>`
 * @throws LabError `unreachable`, `certificate_refused`, `deadline_passed`; `source_failed`: there is no such text
 */
export async function publishedText(
  address: string,
  { name, clock }: { readonly name: string; readonly clock: Clock },
  signal: AbortSignal,
): Promise<string> {
  let url = new URL(address);
  for (let hop = 0; hop <= MOST_HOPS; hop += 1) {
    const client = new HttpClient({ url: url.origin, name, trust: {}, clock, meter: new Meter(clock) });
    try {
      const answer = await client.read({
        path: `${url.pathname}${url.search}`,
        deadlineMs: DEADLINE_MS,
        signal,
      });
      if (answer.status === 200) return answer.body;
      url = nextHop(name, url, answer);
    } finally {
      await client.close();
    }
  }
  throw inCircles(name, address);
}
