import type { Endpoint, WholeInspect } from './anatomy.ts';

export interface NetworkPlace {
  readonly name: string;
  /** As the engine wants it: what was asked for, nothing that it found itself. */
  readonly endpoint: Readonly<Record<string, unknown>>;
}

export interface Networking {
  /** The network that it is made on; undefined: it has none of its own. */
  readonly main: NetworkPlace | undefined;
  /** Older engines take one network only when a container is made: these are joined before it starts. */
  readonly others: readonly NetworkPlace[];
}

/** On which networks a container is, with the fixed addresses, names and hardware addresses that it has there. */
export function networkingOf(inspect: WholeInspect): Networking {
  const mode = inspect.HostConfig.NetworkMode || 'default';
  if (/^(host|none|container:.*)$/.test(mode)) return { main: undefined, others: [] };
  const places = Object.entries(inspect.NetworkSettings?.Networks ?? {}).map(([name, endpoint]) => ({
    name,
    id: endpoint?.NetworkID,
    endpoint: endpointOf(endpoint ?? {}, inspect.Id),
  }));
  const wanted = mode === 'default' ? 'bridge' : mode;
  const main = places.find(({ name, id }) => name === wanted || id === wanted);
  const plain = ({ name, endpoint }: NetworkPlace): NetworkPlace => ({ name, endpoint });
  return { main: main && plain(main), others: places.filter((place) => place !== main).map(plain) };
}

function endpointOf(endpoint: Endpoint, id: string): Readonly<Record<string, unknown>> {
  const { IPAMConfig, Aliases, Links, DriverOpts, GwPriority, IPAddress = '', MacAddress = '' } = endpoint;
  // The engine adds the beginning of the id to them.
  const aliases = (Aliases ?? []).filter((alias) => !id.startsWith(alias));
  return {
    ...(IPAMConfig != null && { IPAMConfig }),
    ...(aliases.length > 0 && { Aliases: aliases }),
    ...(Links != null && Links.length > 0 && { Links }),
    ...(DriverOpts != null && { DriverOpts }),
    ...(GwPriority !== undefined && GwPriority !== 0 && { GwPriority }),
    ...(MacAddress !== '' && MacAddress.toLowerCase() !== derivedMac(IPAddress) && { MacAddress }),
  };
}

/** What engines before 28 make of an address. */
function derivedMac(ip: string): string {
  const bytes = ip.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return ['02', '42', ...bytes].join(':');
}
