import { lookup } from 'node:dns/promises';

/** IP addresses of a host, as this machine looks them up; none where it knows none. */
export async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    const found = await lookup(host.replace(/^\[|\]$/g, ''), { all: true });
    return [...new Set(found.map(({ address }) => address))].sort();
  } catch {
    return [];
  }
}
