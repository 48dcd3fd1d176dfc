import os from 'node:os';
import { addressesOf } from '../../net/addresses.ts';
import type { DockerOptions } from './config.ts';
import type { EngineInfo } from './wire.ts';

/** By what the machine of an engine may be known, beside its name. */
export interface Machine {
  readonly ips: readonly string[];
  readonly macs: readonly string[];
}

/** What this process sees of the machine that it runs on. */
export interface Here extends Machine {
  readonly hostname: string;
}

/** Given by a maker, or by a hypervisor under a maker's prefix. */
const BURNT_IN = /^[0-9a-f][048c]:(?!00:00:00:00:00)/i;

/** In a container, these are the container's; with the host's network, the host's. */
export function here(): Here {
  const interfaces = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
  // Bridges and virtual pairs bear addresses that software made up, and the same networks on many machines.
  const outside = interfaces.filter(({ internal, mac }) => !internal && BURNT_IN.test(mac));
  return {
    hostname: os.hostname(),
    ips: [...new Set(outside.map(({ address }) => address))].sort(),
    macs: [...new Set(outside.map(({ mac }) => mac))].sort(),
  };
}

/**
 * Where an engine runs. Behind a host name it is looked up; behind a socket it is this machine, if both say the same
 * name: in a container, or through a tunnel, they do not.
 */
export async function machineOf(
  { url, address, portainer_key }: DockerOptions,
  info: EngineInfo | undefined,
  own: Here = here(),
): Promise<Machine> {
  if (url.startsWith('unix:')) {
    const isHere = info !== undefined && info.Name === own.hostname;
    return isHere ? { ips: own.ips, macs: own.macs } : { ips: await stated(address), macs: [] };
  }
  if (portainer_key !== undefined) return { ips: await stated(address), macs: [] };
  return { ips: await addressesOf(address ?? new URL(url.replace(/^tcp:/, 'http:')).hostname), macs: [] };
}

const stated = async (address: string | undefined): Promise<readonly string[]> =>
  address === undefined ? [] : addressesOf(address);

/** Portainer may be anywhere: its own address says nothing of the engine's. */
export function addressOf({ address, url, portainer_key }: DockerOptions): string | undefined {
  if (address !== undefined || url.startsWith('unix:') || portainer_key !== undefined) return address;
  return new URL(url.replace(/^tcp:/, 'http:')).hostname;
}
