import type { Status } from './container.ts';
import type { DockerEngine } from './engine.ts';

export const API_VERSION = '1.41';
const KERNEL = '6.1.0-28-amd64';
const BUILT = '2024-09-01T12:00:00.000000000+00:00';
const BUILD = {
  GitCommit: '5d6db84',
  GoVersion: 'go1.19.8',
  Os: 'linux',
  Arch: 'amd64',
  KernelVersion: KERNEL,
};
const COMMIT = { ID: 'N/A', Expected: 'N/A' };

/** `GET /version` */
export function versionOf({ options }: DockerEngine): object {
  const Details = {
    ApiVersion: API_VERSION,
    MinAPIVersion: '1.12',
    BuildTime: BUILT,
    Experimental: 'false',
    ...BUILD,
  };
  return {
    Platform: { Name: '' },
    Components: [{ Name: 'Engine', Version: options.version, Details }],
    Version: options.version,
    ApiVersion: API_VERSION,
    MinAPIVersion: '1.12',
    ...BUILD,
    BuildTime: BUILT,
  };
}

/** `GET /info` */
export function infoOf({ options, containers, events, time }: DockerEngine): object {
  const count = (...wanted: Status[]): number =>
    containers.filter(({ status }) => wanted.includes(status)).length;
  return {
    ID: options.id,
    Containers: containers.length,
    ContainersRunning: count('running', 'restarting'),
    ContainersPaused: count('paused'),
    ContainersStopped: count('created', 'exited'),
    Images: new Set(containers.map(({ spec }) => spec.image)).size,
    Driver: 'overlay2',
    DriverStatus: [
      ['Backing Filesystem', 'extfs'],
      ['Supports d_type', 'true'],
      ['Native Overlay Diff', 'true'],
    ],
    Plugins: {
      Volume: ['local'],
      Network: ['bridge', 'host', 'null'],
      Authorization: null,
      Log: ['json-file'],
    },
    MemoryLimit: true,
    SwapLimit: true,
    CpuCfsPeriod: true,
    CpuCfsQuota: true,
    CPUShares: true,
    CPUSet: true,
    PidsLimit: true,
    IPv4Forwarding: true,
    BridgeNfIptables: true,
    BridgeNfIp6tables: true,
    Debug: false,
    NFd: 60,
    OomKillDisable: false,
    NGoroutines: 80,
    SystemTime: new Date(time.now()).toISOString(),
    LoggingDriver: 'json-file',
    CgroupDriver: 'systemd',
    CgroupVersion: '2',
    NEventsListener: events.listeners,
    KernelVersion: KERNEL,
    OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    OSVersion: '12',
    OSType: 'linux',
    Architecture: 'x86_64',
    IndexServerAddress: 'https://index.docker.io/v1/',
    RegistryConfig: {
      AllowNondistributableArtifactsCIDRs: [],
      AllowNondistributableArtifactsHostnames: [],
      InsecureRegistryCIDRs: ['127.0.0.0/8'],
      IndexConfigs: {},
      Mirrors: [],
    },
    NCPU: options.cpus,
    MemTotal: options.memory,
    GenericResources: null,
    DockerRootDir: '/var/lib/docker',
    HttpProxy: '',
    HttpsProxy: '',
    NoProxy: '',
    Name: options.name,
    Labels: [],
    ExperimentalBuild: false,
    ServerVersion: options.version,
    Runtimes: { runc: { path: 'runc' } },
    DefaultRuntime: 'runc',
    Swarm: {
      NodeID: '',
      NodeAddr: '',
      LocalNodeState: 'inactive',
      ControlAvailable: false,
      Error: '',
      RemoteManagers: null,
    },
    LiveRestoreEnabled: false,
    Isolation: '',
    InitBinary: 'docker-init',
    ContainerdCommit: COMMIT,
    RuncCommit: COMMIT,
    InitCommit: COMMIT,
    SecurityOptions: ['name=apparmor', 'name=seccomp,profile=default', 'name=cgroupns'],
    Warnings: null,
  };
}
