import type { ContainerInspect, ContainerStats, EngineInfo } from '../../addon/src/sources/docker/wire.ts';

type State = ContainerInspect['State'];

interface InspectChange {
  readonly Id?: string;
  readonly Name?: string;
  readonly Created?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly State?: Partial<State>;
  readonly AutoRemove?: boolean;
  readonly NetworkMode?: string;
  readonly Ports?: NonNullable<ContainerInspect['NetworkSettings']>['Ports'];
}

/** `GET /containers/{id}/json`, as far as we read it. */
export function anInspect(change: InspectChange = {}): ContainerInspect {
  const {
    Labels = {},
    State: state,
    AutoRemove = false,
    NetworkMode = 'bridge',
    Ports = {},
    ...rest
  } = change;
  return {
    Id: '0'.repeat(64),
    Name: '/web',
    Created: '2026-01-01T00:00:00.000000001Z',
    RestartCount: 0,
    State: { Status: 'running', ExitCode: 0, StartedAt: '2026-01-01T00:00:00.5Z', ...state },
    Config: { Image: 'plex:latest', Labels },
    HostConfig: { AutoRemove, NetworkMode },
    NetworkSettings: { Ports },
    ...rest,
  };
}

interface Counters {
  /** Seconds after the start of 2026. */
  readonly second?: number;
  readonly cpu?: number;
  readonly memory?: ContainerStats['memory_stats'];
  readonly received?: number;
  readonly sent?: number;
  readonly read?: number;
  readonly written?: number;
}

/** `GET /containers/{id}/stats`, as far as we read it. */
export function aStats(counters: Counters = {}): ContainerStats {
  const {
    second = 0,
    cpu = 0,
    memory = { usage: 0 },
    received = 0,
    sent = 0,
    read = 0,
    written = 0,
  } = counters;
  return {
    read: new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString(),
    cpu_stats: { cpu_usage: { total_usage: cpu } },
    memory_stats: memory,
    networks: { eth0: { rx_bytes: received, tx_bytes: sent } },
    blkio_stats: {
      io_service_bytes_recursive: [
        { op: 'read', value: read },
        { op: 'write', value: written },
      ],
    },
  };
}

export const ENGINE: EngineInfo = {
  ID: 'b1d1:0001',
  Name: 'nas',
  ServerVersion: '29.0.0',
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  NCPU: 4,
  MemTotal: 16 * 1024 ** 3,
};
