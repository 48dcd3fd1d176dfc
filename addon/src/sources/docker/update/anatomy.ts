/** What an engine says of a container, as far as making another one of it needs to know. What else is in there is kept. */
export interface WholeInspect {
  readonly Id: string;
  readonly Name: string;
  /** Id of its image. */
  readonly Image: string;
  readonly RestartCount?: number;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly StartedAt: string;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: ContainerConfig;
  readonly HostConfig: HostConfig;
  readonly Mounts?: readonly WholeMount[] | null;
  readonly NetworkSettings?: { readonly Networks?: Readonly<Record<string, Endpoint | null>> | null };
}

/** What a container and an image have in common. */
export interface ImageConfig {
  readonly Env?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Entrypoint?: readonly string[] | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly Healthcheck?: object | null;
  readonly ExposedPorts?: Readonly<Record<string, object>> | null;
  readonly Volumes?: Readonly<Record<string, object>> | null;
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly StopSignal?: string;
  readonly Shell?: readonly string[] | null;
}

export interface ContainerConfig extends ImageConfig {
  readonly Image: string;
  readonly Hostname?: string;
  readonly Domainname?: string;
  readonly MacAddress?: string;
  readonly [other: string]: unknown;
}

export interface HostConfig {
  readonly NetworkMode?: string;
  readonly PidMode?: string;
  readonly IpcMode?: string;
  readonly UTSMode?: string;
  readonly AutoRemove?: boolean;
  readonly Binds?: readonly string[] | null;
  readonly Mounts?: readonly AskedMount[] | null;
  readonly Links?: readonly string[] | null;
  readonly PortBindings?: Readonly<Record<string, unknown>> | null;
  readonly [other: string]: unknown;
}

/** As somebody asked for it. */
export interface AskedMount {
  readonly Type: string;
  readonly Source?: string;
  readonly Target: string;
  readonly [other: string]: unknown;
}

/** As it is. */
export interface WholeMount {
  readonly Type: string;
  /** Of a volume. */
  readonly Name?: string;
  readonly Source?: string;
  readonly Destination: string;
  readonly RW?: boolean;
}

/** How a container is on a network. */
export interface Endpoint {
  readonly NetworkID?: string;
  readonly IPAMConfig?: object | null;
  readonly Aliases?: readonly string[] | null;
  readonly Links?: readonly string[] | null;
  readonly DriverOpts?: object | null;
  readonly GwPriority?: number;
  readonly IPAddress?: string;
  readonly MacAddress?: string;
}
