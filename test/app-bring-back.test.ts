import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { type App, startApp } from '../addon/src/app.ts';
import { startEmbeddedBroker } from '../addon/src/mqtt/embedded-broker.ts';
import { seededEngine } from '../simulators/docker/seed.ts';
import { startDockerSimulator } from '../simulators/docker/server.ts';
import { ask } from './helpers/http.ts';
import { atEnd, observe, until } from './helpers/observer.ts';
import { eventually, freePort } from './parts/process.ts';

const HOST = '127.0.0.1';

test('a device that was deleted in Home Assistant is listed, over a restart too, and brought back', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-app-'));
  atEnd(t, () => rm(folder, { recursive: true }));
  const broker = await startEmbeddedBroker({ host: HOST, port: 0 });
  atEnd(t, () => broker.close());
  const simulator = await startDockerSimulator({ engine: seededEngine() });
  atEnd(t, () => simulator.close());
  const optionsFile = path.join(folder, 'options.json');
  const mqtt = { host: HOST, port: broker.port };
  await writeFile(optionsFile, JSON.stringify({ mqtt, docker: [{ id: 'lab', url: simulator.url }] }));
  const httpPort = await freePort();
  let app: App | undefined;
  const stop = async (): Promise<void> => {
    await app?.close();
    app = undefined;
  };
  const start = async (): Promise<void> => {
    const settings = {
      ...{ optionsFile, dataFolder: folder, host: HOST, httpPort, mqttPort: 0, wyomingPort: 0 },
      ...{ mqttPassword: undefined, supervisorToken: undefined, openOnLoopback: true },
    };
    app = await startApp(settings, '0.0.0', () => {});
  };
  atEnd(t, stop);
  const deleted = async (): Promise<readonly string[]> =>
    (await ask(httpPort, '/api/deleted', {})).json.deleted.map((one: { id: string }) => one.id);
  const bringBack = (target: string) =>
    ask(httpPort, '/api/actions/bring_back', { method: 'POST', body: { target, wait_s: 5 } });

  const other = await observe(t, broker.port);
  const isDiscovery = (line: string): boolean =>
    /^homeassistant\/device\/\S*grafana\S*\/config \{/.test(line);
  const discovered = (): number => other.heard.filter(isDiscovery).length;
  await start();
  await until('the device', () => discovered() > 0);
  const [topic = ''] = other.heard.find(isDiscovery)?.split(' ') ?? [];
  const { json } = await ask(httpPort, '/api/lab', {});
  const { id } = json.resources.find(({ name }: { name: string }) => name === 'grafana');

  // The option “self” is not set, and this test runs on nothing of that lab.
  const body = { target: id, wait_s: 5 };
  const restart = await ask(httpPort, '/api/actions/restart', { method: 'POST', body });
  assert.deepEqual([restart.status, restart.json.code], [409, 'lifeline']);

  const refused = await bringBack(id);
  assert.deepEqual([refused.status, refused.json.code], [422, 'target_unsuitable']);

  await other.client.publishAsync(topic, '', { retain: true, qos: 1 });
  await eventually('it to be listed', async () => (await deleted()).includes(id));

  await stop();
  other.heard.length = 0;
  await start();
  await until('another device', () =>
    other.heard.some((line) => /prometheus\S*\/availability online/.test(line)),
  );
  assert.deepEqual(await deleted(), [id], 'it is remembered');
  assert.equal(discovered(), 0);

  const { status, json: answer } = await bringBack(id);
  assert.deepEqual([status, answer.job.state], [200, 'succeeded']);
  await until('the device again', () => discovered() > 0);
  assert.deepEqual(await deleted(), []);
  const { retained } = await observe(t, broker.port);
  await until('what the broker keeps', () => retained.get(topic)?.includes('grafana'));

  await stop();
  await start();
  await until(
    'the lab',
    () => other.heard.filter((line) => line.endsWith('/availability online')).length > 2,
  );
  assert.deepEqual(await deleted(), [], 'nor does it come back to the list');
});
