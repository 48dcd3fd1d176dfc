import { DockerEngine } from './engine.ts';
import { type Load, steady } from './load.ts';
import type { ContainerSpec, EngineOptions } from './spec.ts';
import type { Time } from './time.ts';

const MIB = 1024 ** 2;

/** The labels that Docker Compose gives. */
export const composeLabels = (
  project: string,
  service: string,
  number = 1,
): Readonly<Record<string, string>> => ({
  'com.docker.compose.project': project,
  'com.docker.compose.service': service,
  'com.docker.compose.container-number': String(number),
  'com.docker.compose.oneoff': 'False',
  'com.docker.compose.project.working_dir': `/opt/stacks/${project}`,
  'com.docker.compose.project.config_files': `/opt/stacks/${project}/compose.yaml`,
});

type Seed = Omit<ContainerSpec, 'name' | 'labels'> & { readonly version: string };

const versioned = ({ version, ...spec }: Seed, labels: Readonly<Record<string, string>>) => ({
  restart: 'unless-stopped' as const,
  ...spec,
  labels: { ...labels, 'org.opencontainers.image.version': version },
});

const single = (name: string, seed: Seed): ContainerSpec => ({ name, ...versioned(seed, {}) });

const composed = (project: string, service: string, seed: Seed): ContainerSpec => ({
  name: `${project}-${service}-1`,
  networkMode: `${project}_default`,
  ...versioned(seed, composeLabels(project, service)),
});

const uses = (cores: number, mib: number, more: Partial<Load> = {}) =>
  steady({ cores, memory: mib * MIB, ...more });

/** The containers of the lab that Labkeeper is designed against. */
export const SEED: readonly ContainerSpec[] = [
  composed('media', 'jellyfin', {
    image: 'jellyfin/jellyfin:10.10.3',
    version: '10.10.3',
    ports: { '8096/tcp': 8096, '7359/udp': 7359 },
    cpuLimit: 4,
    mounts: [
      { from: '/srv/media', to: '/media', readOnly: true },
      { from: 'media_config', to: '/config' },
    ],
    load: uses(0.04, 620, { sent: 2_000, read: 20_000 }),
  }),
  composed('media', 'sonarr', {
    image: 'lscr.io/linuxserver/sonarr:4.0.11',
    version: '4.0.11',
    ports: { '8989/tcp': 8989 },
    load: uses(0.01, 210, { received: 3_000, written: 4_000 }),
  }),
  composed('ai', 'chatterbox', {
    image: 'ghcr.io/lab/chatterbox:1.0',
    version: '1.0',
    ports: { '8004/tcp': 8004 },
    gpu: true,
    memoryLimit: 8_192 * MIB,
    stopMs: 1_500,
    health: { test: 'curl -fsS http://localhost:8004/api/ui/initial-data', intervalMs: 15_000 },
    load: uses(0.02, 2_900),
  }),
  composed('ai', 'open-webui', {
    image: 'ghcr.io/open-webui/open-webui:v0.5.4',
    version: '0.5.4',
    ports: { '8080/tcp': 3000 },
    load: uses(0.03, 780),
  }),
  composed('monitoring', 'prometheus', {
    image: 'prom/prometheus:v3.0.1',
    version: '3.0.1',
    ports: { '9090/tcp': 9090 },
    load: uses(0.06, 340, { received: 9_000, written: 18_000 }),
  }),
  composed('monitoring', 'grafana', {
    image: 'grafana/grafana:11.4.0',
    version: '11.4.0',
    ports: { '3000/tcp': 3001 },
    load: uses(0.02, 160, { received: 2_500, sent: 2_500 }),
  }),
  single('portainer', {
    image: 'portainer/portainer-ce:2.21.4',
    version: '2.21.4',
    ports: { '9443/tcp': 9443, '8000/tcp': null },
    load: uses(0.01, 60),
  }),
  single('mcp-unifi', {
    image: 'ghcr.io/lab/mcp-unifi:0.4.2',
    version: '0.4.2',
    ports: { '8000/tcp': 8101 },
    load: uses(0.004, 88),
  }),
  single('mcp-scpi', {
    image: 'ghcr.io/lab/mcp-scpi:0.2.0',
    version: '0.2.0',
    ports: { '8000/tcp': 8102 },
    load: uses(0.003, 72),
  }),
  single('mcp-custom', {
    image: 'ghcr.io/lab/mcp-custom:0.1.7',
    version: '0.1.7',
    ports: { '8000/tcp': 8103 },
    load: uses(0.006, 95),
  }),
];

/** How long the first of them has been up, and how much later each other was started. */
const UP_MS = 3 * 86_400_000;
const START_GAP_MS = 17_000;

/** An engine on which the lab runs, everything healthy. */
export function seededEngine(options: Partial<EngineOptions & Time> = {}): DockerEngine {
  const engine = new DockerEngine({ cpus: 8, ...options });
  for (const [index, spec] of SEED.entries()) {
    const container = engine.create(spec);
    engine.start(spec.name);
    container.backdate(UP_MS - index * START_GAP_MS);
    if (spec.health !== undefined) engine.setHealth(spec.name, 'healthy');
  }
  return engine;
}
