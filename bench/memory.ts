import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundle } from '../scripts/build/bundle.ts';
import { bringToLife } from '../simulators/demo/life.ts';
import { seededEngine } from '../simulators/docker/seed.ts';
import { startDockerSimulator } from '../simulators/docker/server.ts';
import {
  bigCluster,
  OPERATOR_TOKEN,
  type ProxmoxCluster,
  seededCluster,
  startProxmoxSimulator,
} from '../simulators/proxmox/index.ts';
import { run } from '../test/parts/process.ts';
import { cpuMsOf, memoryMbOf, seconds, table } from './measure.ts';

/** By then every system has been read, and polled again. */
const SETTLE_SECONDS = 35;
const SECONDS = 30;
/** The seeded lab has some containers already. */
const MANY = 600;
const MAIN = path.resolve(import.meta.dirname, '../addon/src/main.ts');

interface Lab {
  readonly title: string;
  /** Starts the simulated systems. */
  start(): Promise<{ readonly options: object; stop(): Promise<unknown> }>;
}

/** Memory and CPU of the app at rest: from source and bundled, with labs of different sizes. */
export async function memory(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-bench-'));
  try {
    const bundled = path.join(folder, 'dist', 'main.js');
    await bundle(path.dirname(bundled));
    const rows: string[][] = [];
    // From source it is what it costs developers: enough to compare.
    for (const lab of LABS.slice(0, 2))
      rows.push(['source', lab.title, ...(await measure(MAIN, lab, folder))]);
    for (const lab of LABS) rows.push(['bundle', lab.title, ...(await measure(bundled, lab, folder))]);
    return table('Memory and CPU', ['run from', 'lab', 'resident', 'at most', 'CPU of a core'], rows);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(main: string, lab: Lab, folder: string): Promise<string[]> {
  const { options, stop } = await lab.start();
  const data = await mkdtemp(path.join(folder, 'data-'));
  const file = path.join(data, 'options.json');
  await writeFile(file, JSON.stringify(options));
  const ports = { LABKEEPER_MQTT_PORT: '0', LABKEEPER_HTTP_PORT: '0', LABKEEPER_WYOMING_PORT: '0' };
  const app = run(process.execPath, [main], {
    env: { LABKEEPER_OPTIONS: file, LABKEEPER_DATA: data, LABKEEPER_HOST: '127.0.0.1', ...ports },
  });
  try {
    await seconds(SETTLE_SECONDS);
    const before = cpuMsOf(app.pid);
    await seconds(SECONDS);
    const cpu = (cpuMsOf(app.pid) - before) / SECONDS / 10;
    const peak = memoryMbOf(app.pid, 'VmHWM');
    return [`${memoryMbOf(app.pid).toFixed(0)} MB`, `${peak.toFixed(0)} MB`, `${cpu.toFixed(2)} %`];
  } catch (cause) {
    throw new Error(`the app did not stay:\n${app.output()}`, { cause });
  } finally {
    await app.stop();
    await stop();
  }
}

const LABS: readonly Lab[] = [
  { title: 'no systems', start: async () => ({ options: {}, stop: async () => {} }) },
  { title: 'Docker host of the seed lab', start: () => docker(0) },
  { title: `${MANY} containers`, start: () => docker(MANY) },
  {
    title: 'seed lab: Proxmox VE and Docker host',
    start: () => both(docker(0), proxmox(seededCluster())),
  },
  {
    title: `${MANY} guests and ${MANY} containers`,
    start: () => both(docker(MANY), proxmox(bigCluster({ nodes: 6, guests: MANY }))),
  },
];

type Systems = Awaited<ReturnType<Lab['start']>>;

/** @param count containers at least */
async function docker(count: number): Promise<Systems> {
  const engine = seededEngine();
  bringToLife(engine);
  for (let index = engine.containers.length; index < count; index += 1) {
    const name = `app-${index}`;
    engine.create({ name, image: `registry.lab/app:${index % 40}`, ports: { '80/tcp': 10_000 + index } });
    engine.start(name);
  }
  const simulator = await startDockerSimulator({ engine });
  return {
    options: { docker: [{ id: 'lab', title: 'Docker host', url: simulator.url }] },
    stop: () => simulator.close(),
  };
}

async function proxmox(cluster: ProxmoxCluster): Promise<Systems> {
  const simulator = await startProxmoxSimulator({ cluster });
  const token = simulator.tokens.find(({ id }) => id === OPERATOR_TOKEN);
  const urls = simulator.urls;
  const fingerprint = [...simulator.nodes.values()].map((node) => node.fingerprint).join(', ');
  return {
    options: {
      proxmox: [{ id: 'lab', urls, token_id: token?.id, token_secret: token?.secret, fingerprint }],
    },
    stop: () => simulator.close(),
  };
}

async function both(...started: Promise<Systems>[]): Promise<Systems> {
  const systems = await Promise.all(started);
  return {
    options: Object.assign({}, ...systems.map(({ options }) => options)),
    stop: () => Promise.all(systems.map(({ stop }) => stop())),
  };
}
