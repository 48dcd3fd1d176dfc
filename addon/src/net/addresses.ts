import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Whether it is an IP address, and nothing else. */
export const isAddress = (text: string): boolean => isIP(text) !== 0;

/** IP addresses of a host, as this machine looks them up; none where it knows none. */
export async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    const found = await lookup(host.replace(/^\[|\]$/g, ''), { all: true });
    return [...new Set(found.map(({ address }) => address))].sort();
  } catch {
    return [];
  }
}
