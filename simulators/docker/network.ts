import type { SimContainer } from './container.ts';

/** `NetworkSettings.Networks` of a container: no address unless it has a process. */
export function networksOf(container: SimContainer): Readonly<Record<string, object>> {
  const { networkMode } = container.spec;
  if (networkMode?.startsWith('container:')) return {};
  const name = networkNameOf(networkMode);
  return {
    [name]: {
      IPAMConfig: null,
      Links: null,
      Aliases: null,
      NetworkID: networkId(name),
      ...endpointOf(container),
      DriverOpts: null,
    },
  };
}

/** What stands in each network, and for the engine's own bridge beside them once more. */
export function endpointOf({ id, hasProcess, number, spec }: SimContainer, has = true): object {
  const addressed = has && hasProcess && hasOwnNetwork(spec.networkMode);
  const hex = (number + 1).toString(16).padStart(2, '0');
  return {
    EndpointID: addressed ? [...id].reverse().join('') : '',
    Gateway: addressed ? '172.17.0.1' : '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    IPAddress: addressed ? `172.17.0.${number + 1}` : '',
    IPPrefixLen: addressed ? 16 : 0,
    IPv6Gateway: '',
    MacAddress: addressed ? `02:42:ac:11:00:${hex}` : '',
  };
}

export const hasOwnNetwork = (mode = 'default'): boolean => !/^(host|none|container:.*)$/.test(mode);

export const networkNameOf = (mode = 'default'): string => (mode === 'default' ? 'bridge' : mode);

/** The same for the same name, so that nothing has to be kept. */
export function networkId(name: string): string {
  return Buffer.from(name.padEnd(32, '.')).toString('hex').slice(0, 64);
}

interface Published {
  readonly exposed: string;
  readonly port: number;
  readonly protocol: string;
  readonly hostPort: number | null;
}

export function portsOf({ spec }: SimContainer): readonly Published[] {
  return Object.entries(spec.ports ?? {}).map(([exposed, hostPort]) => {
    const [port, protocol = 'tcp'] = exposed.split('/');
    return { exposed, port: Number(port), protocol, hostPort };
  });
}

/** On every address of the host, of both kinds. */
export const EVERYWHERE = ['0.0.0.0', '::'];
