import {
  ChatterboxMachine,
  type ChatterboxSimulator,
  startChatterboxSimulator,
} from '../simulators/chatterbox/index.ts';
import { WyomingClient } from '../test/helpers/wyoming-client.ts';
import { foreignRoot } from '../test/parts/foreign-wyoming.ts';
import { startLabkeeper } from '../test/parts/labkeeper.ts';
import { type Mosquitto, startMosquitto } from '../test/parts/mosquitto.ts';
import { eventually, freePort, type Running, run, untilListening } from '../test/parts/process.ts';
import { memoryMbOf, quantile, seconds, table } from './measure.ts';

const FACTORS = [0.2, 0.5, 1];
const COUNTS = [1, 3, 10];
const RUNS = 20;
const STREAMS = 20;

/** Who stands between Home Assistant and the speech server. */
interface Rival {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

interface Heard {
  /** Milliseconds. */
  readonly first: number;
  readonly total: number;
}

/**
 * Labkeeper and wyoming-openai before the same simulated server, which makes one sentence at a time; asked in turns, by the
 * same client, as Home Assistant does.
 */
export async function voice(): Promise<string> {
  const machine = new ChatterboxMachine();
  Object.assign(machine, { blocks: true, voices: [{ id: 'nova', title: 'nova' }] });
  const server = await startChatterboxSimulator({ machine, dialect: 'openai' });
  const mosquitto = await startMosquitto();
  const rivals = [await startOurs(server, mosquitto), await startTheirs(server)];
  try {
    return [
      await speed(machine, rivals),
      await overhead(machine, server, rivals),
      await memory(machine, rivals),
    ].join('\n');
  } finally {
    for (const rival of rivals) await rival.stop();
    await mosquitto.stop();
    await server.close();
  }
}

async function speed(machine: ChatterboxMachine, rivals: readonly Rival[]): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const factor of FACTORS) {
    machine.factor = factor;
    for (const count of COUNTS) {
      for (const isStream of [false, true]) {
        const cells: string[] = [];
        for (const { port } of rivals) {
          const { first, total } = await hear(port, sentences(count), isStream);
          cells.push((first / 1_000).toFixed(2), (total / 1_000).toFixed(2));
        }
        rows.push([factor, count, isStream ? 'in parts' : 'whole', ...cells]);
      }
    }
  }
  const columns = rivals.flatMap(({ name }) => [`${name}: first sound s`, `${name}: all s`]);
  return table(
    'From a text to its sound, by the real-time factor of the server',
    ['factor', 'sentences', 'text comes', ...columns],
    rows,
  );
}

/** What is added to the server's own time for one sentence; and a text that was said before. */
async function overhead(
  machine: ChatterboxMachine,
  server: ChatterboxSimulator,
  rivals: readonly Rival[],
): Promise<string> {
  machine.factor = 0;
  const direct: number[] = [];
  for (let at = 0; at < RUNS; at += 1) {
    const began = performance.now();
    const answer = await fetch(`${server.url}/v1/audio/speech`, {
      method: 'POST',
      body: JSON.stringify({ model: 'chatterbox', input: sentences(1)[0], voice: 'nova' }),
    });
    await answer.arrayBuffer();
    direct.push(performance.now() - began);
  }
  const rows = [];
  for (const { name, port } of rivals) {
    const fresh: number[] = [];
    const again: number[] = [];
    for (let at = 0; at < RUNS; at += 1) {
      const text = sentences(1);
      fresh.push((await hear(port, text, false)).total);
      await seconds(0.05);
      again.push((await hear(port, text, false)).total);
    }
    rows.push([
      name,
      ...[fresh, again].flatMap((all) =>
        [quantile(all, 0.5), quantile(all, 0.95)].map((ms) => ms.toFixed(1)),
      ),
    ]);
  }
  const own = [quantile(direct, 0.5), quantile(direct, 0.95)].map((ms) => ms.toFixed(1));
  return table(
    `One sentence of a server that takes no time, ${RUNS} times`,
    ['asked', 'new: p50 ms', 'p95 ms', 'said again: p50 ms', 'p95 ms'],
    [['the server itself', ...own, '', ''], ...rows],
  );
}

async function memory(machine: ChatterboxMachine, rivals: readonly Rival[]): Promise<string> {
  machine.factor = 0.1;
  const rows = [];
  for (const { name, port, pid } of rivals) {
    const before = memoryMbOf(pid);
    let most = before;
    let isOver = false;
    const all = Promise.all(Array.from({ length: STREAMS }, () => hear(port, sentences(3), true))).finally(
      () => {
        isOver = true;
      },
    );
    while (!isOver) {
      most = Math.max(most, memoryMbOf(pid));
      await seconds(0.1);
    }
    await all;
    rows.push([name, before.toFixed(0), most.toFixed(0), (most - before).toFixed(0)]);
  }
  return table(`Memory with ${STREAMS} streams at a time`, ['', 'before MB', 'at most MB', 'more MB'], rows);
}

let said = 0;
/** Sentences that nobody has said yet. */
const sentences = (count: number): readonly string[] =>
  Array.from({ length: count }, () => {
    said += 1;
    return `This is sentence number ${said} of them. `;
  });

async function hear(port: number, texts: readonly string[], isStream: boolean): Promise<Heard> {
  const client = await WyomingClient.connect(port);
  const began = performance.now();
  let first = 0;
  client.socket.on('data', () => {
    if (first === 0 && client.heard.some(({ type }) => type === 'audio-chunk'))
      first = performance.now() - began;
  });
  const text = texts.join('').trim();
  const voice = { name: 'nova' };
  if (isStream) {
    client.say('synthesize-start', { voice });
    for (const part of texts) client.say('synthesize-chunk', { text: part });
    client.say('synthesize', { text, voice });
    client.say('synthesize-stop');
  } else client.say('synthesize', { text, voice });
  const last = isStream ? 'synthesize-stopped' : 'audio-stop';
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      const failure = client.heard.find(({ type }) => type === 'error');
      if (failure !== undefined) reject(new Error(JSON.stringify(failure.data)));
      if (client.heard.some(({ type }) => type === last)) resolve();
    };
    client.socket.on('data', look);
    client.socket.on('close', () => reject(new Error('it hung up')));
  });
  const total = performance.now() - began;
  client.hangUp();
  return { first, total };
}

async function startOurs({ url }: ChatterboxSimulator, { port: mqttPort }: Mosquitto): Promise<Rival> {
  const labkeeper = await startLabkeeper({
    self: 'none',
    mqtt: { host: '127.0.0.1', port: mqttPort },
    chatterbox: [{ id: 'lab', title: 'Chatterbox', url, voices: ['nova'] }],
  });
  const { wyomingPort: port, running } = labkeeper;
  await untilListening('the voice', port, running, 20_000);
  await eventually('its voice', async () => {
    const client = await WyomingClient.connect(port);
    client.say('describe');
    const { data } = await client.until('info');
    client.hangUp();
    return (data.tts as readonly unknown[]).length > 0;
  });
  return { name: 'Labkeeper', port, pid: running.pid, stop: () => labkeeper.stop() };
}

async function startTheirs({ url }: ChatterboxSimulator): Promise<Rival> {
  const port = await freePort();
  const running: Running = run('chroot', [
    await foreignRoot(),
    ...['/opt/wyoming/bin/python', '-m', 'wyoming_openai', '--uri', `tcp://127.0.0.1:${port}`],
    ...['--languages', 'en', '--tts-openai-url', `${url}/v1`, '--tts-openai-key', 'none'],
    ...['--tts-models', 'chatterbox', '--tts-streaming-models', 'chatterbox', '--tts-voices', 'nova'],
  ]);
  await untilListening('wyoming-openai', port, running, 30_000);
  return { name: 'wyoming-openai', port, pid: running.pid, stop: () => running.stop() };
}
