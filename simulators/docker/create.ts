import { EngineError } from './errors.ts';
import type { ContainerSpec, MountSpec, RestartPolicy } from './spec.ts';

/** Body of `POST /containers/create`, as far as a simulated container is made of it. */
export interface CreateBody {
  readonly Image: string;
  readonly Cmd?: readonly string[];
  readonly Labels?: Readonly<Record<string, string>>;
  readonly StopTimeout?: number;
  readonly Tty?: boolean;
  readonly Healthcheck?: { readonly Test?: readonly string[]; readonly Interval?: number };
  readonly HostConfig?: {
    readonly NetworkMode?: string;
    readonly RestartPolicy?: { readonly Name?: string; readonly MaximumRetryCount?: number };
    readonly Binds?: readonly string[] | null;
    readonly Mounts?: readonly AskedMount[] | null;
    readonly PortBindings?: Readonly<Record<string, readonly { readonly HostPort?: string }[]>> | null;
    readonly Memory?: number;
    readonly NanoCpus?: number;
  };
}

interface AskedMount {
  readonly Type: string;
  readonly Source?: string;
  readonly Target: string;
  readonly ReadOnly?: boolean;
}

/** @throws EngineError 400 */
export function specOf(name: string, body: CreateBody): ContainerSpec {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) {
    throw new EngineError(
      400,
      `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
    );
  }
  const { Image, Cmd, Labels = {}, StopTimeout, Tty, Healthcheck, HostConfig = {} } = body;
  const { NetworkMode, RestartPolicy, Binds, Mounts, PortBindings, Memory = 0, NanoCpus = 0 } = HostConfig;
  const ports = Object.entries(PortBindings ?? {}).map(([port, [first]]) => [
    port,
    Number(first?.HostPort) || null,
  ]);
  const interval = Healthcheck?.Interval;
  return {
    name,
    image: Image,
    labels: Labels,
    ...(Cmd !== undefined && { command: Cmd }),
    ...(StopTimeout !== undefined && { stopTimeout: StopTimeout }),
    ...(Tty === true && { tty: true }),
    ...(Healthcheck?.Test !== undefined && {
      health: {
        test: Healthcheck.Test.at(-1) ?? '',
        ...(interval !== undefined && { intervalMs: interval / 1e6 }),
      },
    }),
    ...(NetworkMode !== undefined && { networkMode: NetworkMode }),
    restart: (RestartPolicy?.Name || 'no') as RestartPolicy,
    maximumRetries: RestartPolicy?.MaximumRetryCount ?? 0,
    mounts: [...(Binds ?? []).map(mountOf), ...(Mounts ?? []).map(askedMountOf)],
    ports: Object.fromEntries(ports),
    ...(Memory > 0 && { memoryLimit: Memory }),
    ...(NanoCpus > 0 && { cpuLimit: NanoCpus / 1e9 }),
  };
}

function mountOf(bind: string): MountSpec {
  const [from = '', to = '', mode] = bind.split(':');
  return { from, to, readOnly: mode === 'ro' };
}

const askedMountOf = ({ Source = '', Target, ReadOnly = false }: AskedMount): MountSpec => ({
  ...{ from: Source, to: Target, readOnly: ReadOnly },
});

/** @throws EngineError 400 where the machine lacks a folder */
export function checkBinds({ HostConfig }: CreateBody, folders: Set<string> | undefined): void {
  // In this form the engine makes what is not there.
  for (const bind of HostConfig?.Binds ?? [])
    if (bind.startsWith('/')) folders?.add(bind.split(':')[0] ?? '');
  for (const { Type, Source = '' } of HostConfig?.Mounts ?? []) {
    if (Type !== 'bind' || folders === undefined || folders.has(Source)) continue;
    const why = `bind source path does not exist: ${Source}`;
    throw new EngineError(400, `invalid mount config for type "bind": ${why}`);
  }
}
