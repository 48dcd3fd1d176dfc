import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { Home } from '../test/parts/home.ts';
import { startHomeAssistant } from '../test/parts/homeassistant.ts';
import { startMosquitto } from '../test/parts/mosquitto.ts';
import { eventually, freePort } from '../test/parts/process.ts';
import { cpuMsOf, seconds, table } from './measure.ts';

/** A container's device at the standard level. */
const STATE_KEYS = ['power', 'state', 'health', 'restarts', 'started'];
const METRIC_KEYS = ['cpu', 'memory', 'network_received', 'network_sent', 'disk_read', 'disk_written'];
const ALL_KEYS = [...STATE_KEYS, ...METRIC_KEYS];
const DEVICES = [30, 600];
const UPDATES = 3_000;
const UPDATES_A_SECOND = 100;

/** How a device's values are spread over topics: the topic of each key, and whether its messages are JSON. */
const LAYOUTS = {
  'one JSON topic': { topicOf: () => 'all', json: true },
  'state and metrics': {
    topicOf: (key: string) => (STATE_KEYS.includes(key) ? 'state' : 'metrics'),
    json: true,
  },
  'a topic an entity': { topicOf: (key: string) => key, json: false },
} as const;

type Layout = (typeof LAYOUTS)[keyof typeof LAYOUTS];
type Values = Record<string, number>;

/**
 * Home Assistant's CPU time for one update of a device: the usual one (half of its numbers changed) and the rare one
 * (one state changed), for each layout, with few and with many devices.
 */
export async function stateLayout(): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const devices of DEVICES) {
    for (const [name, layout] of Object.entries(LAYOUTS))
      rows.push([devices, name, ...(await measure(devices, layout))]);
  }
  return table(
    'State layouts: Home Assistant’s CPU time for one update of a device',
    ['devices', 'layout', '3 of 6 metrics changed', 'messages', '1 of 5 states changed', 'messages'],
    rows,
  );
}

async function measure(devices: number, layout: Layout): Promise<readonly string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'layout-'));
  const mosquitto = await startMosquitto();
  const homeAssistant = await startHomeAssistant({
    folder,
    port: await freePort(),
    mqttPort: mosquitto.port,
  });
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`, { protocolVersion: 4 });
  try {
    const values = Array.from(
      { length: devices },
      (): Values => Object.fromEntries(ALL_KEYS.map((key) => [key, 1])),
    );
    for (const [index, device] of values.entries()) {
      await client.publishAsync(`homeassistant/device/bench${index}/config`, discovery(index, layout), {
        retain: true,
      });
      await send(client, index, device, ALL_KEYS, layout);
    }
    const home = new Home(await homeAssistant.connect());
    const expected = devices * ALL_KEYS.length;
    const present = (): boolean =>
      Object.entries(home.states).filter(([id, { state }]) => id.startsWith('sensor.bench') && state === '1')
        .length >= expected;
    await eventually(`${expected} entities`, present, 300_000);
    home.close();
    await settle(homeAssistant.running.pid);
    const idle = await cpuOver(homeAssistant.running.pid, () => seconds(UPDATES / UPDATES_A_SECOND));
    const metrics = await update(client, homeAssistant.running.pid, values, METRIC_KEYS.slice(0, 3), layout);
    const states = await update(client, homeAssistant.running.pid, values, STATE_KEYS.slice(0, 1), layout);
    return [metrics, states].flatMap(({ cpuMs, messages }) => [
      `${((cpuMs - idle) / UPDATES).toFixed(2)} ms`,
      (messages / UPDATES).toFixed(0),
    ]);
  } finally {
    await client.endAsync(true);
    await homeAssistant.stop();
    await mosquitto.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function discovery(index: number, { topicOf, json }: Layout): string {
  const components = ALL_KEYS.map((key) => [
    key,
    {
      platform: 'sensor',
      unique_id: `bench${index}_${key}`,
      name: key,
      state_class: 'measurement',
      state_topic: `bench/${index}/${topicOf(key)}`,
      ...(json && { value_template: `{{ value_json.get('${key}') }}` }),
    },
  ]);
  return JSON.stringify({
    device: { identifiers: [`bench${index}`], name: `bench${index}` },
    origin: { name: 'bench' },
    components: Object.fromEntries(components),
  });
}

/** Publishes the messages in which one of `changed` is found, and counts them. */
async function send(
  client: MqttClient,
  index: number,
  values: Values,
  changed: readonly string[],
  { topicOf, json }: Layout,
): Promise<number> {
  const topics = new Set(changed.map(topicOf));
  for (const topic of topics) {
    const keys = ALL_KEYS.filter((key) => topicOf(key) === topic);
    const payload = json
      ? JSON.stringify(Object.fromEntries(keys.map((key) => [key, values[key]])))
      : String(values[keys[0] as string]);
    await client.publishAsync(`bench/${index}/${topic}`, payload, { retain: true });
  }
  return topics.size;
}

async function update(
  client: MqttClient,
  pid: number,
  devices: readonly Values[],
  changed: readonly string[],
  layout: Layout,
): Promise<{ cpuMs: number; messages: number }> {
  let messages = 0;
  const cpuMs = await cpuOver(pid, async () => {
    const begin = performance.now();
    for (let count = 0; count < UPDATES; count += 1) {
      const index = count % devices.length;
      const values = devices[index] as Values;
      for (const key of changed) values[key] = (values[key] ?? 0) + 1;
      messages += await send(client, index, values, changed, layout);
      const ahead = begin + ((count + 1) * 1_000) / UPDATES_A_SECOND - performance.now();
      if (ahead > 0) await seconds(ahead / 1_000);
    }
    // The recorder writes what it heard a little later.
    await seconds(7);
  });
  return { cpuMs, messages };
}

async function cpuOver(pid: number, work: () => Promise<void>): Promise<number> {
  const before = cpuMsOf(pid);
  await work();
  return cpuMsOf(pid) - before;
}

/** Waits until Home Assistant has nothing left to do from before: twice in a row under 2 % of a core. */
async function settle(pid: number): Promise<void> {
  for (let calm = 0, tries = 0; calm < 2 && tries < 100; tries += 1) {
    calm = (await cpuOver(pid, () => seconds(5))) < 100 ? calm + 1 : 0;
  }
}
