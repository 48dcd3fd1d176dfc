import type { Clock } from '../core/clock.ts';
import { LabError } from '../core/errors.ts';
import { Meter } from '../core/meter.ts';
import { HttpClient } from './http-client.ts';

const MOST_HOPS = 5;
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
      const { location } = answer.headers;
      const isRedirect = answer.status >= 300 && answer.status < 400 && typeof location === 'string';
      if (!isRedirect)
        throw new LabError('source_failed', `${name}: GET ${url.href} failed (${answer.status})`);
      const next = new URL(location, url);
      // What came over TLS is not taken from anybody on the way.
      if (!/^https?:$/.test(next.protocol) || (url.protocol === 'https:' && next.protocol !== 'https:'))
        throw new LabError('source_failed', `${name}: ${url.href} leads to ${next.protocol}//${next.host}`);
      url = next;
    } finally {
      await client.close();
    }
  }
  throw new LabError('source_failed', `${name}: ${address} leads from one address to the next`);
}
