import type { LabResourceOf } from '../../kinds/index.ts';
import { containerFacts, limitsOf, shortDigest } from './about.ts';
import type { Refused } from './access.ts';
import { identityOf } from './identity.ts';
import type { Usage } from './usage.ts';
import type { ContainerInspect } from './wire.ts';

export type ContainerResource = LabResourceOf<'container'>;

/** Where the resources of one engine hang. */
export interface Place {
  /** `docker/<instance>` */
  readonly owner: string;
  /** The engine's name for people. */
  readonly title: string;
  /** Host under which people reach published ports, if known. */
  readonly address: string | undefined;
  /** Id of the machine that the engine runs on, if the user said so. */
  readonly guest?: string | undefined;
  /** Left out: everything may be read and done. */
  readonly refused?: Refused;
}

export const hostId = ({ owner }: Place): string => `${owner}/host/engine`;

/** @param usage undefined: not measured yet, or not running */
export function containerOf(
  inspect: ContainerInspect,
  usage: Usage | undefined,
  place: Place,
): ContainerResource {
  const { State, Config, RestartCount = null } = inspect;
  const { path, name, stack } = identityOf(inspect);
  const ended = State.Status === 'exited' || State.Status === 'dead';
  const health = healthOf(State);
  return {
    id: `${place.owner}/container/${path}`,
    kind: 'container',
    name,
    parent: stack === undefined ? hostId(place) : `${place.owner}/stack/${stack}`,
    available: true,
    readings: {
      state: State.Status as ContainerResource['readings']['state'],
      on: ['running', 'paused', 'restarting'].includes(State.Status),
      ...(health !== undefined && { health }),
      ...(!place.refused?.has('stats') && numbersOf(inspect, usage)),
      restarts: RestartCount,
      exit_code: ended ? State.ExitCode : null,
      image: Config.Image,
      digest: shortDigest(inspect.Image),
      ...limitsOf(inspect),
      started: startOf(State.StartedAt),
      ...controlsOf(place.refused),
    },
    facts: containerFacts(inspect, place.address),
  };
}

/**
 * undefined: it has no health check. The engine calls a container unhealthy as soon as it is stopped or paused; that
 * says nothing about its health.
 */
function healthOf({ Status, Health }: ContainerInspect['State']): ContainerResource['readings']['health'] {
  if (Health === undefined || Health.Status === 'none') return undefined;
  return Status === 'running' ? (Health.Status as 'healthy') : null;
}

function numbersOf(
  inspect: ContainerInspect,
  usage: Usage | undefined,
): Partial<ContainerResource['readings']> {
  return {
    cpu: usage?.cpu ?? null,
    memory: usage?.memory ?? null,
    ...(hasNetwork(inspect) && {
      network_received: usage?.received ?? null,
      network_sent: usage?.sent ?? null,
    }),
    disk_read: usage?.read ?? null,
    disk_written: usage?.written ?? null,
  };
}

/** A switch needs both of its ways. */
export function powerOf(refused: Refused | undefined): {
  readonly switchable?: true;
  readonly restartable?: true;
} {
  return {
    ...(!refused?.has('start') && !refused?.has('stop') && { switchable: true }),
    ...(!refused?.has('restart') && { restartable: true }),
  };
}

function controlsOf(refused: Refused | undefined): Partial<ContainerResource['readings']> {
  return {
    ...powerOf(refused),
    ...(!refused?.has('pause') && { pausable: true }),
    ...(!refused?.has('kill') && { killable: true }),
  };
}

/** One that shares another's network has no counters of its own. */
function hasNetwork({ HostConfig: { NetworkMode = 'default' } }: ContainerInspect): boolean {
  return NetworkMode !== 'host' && NetworkMode !== 'none' && !NetworkMode.startsWith('container:');
}

/** The engine writes year 1 for "never"; parts of a second would only look like precision. */
function startOf(time: string): string | null {
  const at = Date.parse(time);
  return at > 0 ? `${new Date(at).toISOString().slice(0, 19)}+00:00` : null;
}

export const isRunning = ({ readings }: ContainerResource): boolean => readings.state === 'running';
export const isUnhealthy = ({ readings }: ContainerResource): boolean => readings.health === 'unhealthy';
