import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Whether only this machine can reach what listens at `host`: an address, or a name.
 * Of names only `localhost` is taken at its word; what another one resolves to may change.
 */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  // 127.0.0.1 written as ::ffff:127.0.0.1 is found by the list, too.
  if (version !== 0) return LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6');
  return host.toLowerCase() === 'localhost';
}
