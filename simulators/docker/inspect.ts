import type { Health, SimContainer } from './container.ts';
import { hostConfigOf } from './host-config.ts';
import { EVERYWHERE, endpointOf, networkNameOf, networksOf, portsOf } from './network.ts';
import type { ContainerSpec } from './spec.ts';
import { isoOf } from './time.ts';

const FOLDER = '/var/lib/docker';
const NO_COMMAND = ['/entrypoint.sh'];

/** `GET /containers/{id}/json` */
export function inspectOf(container: SimContainer): object {
  const { id, spec, restartCount, createdAt } = container;
  const [path = '', ...args] = spec.command ?? NO_COMMAND;
  const folder = `${FOLDER}/containers/${id}`;
  return {
    Id: id,
    Created: isoOf(createdAt),
    Path: path,
    Args: args,
    State: stateOf(container),
    Image: container.imageId,
    ResolvConfPath: `${folder}/resolv.conf`,
    HostnamePath: `${folder}/hostname`,
    HostsPath: `${folder}/hosts`,
    LogPath: `${folder}/${id}-json.log`,
    Name: `/${spec.name}`,
    RestartCount: restartCount,
    Driver: 'overlay2',
    Platform: 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: 'docker-default',
    ExecIDs: null,
    HostConfig: hostConfigOf(spec),
    GraphDriver: { Name: 'overlay2', Data: layersOf(id) },
    Mounts: mountsOf(spec),
    Config: configOf(container),
    NetworkSettings: networkSettingsOf(container),
  };
}

/** Volumes and folders of the host, as the engine lists them. */
function mountsOf({ mounts = [] }: ContainerSpec): readonly object[] {
  return mounts.map(({ from, to, readOnly = false }) => {
    const where = { Destination: to, Mode: readOnly ? 'ro' : 'rw', RW: !readOnly };
    if (from.startsWith('/')) return { Type: 'bind', Source: from, ...where, Propagation: 'rprivate' };
    const Source = `${FOLDER}/volumes/${from}/_data`;
    return { Type: 'volume', Name: from, Source, ...where, Driver: 'local', Propagation: '' };
  });
}

function stateOf(container: SimContainer): object {
  const { status, alive, pid, exitCode, oomKilled, startedAt, finishedAt, health } = container;
  return {
    Status: status,
    Running: alive,
    Paused: status === 'paused',
    Restarting: status === 'restarting',
    OOMKilled: oomKilled,
    Dead: false,
    Pid: pid,
    ExitCode: exitCode,
    Error: '',
    StartedAt: isoOf(startedAt),
    FinishedAt: isoOf(finishedAt),
    ...(health !== undefined && { Health: healthOf(health) }),
  };
}

function healthOf({ status, failingStreak, log }: Health): object {
  return {
    Status: status,
    FailingStreak: failingStreak,
    Log: log.map(({ start, end, exitCode }) => ({
      Start: isoOf(start),
      End: isoOf(end),
      ExitCode: exitCode,
      Output: exitCode === 0 ? '' : 'connection refused',
    })),
  };
}

function configOf({ id, spec }: SimContainer): object {
  const exposed = Object.keys(spec.ports ?? {}).map((name) => [name, {}]);
  return {
    Hostname: id.slice(0, 12),
    Domainname: '',
    User: '',
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    ...(exposed.length > 0 && { ExposedPorts: Object.fromEntries(exposed) }),
    Tty: spec.tty ?? false,
    OpenStdin: false,
    StdinOnce: false,
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    Cmd: spec.command ?? null,
    ...(spec.health !== undefined && { Healthcheck: healthCheckOf(spec.health) }),
    Image: spec.image,
    Volumes: null,
    WorkingDir: '',
    Entrypoint: spec.command === undefined ? NO_COMMAND : null,
    OnBuild: null,
    Labels: spec.labels ?? {},
    ...(spec.stopTimeout !== undefined && { StopTimeout: spec.stopTimeout }),
  };
}

function healthCheckOf({ test, intervalMs }: NonNullable<ContainerSpec['health']>): object {
  return { Test: ['CMD-SHELL', test], ...(intervalMs !== undefined && { Interval: intervalMs * 1e6 }) };
}

function networkSettingsOf(container: SimContainer): object {
  const ports = portsOf(container).map(({ exposed, hostPort }) => [
    exposed,
    hostPort === null ? null : EVERYWHERE.map((HostIp) => ({ HostIp, HostPort: String(hostPort) })),
  ]);
  const sandbox = [...container.id].reverse().join('');
  return {
    Bridge: '',
    SandboxID: sandbox,
    HairpinMode: false,
    LinkLocalIPv6Address: '',
    LinkLocalIPv6PrefixLen: 0,
    // A container without a process publishes nothing.
    Ports: container.hasProcess ? Object.fromEntries(ports) : {},
    SandboxKey: `/var/run/docker/netns/${sandbox.slice(0, 12)}`,
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    // Outside the engine's own bridge these stay empty.
    ...endpointOf(container, networkNameOf(container.spec.networkMode) === 'bridge'),
    Networks: networksOf(container),
  };
}

function layersOf(id: string): object {
  const layer = `${FOLDER}/overlay2/${id}`;
  return {
    LowerDir: `${layer}-init/diff`,
    MergedDir: `${layer}/merged`,
    UpperDir: `${layer}/diff`,
    WorkDir: `${layer}/work`,
  };
}
