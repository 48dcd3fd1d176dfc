import { LabError } from '../core/errors.ts';

/** So many times an address may lead to the next one. */
export const MOST_HOPS = 5;

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * Where an answer leads to.
 *
 * @param name for errors: `<source>/<instance>`
 * @throws LabError `source_failed`: it leads nowhere, or where nobody should follow
 */
export function nextHop(name: string, url: URL, { status, headers: { location } }: Answered): URL {
  const isRedirect = status >= 300 && status < 400 && typeof location === 'string';
  if (!isRedirect) throw new LabError('source_failed', `${name}: GET ${url.href} failed (${status})`);
  const next = new URL(location, url);
  // What came over TLS is not taken from anybody on the way.
  if (!/^https?:$/.test(next.protocol) || (url.protocol === 'https:' && next.protocol !== 'https:'))
    throw new LabError('source_failed', `${name}: ${url.href} leads to ${next.protocol}//${next.host}`);
  return next;
}

export const inCircles = (name: string, address: string): LabError =>
  new LabError('source_failed', `${name}: ${address} leads from one address to the next`);
