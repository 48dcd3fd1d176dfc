import type { Finding } from '../../addon/src/contract/finding.ts';
import type { Log, LogLevel } from '../../addon/src/core/log.ts';
import type { LabResourceOf } from '../../addon/src/kinds/index.ts';

/** A resource's parts, all of them optional, its readings one by one. */
type Change<R extends { readings: object }> = Omit<Partial<R>, 'readings'> & {
  readings?: Partial<R['readings']>;
};

/** Something to look at. */
export const aFinding = (change: Partial<Finding> = {}): Finding => ({
  ...{ key: 'k', severity: 'warning', about: 'docker/nas', title: 'Odd', message: 'It is odd.' },
  ...change,
});

/** A running container with a health check, as a measured one looks. */
export function aContainer(change: Change<LabResourceOf<'container'>> = {}): LabResourceOf<'container'> {
  const { readings, ...rest } = change;
  return {
    id: 'docker/nas/container/media.plex.1',
    kind: 'container',
    name: 'plex',
    parent: 'docker/nas/stack/media',
    available: true,
    facts: { manufacturer: 'Docker', model: 'plex:latest' },
    ...rest,
    readings: {
      state: 'running',
      on: true,
      health: 'healthy',
      cpu: 12.345,
      memory: 0.25,
      network_received: 1,
      network_sent: 2,
      disk_read: 0,
      disk_written: 0.5,
      restarts: 0,
      exit_code: null,
      image: 'plex:latest',
      digest: '0123456789ab',
      started: '2026-01-01T00:00:00+00:00',
      switchable: true,
      restartable: true,
      pausable: true,
      killable: true,
      ...readings,
    },
  };
}

export function aStack(change: Change<LabResourceOf<'stack'>> = {}): LabResourceOf<'stack'> {
  const { readings, ...rest } = change;
  return {
    id: 'docker/nas/stack/media',
    kind: 'stack',
    name: 'media',
    parent: 'docker/nas/host/engine',
    available: true,
    facts: { manufacturer: 'Docker' },
    ...rest,
    readings: {
      running: 1,
      total: 1,
      unhealthy: 0,
      services: 1,
      services_running: 1,
      switchable: true,
      restartable: true,
      problem: false,
      ...readings,
    },
  };
}

export function aHost(change: Change<LabResourceOf<'host'>> = {}): LabResourceOf<'host'> {
  const { readings, ...rest } = change;
  return {
    id: 'docker/nas/host/engine',
    kind: 'host',
    name: 'NAS',
    available: true,
    facts: { manufacturer: 'Docker', version: '29.0.0' },
    ...rest,
    readings: {
      version: '29.0.0',
      running: 1,
      stopped: 0,
      unhealthy: 0,
      cpu: 3,
      memory: 0.25,
      memory_total: 31.3,
      ...readings,
    },
  };
}

/** A log whose lines are kept as `level message`. */
export function recordingLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const at =
    (level: LogLevel) =>
    (message: string): void =>
      void lines.push(`${level} ${message}`);
  const log = {
    lines,
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    child: (): Log => log,
  };
  return log;
}
