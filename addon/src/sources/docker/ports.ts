import type { PortBinding } from './wire.ts';

/** Ports on which no browser finds anything. */
const NOT_WEB = new Set([
  21, 22, 25, 53, 110, 143, 445, 465, 587, 993, 1883, 3306, 5432, 5672, 6379, 8883, 27017,
]);
const TLS = new Set([443, 8443, 9443]);

/** Addresses of the published TCP ports that a browser may open, lowest container port first. */
export function linksOf(
  ports: Readonly<Record<string, readonly PortBinding[] | null>>,
  address: string | undefined,
): readonly string[] {
  if (address === undefined) return [];
  const links = Object.entries(ports).flatMap(([exposed, bindings]) => {
    const [number, protocol] = exposed.split('/');
    const port = Number(number);
    if (protocol !== 'tcp' || NOT_WEB.has(port)) return [];
    // Bound to the loopback address of its host, nobody else reaches it.
    const open = (bindings ?? []).find((binding) => !/^(127\.|::1$)/.test(binding.HostIp));
    return open === undefined
      ? []
      : [{ port, url: `${TLS.has(port) ? 'https' : 'http'}://${address}:${open.HostPort}` }];
  });
  return links.sort((a, b) => a.port - b.port).map(({ url }) => url);
}
