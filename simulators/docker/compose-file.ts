import { parse } from 'yaml';
import { composeLabels } from './seed.ts';
import type { ContainerSpec, RestartPolicy } from './spec.ts';

interface FileService {
  readonly image: string;
  readonly container_name?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly restart?: RestartPolicy;
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval?: string };
  readonly environment?: Readonly<Record<string, string>>;
}

interface File {
  readonly services: Readonly<Record<string, FileService>>;
  readonly volumes?: Readonly<Record<string, object | null>>;
}

/** What a file on the simulated machine's disk makes. */
export interface Made {
  readonly specs: readonly ContainerSpec[];
  /** By the names that the engine has for them. */
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
}

/**
 * Reads a Compose file, as far as simulated containers are made of it.
 *
 * @param variables the file `.env` beside it
 * @throws Error as Compose says it
 */
export function madeOf(text: string, project: string, variables: string): Made {
  const values = new Map(
    [...variables.matchAll(/^(\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const full = text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values.get(name) ?? '');
  const { services, volumes = {} } = parse(full) as File;
  return {
    specs: Object.entries(services).map(([name, service]) => specOf(project, name, service)),
    volumes: Object.keys(volumes).map((key) => `${project}_${key}`),
    networks: [`${project}_default`],
  };
}

function specOf(project: string, name: string, service: FileService): ContainerSpec {
  const { image, container_name, ports = [], volumes = [], restart, healthcheck } = service;
  const hash = JSON.stringify(service);
  return {
    ...{ name: container_name ?? `${project}-${name}-1`, image, restart: restart ?? 'no' },
    labels: { ...composeLabels(project, name), 'com.docker.compose.config-hash': hash },
    networkMode: `${project}_default`,
    ports: Object.fromEntries(
      ports.map((port) => {
        const [host = '', target = ''] = port.split(':');
        return [`${target}/tcp`, Number(host)];
      }),
    ),
    mounts: volumes.map((mount) => {
      const [from = '', to = ''] = mount.split(':');
      return { from: from.startsWith('/') ? from : `${project}_${from}`, to };
    }),
    ...(healthcheck !== undefined && {
      health: {
        test: healthcheck.test.at(-1) ?? '',
        intervalMs: Number.parseInt(healthcheck.interval ?? '30000', 10),
      },
    }),
  };
}
