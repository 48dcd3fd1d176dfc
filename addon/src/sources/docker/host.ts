import type { LabResourceOf } from '../../kinds/index.ts';
import { type Alias, alias } from '../../model/resource.ts';
import type { DiskReadings } from './disk.ts';
import type { Machine } from './machine.ts';
import { type ContainerResource, hostId, isRunning, isUnhealthy, type Place } from './map.ts';
import type { EngineInfo, EngineVersion } from './wire.ts';

const GIB = 1024 ** 3;

export type HostResource = LabResourceOf<'host'>;

/** What is known of an engine itself. */
export interface About {
  /** undefined: it has not answered yet. */
  readonly info?: EngineInfo | undefined;
  readonly version?: EngineVersion | undefined;
  /** Where people manage its stacks, by name. */
  readonly stackPages?: ReadonlyMap<string, string>;
  /** Where it runs; undefined: not looked up yet. */
  readonly machine?: Machine | undefined;
  /** undefined: it may not be asked. */
  readonly disk?: DiskReadings | undefined;
}

export function hostOf(
  { info, version, machine, disk }: About,
  containers: readonly ContainerResource[],
  place: Place,
): HostResource {
  const running = containers.filter(isRunning).length;
  const used = (reading: 'cpu' | 'memory'): number | null => {
    const known = containers
      .map(({ readings }) => readings[reading])
      .filter((value) => typeof value === 'number');
    return known.length === 0 && running > 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  const cpu = used('cpu');
  const mayAsk = !place.refused?.has('info');
  const isHeard = info !== undefined || !mayAsk;
  const hasNumbers = !place.refused?.has('stats');
  return {
    id: hostId(place),
    kind: 'host',
    name: place.title,
    available: true,
    ...(place.guest !== undefined && { parent: place.guest }),
    parentKnownBy: knownBy(info, machine),
    readings: {
      ...(mayAsk && { version: info?.ServerVersion ?? null }),
      running: isHeard ? running : null,
      stopped: isHeard ? containers.length - running : null,
      unhealthy: isHeard ? containers.filter(isUnhealthy).length : null,
      ...(mayAsk && hasNumbers && { cpu: info && cpu !== null ? cpu / info.NCPU : null }),
      ...(hasNumbers && { memory: isHeard ? used('memory') : null }),
      ...(mayAsk && { memory_total: info ? info.MemTotal / GIB : null }),
      ...disk,
    },
    facts: {
      manufacturer: 'Docker',
      model: 'Docker Engine',
      ...(info && {
        version: info.ServerVersion,
        hostname: info.Name,
        system: info.OperatingSystem,
        kernel: info.KernelVersion,
        architecture: info.Architecture,
        cores: info.NCPU,
        api_version: version?.ApiVersion,
        storage_driver: info.Driver,
        cgroup_version: info.CgroupVersion,
        swarm: swarmOf(info),
      }),
    },
  };
}

/** undefined: it is in none. */
function swarmOf({ Swarm: { LocalNodeState = 'inactive', ControlAvailable = false } = {} }: EngineInfo) {
  if (LocalNodeState === 'inactive') return undefined;
  return LocalNodeState === 'active' ? (ControlAvailable ? 'manager' : 'worker') : LocalNodeState;
}

/** What its machine may be known by: its own name, the addresses under which we reach it, its own network cards. */
function knownBy(
  info: EngineInfo | undefined,
  { ips, macs }: Machine = { ips: [], macs: [] },
): readonly Alias[] {
  return [
    ...(info === undefined ? [] : [alias('hostname', info.Name)]),
    ...ips.map((ip) => alias('ip', ip)),
    ...macs.map((mac) => alias('mac', mac)),
  ];
}
