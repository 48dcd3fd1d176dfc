import { LabError } from '../core/errors.ts';
import { isLoopback } from '../core/loopback.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const one = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

/**
 * That a browser which reached us without a token meant us: with a name of its own that leads to this machine, any
 * web page could read the answers (DNS rebinding).
 *
 * @throws LabError `origin_refused`
 */
export function checkHost(headers: Headers): void {
  const host = nameOf(`http://${one(headers.host) ?? ''}`);
  if (host !== undefined && isLoopback(host)) return;
  throw new LabError('origin_refused', 'without a token only this machine is answered, under its own name', {
    hint: 'open http://localhost or http://127.0.0.1, or use a token',
  });
}

/**
 * That no other web page sent this: browsers say where a request comes from.
 *
 * @param proxied the Supervisor's proxy sent it: what it says of the host counts
 * @throws LabError `origin_refused`
 */
export function checkOrigin(headers: Headers, proxied: boolean): void {
  const site = one(headers['sec-fetch-site']);
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreign(site);
  const origin = one(headers.origin);
  // The browser itself says that it is the same, which only the name in `host` can make untrue.
  if (origin === undefined || (proxied && site === 'same-origin')) return;
  const host = (proxied ? one(headers['x-forwarded-host']) : undefined) ?? one(headers.host);
  if (hostOf(origin) !== undefined && hostOf(origin) === hostOf(`http://${host}`)) return;
  throw foreign(origin);
}

const foreign = (from: string): LabError =>
  new LabError('origin_refused', `another web page sent this (${from.slice(0, 100)})`, {
    hint: 'send it from Labkeeper’s own page, or from a program',
  });

/** With the port; without it where it is the one of http or https. */
const hostOf = (url: string): string | undefined =>
  URL.canParse(url) ? new URL(url).host.replace(/:(80|443)$/, '') || undefined : undefined;

function nameOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') || undefined;
}
