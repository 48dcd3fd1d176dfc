import { startDemoLab } from '../simulators/demo/lab.ts';
import { bringToLife } from '../simulators/demo/life.ts';
import type { LoadCurve } from '../simulators/docker/load.ts';
import { seededEngine } from '../simulators/docker/seed.ts';
import { startDockerSimulator } from '../simulators/docker/server.ts';
import {
  bigCluster,
  bringToLife as bringClusterToLife,
  OPERATOR_TOKEN,
  type ProxmoxCluster,
  seededCluster,
  startProxmoxSimulator,
} from '../simulators/proxmox/index.ts';

/** Simulated systems that run. */
export interface Systems {
  /** Of the app, so that it finds them. */
  readonly options: object;
  /** Ports that belong to a system, by `<source>/<id>`. */
  readonly ports: Readonly<Record<string, readonly number[]>>;
  /** Resource ids of what the app has to publish at the least. */
  readonly expected: readonly string[];
  stop(): Promise<unknown>;
}

const NONE: Systems = { options: {}, ports: {}, expected: [], stop: async () => {} };

/** No systems at all. */
export const emptyLab = async (): Promise<Systems> => NONE;

/** The lab that Labkeeper is designed against: a server with four guests, a Docker host with ten containers. */
export const seedLab = (): Promise<Systems> => both(docker(0), proxmox(seededCluster()));

/** The same with all that is around it: management controller, backup server, network, instruments. */
export async function demoLab(): Promise<Systems> {
  const { systems, stop } = await startDemoLab();
  return {
    options: { ...systems, self: 'none' },
    ports: {},
    expected: ['docker/lab/host/engine', 'proxmox/home/node/pve1', 'proxmox/home/guest/101'],
    stop,
  };
}

/** @param nodes of one cluster, on which the guests are spread */
export const labOf = (guests: number, containers: number, nodes: number): Promise<Systems> =>
  both(docker(containers), proxmox(bigCluster({ nodes, guests })));

/** @param count containers at least: the seeded ones come first */
export async function docker(count: number): Promise<Systems> {
  const engine = seededEngine();
  bringToLife(engine);
  for (let index = engine.containers.length; index < count; index += 1) {
    const name = `app-${index}`;
    engine.create({ name, image: `registry.lab/app:${index % 40}`, ports: { '80/tcp': 10_000 + index } });
    engine.start(name);
    engine.setLoad(name, loadOf(index));
  }
  const simulator = await startDockerSimulator({ engine });
  return {
    options: { docker: [{ id: 'lab', title: 'Docker host', url: simulator.url }] },
    ports: { 'docker/lab': [simulator.port] },
    expected: [
      'docker/lab/host/engine',
      ...engine.containers.map(({ name, spec: { labels } }) => {
        const project = labels?.['com.docker.compose.project'];
        const service = labels?.['com.docker.compose.service'];
        return `docker/lab/container/${project === undefined ? name : `${project}.${service}.1`}`;
      }),
    ],
    stop: () => simulator.close(),
  };
}

/** A cluster with something to do, behind TLS on loopback. */
export async function proxmox(cluster: ProxmoxCluster): Promise<Systems> {
  const endLife = bringClusterToLife(cluster);
  const simulator = await startProxmoxSimulator({ cluster });
  const token = simulator.tokens.find(({ id }) => id === OPERATOR_TOKEN);
  const { urls, nodes } = simulator;
  const fingerprint = [...nodes.values()].map((node) => node.fingerprint).join(', ');
  return {
    options: {
      proxmox: [{ id: 'lab', urls, token_id: token?.id, token_secret: token?.secret, fingerprint }],
    },
    ports: { 'proxmox/lab': urls.map((url) => Number(new URL(url).port)) },
    expected: [
      ...[...nodes.keys()].map((name) => `proxmox/lab/node/${name}`),
      ...cluster.guests.map(({ vmid }) => `proxmox/lab/guest/${vmid}`),
    ],
    stop: async () => {
      endLife();
      await simulator.close();
    },
  };
}

/** Their options in one, so of each source at most one. */
export async function both(...started: Promise<Systems>[]): Promise<Systems> {
  const systems = await Promise.all(started);
  return {
    options: Object.assign({}, ...systems.map(({ options }) => options)),
    ports: Object.assign({}, ...systems.map(({ ports }) => ports)),
    expected: systems.flatMap(({ expected }) => expected),
    stop: () => Promise.all(systems.map(({ stop }) => stop())),
  };
}

/** Each at another point of slow waves; one in four has much to do. */
function loadOf(index: number): LoadCurve {
  const wave = (at: number, length: number): number =>
    (Math.sin((at / length) * 2 * Math.PI + index) + 1) / 2;
  const most = index % 4 === 0 ? 0.8 : 0.03;
  return (at) => {
    const share = (wave(at, 97_000) + wave(at, 311_000) + wave(at, 1_013_000)) / 3;
    return {
      cores: 0.002 + most * share,
      memory: (40 + (index % 50) * 8) * 1024 ** 2 * (1 + 0.2 * wave(at, 5_400_000)),
      received: 200 + most * 300_000 * share,
      sent: 200 + most * 200_000 * share,
      read: most * 40_000 * share,
      written: 500 + most * 100_000 * share,
    };
  };
}
