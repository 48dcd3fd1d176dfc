/** The fields that we read of the Docker Engine API, 1.41 and later. Whatever else is in there is let be. */

export interface ContainerInspect {
  readonly Id: string;
  readonly Name: string;
  readonly Created: string;
  readonly RestartCount?: number;
  /** Id of its image: `sha256:` and 64 digits. */
  readonly Image?: string;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly StartedAt: string;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: {
    readonly Image: string;
    readonly Labels: Readonly<Record<string, string>> | null;
    readonly Env?: readonly string[] | null;
    /** It writes to a terminal. */
    readonly Tty?: boolean;
    /** Seconds that it may take to end, where it asks for other than the engine's ten. */
    readonly StopTimeout?: number;
  };
  readonly HostConfig: {
    readonly AutoRemove?: boolean;
    readonly NetworkMode?: string;
    /** `host`: it sees the processes of its machine. */
    readonly PidMode?: string;
    /** `nvidia` gives cards to a container that names them in its environment. */
    readonly Runtime?: string;
    readonly DeviceRequests?: readonly DeviceRequest[] | null;
    readonly Devices?: readonly { readonly PathOnHost?: string }[] | null;
    readonly RestartPolicy?: { readonly Name: string };
    /** Bytes; 0: no limit. */
    readonly Memory?: number;
    /** Cores, in billionths; 0: no limit. */
    readonly NanoCpus?: number;
    /** Microseconds of CPU time in each period; 0 and less: no limit. */
    readonly CpuQuota?: number;
    /** Microseconds; 0: the engine's 100,000. */
    readonly CpuPeriod?: number;
  };
  readonly Mounts?: readonly Mount[];
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<Record<string, { readonly IPAddress?: string } | null>> | null;
    readonly Ports?: Readonly<Record<string, readonly PortBinding[] | null>> | null;
  };
}

/** What `--gpus` asks for. */
export interface DeviceRequest {
  readonly Driver?: string;
  /** -1: all. */
  readonly Count?: number;
  readonly DeviceIDs?: readonly string[] | null;
  readonly Capabilities?: readonly (readonly string[])[] | null;
}

export interface Mount {
  readonly Type: string;
  /** Of a volume. */
  readonly Name?: string;
  readonly Source?: string;
  readonly Destination: string;
  readonly RW?: boolean;
}

export interface PortBinding {
  readonly HostIp: string;
  readonly HostPort: string;
}

/** `GET /images/{name}/json` */
export interface ImageInspect {
  /** `sha256:` and 64 digits. */
  readonly Id: string;
  /** `<name>@<digest>`: under which names it was pulled; empty for one that was built here. */
  readonly RepoDigests?: readonly string[] | null;
  readonly Os?: string;
  readonly Architecture?: string;
  readonly Variant?: string;
  readonly Config?: { readonly Labels?: Readonly<Record<string, string>> | null } | null;
}

/** `GET /info` */
export interface EngineInfo {
  /** Given once by the engine, kept in its data folder. */
  readonly ID: string;
  readonly Name: string;
  readonly ServerVersion: string;
  readonly OperatingSystem: string;
  readonly KernelVersion?: string;
  readonly Architecture?: string;
  readonly NCPU: number;
  /** Bytes. */
  readonly MemTotal: number;
  /** Storage driver: `overlay2`, `zfs`. */
  readonly Driver?: string;
  /** `1` or `2`. */
  readonly CgroupVersion?: string;
  readonly Swarm?: { readonly LocalNodeState?: string; readonly ControlAvailable?: boolean };
}

/** `GET /version` */
export interface EngineVersion {
  readonly ApiVersion?: string;
}

/** `GET /system/df`; sizes are bytes, -1 where the engine does not know. API 1.52 sums them up itself. */
export interface DiskUsage {
  readonly LayersSize?: number;
  readonly Images?: readonly ImageUsage[] | null;
  readonly Containers?: readonly { readonly SizeRw?: number; readonly State?: string }[] | null;
  readonly Volumes?:
    | readonly {
        readonly Name?: string;
        readonly UsageData?: { readonly Size: number; readonly RefCount: number } | null;
      }[]
    | null;
  readonly BuildCache?:
    | readonly { readonly Size: number; readonly InUse?: boolean; readonly Shared?: boolean }[]
    | null;
  readonly ImageUsage?: DiskSum;
  readonly ContainerUsage?: DiskSum;
  readonly VolumeUsage?: DiskSum;
  readonly BuildCacheUsage?: DiskSum;
}

export interface ImageUsage {
  readonly Size: number;
  /** What other images use, too. */
  readonly SharedSize: number;
  /** How many use it. */
  readonly Containers: number;
}

export interface DiskSum {
  readonly TotalSize?: number;
  readonly Reclaimable?: number;
  /** Where they were asked for. */
  readonly Items?: readonly object[] | null;
}

/** One line of `GET /events` about a container. */
export interface EngineEvent {
  readonly Type: string;
  /** `start`, `die`, `health_status: healthy`, `exec_start: sh -c …` */
  readonly Action: string;
  readonly Actor: {
    readonly ID: string;
    /** `exitCode` with `die`, `signal` (a number) with `kill`. */
    readonly Attributes?: Readonly<Record<string, string>>;
  };
  /** Nanoseconds since 1970: more than a JavaScript number holds exactly, so read from the text. */
  readonly timeNano: number;
}

/** `GET /containers/{id}/stats` */
export interface ContainerStats {
  /** ISO 8601; year 1 when the container does not run. */
  readonly read: string;
  readonly cpu_stats: { readonly cpu_usage: { readonly total_usage: number } };
  readonly memory_stats: { readonly usage?: number; readonly stats?: Readonly<Record<string, number>> };
  readonly networks?: Readonly<Record<string, { readonly rx_bytes: number; readonly tx_bytes: number }>>;
  readonly blkio_stats?: {
    readonly io_service_bytes_recursive?: readonly { readonly op: string; readonly value: number }[] | null;
  };
}
