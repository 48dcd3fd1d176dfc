import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { objectId } from '../addon/src/core/ids.ts';
import { bundle } from '../scripts/build/bundle.ts';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../scripts/build/flags.ts';
import { bigCluster } from '../simulators/proxmox/index.ts';
import { startMosquitto } from '../test/parts/mosquitto.ts';
import { eventually, freePort, type Running, run } from '../test/parts/process.ts';
import { Calls } from './calls.ts';
import { demoLab, emptyLab, labOf, proxmox, type Systems, seedLab } from './labs.ts';
import { Listener } from './listener.ts';
import { cpuMsOf, memoryMbOf, seconds, table } from './measure.ts';

/** By then what the start left over is done: second readings for the rates, pictures of the systems. */
const SETTLE_SECONDS = 25;
const SECONDS = 120;
const SOURCE = path.resolve(import.meta.dirname, '../addon/src/main.ts');

interface Case {
  readonly title: string;
  readonly start: () => Promise<Systems>;
  readonly broker: 'own' | 'Mosquitto';
  /** Not bundled: what it costs developers. */
  readonly fromSource?: true;
  /** How long it is watched at rest; as long as one round of all readings takes. */
  readonly seconds?: number;
}

const seed = { title: 'seed lab', start: seedLab } as const;

const CASES: Readonly<Record<string, Case>> = {
  none: { title: 'no systems', start: emptyLab, broker: 'own', seconds: 60 },
  seed: { ...seed, broker: 'Mosquitto' },
  demo: { title: 'the whole lab of the demo', start: demoLab, broker: 'Mosquitto' },
  'seed-own': { ...seed, broker: 'own' },
  'seed-source': { ...seed, broker: 'own', fromSource: true },
  '30': { title: '30 guests, 30 containers', start: () => labOf(30, 30, 1), broker: 'Mosquitto' },
  guests: {
    title: '600 guests',
    start: () => proxmox(bigCluster({ nodes: 5, guests: 600 })),
    broker: 'Mosquitto',
    seconds: 330,
  },
  // The engine's budget allows a reading of 600 containers every five minutes.
  '600': {
    title: '600 guests, 600 containers',
    start: () => labOf(600, 600, 6),
    broker: 'Mosquitto',
    seconds: 330,
  },
};

interface Figures {
  readonly calls: readonly (readonly string[])[];
  readonly messages: readonly string[];
  readonly cost: readonly string[];
  readonly start: readonly string[];
}

/**
 * What the app costs at rest, and how long it takes to get there, with simulated systems that live and a broker on
 * loopback.
 *
 * @param only name of a case; left out: all of them, which takes some quarter of an hour
 */
export async function rest(only?: string): Promise<string> {
  const chosen = Object.entries(CASES).filter(([name]) => only === undefined || name === only);
  if (chosen.length === 0)
    throw new Error(`there is no case “${only}”, only ${Object.keys(CASES).join(', ')}`);
  const folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-bench-'));
  try {
    const bundled = path.join(folder, 'dist', 'main.js');
    await bundle(path.dirname(bundled));
    const all: Figures[] = [];
    for (const [, each] of chosen) all.push(await measure(each, each.fromSource ? SOURCE : bundled, folder));
    return [
      table(
        'API calls a minute',
        ['lab', 'system', 'statistics', 'all others', 'average since the start', 'as Labkeeper says'],
        all.flatMap(({ calls }) => calls),
      ),
      table(
        'MQTT messages a minute',
        ['lab', 'devices', 'entities', 'messages', 'for each entity', 'metrics', 'state', 'others'],
        all.map(({ messages }) => messages),
      ),
      table(
        'Memory and CPU',
        ['lab', 'run from', 'broker', 'resident', 'at most', 'CPU of a core'],
        all.map(({ cost }) => cost),
      ),
      table(
        'From the start until everything is available',
        ['lab', 'run from', 'devices', 'seconds', 'CPU seconds'],
        all.map(({ start }) => start),
      ),
    ].join('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(tried: Case, main: string, folder: string): Promise<Figures> {
  const systems = await tried.start();
  const calls = new Calls(systems.ports);
  const broker = tried.broker === 'own' ? undefined : await startMosquitto();
  const mqttPort = broker?.port ?? (await freePort());
  const listener = new Listener(mqttPort);
  const httpPort = await freePort();
  const data = await mkdtemp(path.join(folder, 'data-'));
  const file = path.join(data, 'options.json');
  const mqtt = broker && { host: '127.0.0.1', port: broker.port };
  await writeFile(file, JSON.stringify({ ...systems.options, ...(mqtt && { mqtt }) }));
  const started = performance.now();
  const app = run(process.execPath, [...(tried.fromSource ? [] : NODE_FLAGS), main], {
    env: {
      ...(tried.fromSource ? {} : NODE_ENVIRONMENT),
      LABKEEPER_OPTIONS: file,
      LABKEEPER_DATA: data,
      LABKEEPER_HOST: '127.0.0.1',
      LABKEEPER_MQTT_PORT: String(mqttPort),
      LABKEEPER_HTTP_PORT: String(httpPort),
      LABKEEPER_WYOMING_PORT: '0',
      LABKEEPER_OPEN: 'loopback',
    },
  });
  const title = tried.title;
  try {
    await untilAvailable(listener, systems, app);
    const startCpu = cpuMsOf(app.pid) / 1_000;
    await seconds(SETTLE_SECONDS);
    // Whatever came after those that are expected is there by now as well.
    const took = (Math.max(...listener.complete.values()) - started) / 1_000;
    const from = performance.now();
    const cpuBefore = cpuMsOf(app.pid);
    await seconds(tried.seconds ?? SECONDS);
    const to = performance.now();
    const cpu = (cpuMsOf(app.pid) - cpuBefore) / (to - from);
    const resident = memoryMbOf(app.pid);
    const peak = memoryMbOf(app.pid, 'VmHWM');
    console.error(`${title}:\n  ${calls.what(from, to).join('\n  ')}`);
    const rates = listener.rates(from, to);
    const { complete, entities } = listener;
    const sum = rates.values().reduce((total, rate) => total + rate, 0);
    const metrics = rates.get('metrics') ?? 0;
    const state = rates.get('state') ?? 0;
    const runFrom = tried.fromSource ? 'source' : 'bundle';
    return {
      calls: await callRows(tried, calls, systems, { started, from, to, httpPort }),
      messages: [
        title,
        `${complete.size}`,
        `${entities}`,
        sum.toFixed(1),
        (sum / entities).toFixed(2),
        ...[metrics, state, sum - metrics - state].map((rate) => rate.toFixed(1)),
      ],
      cost: [
        title,
        runFrom,
        tried.broker,
        `${resident.toFixed(0)} MB`,
        `${peak.toFixed(0)} MB`,
        `${(cpu * 100).toFixed(2)} %`,
      ],
      start: [title, runFrom, `${complete.size}`, took.toFixed(1), startCpu.toFixed(1)],
    };
  } catch (cause) {
    throw new Error(`${title}:\n${app.output()}`, { cause });
  } finally {
    await app.stop();
    await listener.close();
    await broker?.stop();
    calls.close();
    await systems.stop();
  }
}

/** Until the broker has all that is expected: discovery, every value, and that it is available. */
async function untilAvailable(listener: Listener, { expected }: Systems, app: Running): Promise<void> {
  const ids = ['labkeeper/self/app/main', ...expected].map((id) => objectId(id));
  let ended = false;
  void app.exited.then(() => {
    ended = true;
  });
  await eventually(
    'everything available',
    () => {
      if (ended) throw new Error('the app ended');
      const { complete } = listener;
      const missing = ids.filter((id) => !complete.has(id));
      if (missing.length > 0) throw new Error(`missing: ${missing.slice(0, 5).join(', ')} …`);
      return true;
    },
    180_000,
  );
}

interface Times {
  readonly started: number;
  readonly from: number;
  readonly to: number;
  readonly httpPort: number;
}

/** What was counted at the systems, beside what Labkeeper says of itself for the same whole minutes. */
async function callRows(
  { title }: Case,
  calls: Calls,
  { ports }: Systems,
  { started, from, to, httpPort }: Times,
): Promise<readonly string[][]> {
  const asked = performance.now();
  const minutes = Math.floor((asked - started) / 60_000);
  const answer = await fetch(`http://127.0.0.1:${httpPort}/metrics`);
  const text = await answer.text();
  return Object.keys(ports).map((system) => {
    const { statistics, others } = calls.rate(system, from, to);
    const whole = calls.rate(system, started, started + minutes * 60_000);
    const said = new RegExp(`^labkeeper_system_calls_per_minute\\{system="${system}"\\} (.+)$`, 'm').exec(
      text,
    )?.[1];
    return [
      title,
      system.split('/')[0] ?? '',
      statistics.toFixed(1),
      others.toFixed(1),
      (whole.statistics + whole.others).toFixed(1),
      Number(said).toFixed(1),
    ];
  });
}
