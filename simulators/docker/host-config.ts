import type { ContainerSpec } from './spec.ts';

/** What nobody in the lab has set, as the engine fills it in. */
const UNSET = {
  Binds: null,
  ContainerIDFile: '',
  LogConfig: { Type: 'json-file', Config: {} },
  VolumeDriver: '',
  VolumesFrom: null,
  CapAdd: null,
  CapDrop: null,
  CgroupnsMode: 'private',
  Dns: [],
  DnsOptions: [],
  DnsSearch: [],
  ExtraHosts: null,
  GroupAdd: null,
  IpcMode: 'private',
  Cgroup: '',
  Links: null,
  OomScoreAdj: 0,
  PidMode: '',
  Privileged: false,
  PublishAllPorts: false,
  ReadonlyRootfs: false,
  SecurityOpt: null,
  UTSMode: '',
  UsernsMode: '',
  ShmSize: 67_108_864,
  Runtime: 'runc',
  ConsoleSize: [0, 0],
  Isolation: '',
  CpuShares: 0,
  NanoCpus: 0,
  CgroupParent: '',
  BlkioWeight: 0,
  BlkioWeightDevice: [],
  BlkioDeviceReadBps: [],
  BlkioDeviceWriteBps: [],
  BlkioDeviceReadIOps: [],
  BlkioDeviceWriteIOps: [],
  CpuPeriod: 0,
  CpuQuota: 0,
  CpuRealtimePeriod: 0,
  CpuRealtimeRuntime: 0,
  CpusetCpus: '',
  CpusetMems: '',
  Devices: [],
  DeviceCgroupRules: null,
  KernelMemory: 0,
  KernelMemoryTCP: 0,
  MemoryReservation: 0,
  MemorySwappiness: null,
  OomKillDisable: null,
  PidsLimit: null,
  Ulimits: [],
  CpuCount: 0,
  CpuPercent: 0,
  IOMaximumIOps: 0,
  IOMaximumBandwidth: 0,
  MaskedPaths: [
    '/proc/asound',
    '/proc/acpi',
    '/proc/kcore',
    '/proc/keys',
    '/proc/timer_list',
    '/sys/firmware',
  ],
  ReadonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
};

const ALL_GPUS = [{ Driver: '', Count: -1, DeviceIDs: null, Capabilities: [['gpu']], Options: {} }];

/** `HostConfig` of a container. */
export function hostConfigOf({ ports, ...spec }: ContainerSpec): object {
  const {
    networkMode = 'default',
    restart = 'no',
    maximumRetries = 0,
    memoryLimit = 0,
    cpuLimit = 0,
    mounts = [],
  } = spec;
  const published = Object.entries(ports ?? {}).filter(([, port]) => port !== null);
  return {
    ...UNSET,
    NetworkMode: networkMode,
    Binds:
      mounts.length === 0
        ? null
        : mounts.map(({ from, to, readOnly }) => `${from}:${to}${readOnly ? ':ro' : ''}`),
    PortBindings: Object.fromEntries(
      published.map(([name, port]) => [name, [{ HostIp: '', HostPort: String(port) }]]),
    ),
    RestartPolicy: { Name: restart, MaximumRetryCount: maximumRetries },
    AutoRemove: spec.autoRemove ?? false,
    Memory: memoryLimit,
    NanoCpus: cpuLimit * 1e9,
    MemorySwap: memoryLimit * 2,
    DeviceRequests: spec.gpu === true ? ALL_GPUS : null,
  };
}
