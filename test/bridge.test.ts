import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionRequest } from '../addon/src/contract/action.ts';
import { systemClock } from '../addon/src/core/clock.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { defaultSettings } from '../addon/src/entities/settings.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { Store } from '../addon/src/model/store.ts';
import { Bridge, type BridgeParts } from '../addon/src/mqtt/bridge.ts';
import { startEmbeddedBroker } from '../addon/src/mqtt/embedded-broker.ts';
import { atEnd, observe, until } from './helpers/observer.ts';
import { aContainer, aHost, aStack, recordingLog } from './helpers/samples.ts';
import { startTcpProxy } from './helpers/tcp-proxy.ts';

const HOST = '127.0.0.1';
const BRIDGE = 'labkeeper/bridge/state';
const BIRTH = 'homeassistant/status';
const PLEX = 'docker_nas_container_media-plex-1-21440a7a';
const DISCOVERY = `homeassistant/device/${PLEX}/config`;
const LAB = [aHost(), aStack(), aContainer()];

async function bench(t: TestContext) {
  const broker = await startEmbeddedBroker({ host: HOST, port: 0 });
  atEnd(t, () => broker.close());
  return { broker, observer: await observe(t, broker.port) };
}

/** One app's way to the broker, with a lab of three things. */
function app(t: TestContext, port: number, change: Partial<BridgeParts> = {}) {
  const store = new Store<LabResource>();
  const log = recordingLog();
  const requests: ActionRequest[] = [];
  const conflicts: string[] = [];
  const bridge = new Bridge({
    address: { host: HOST, port, tls: false },
    settings: defaultSettings,
    birth: { topic: BIRTH, payload: 'online' },
    store,
    configured: new Set(['docker/nas']),
    database: memoryDatabase(),
    clock: systemClock,
    random: () => 0,
    log,
    submit: (request) => requests.push(request),
    onConflict: (message) => conflicts.push(message),
    ...change,
  });
  store.replace('docker/nas', LAB);
  let closed = false;
  const close = async (): Promise<void> => {
    if (!closed) await bridge.close();
    closed = true;
  };
  atEnd(t, close);
  return { bridge, store, log, requests, conflicts, close };
}

suite('bridge', { concurrency: true }, () => {
  test('publishes the lab, and in a second run only what the broker lacks', async (t) => {
    const { broker, observer } = await bench(t);
    const database = memoryDatabase();
    const first = app(t, broker.port, { database });
    await until('the lab', () => observer.said(`labkeeper/${PLEX}/availability online`));
    await first.close();
    await until('the goodbye', () => observer.said(`${BRIDGE} offline`));
    observer.heard.length = 0;
    const second = app(t, broker.port, { database });
    second.store.replace('docker/nas', [aHost(), aStack(), aContainer({ name: 'renamed' })]);
    await until('the lab again', () => observer.said(`labkeeper/${PLEX}/availability online`));
    const configs = observer.heard.filter((line) => line.startsWith('homeassistant/device/'));
    assert.equal(configs.length, 1, configs.join('\n'));
    assert.ok(configs[0]?.startsWith(DISCOVERY));
    const order = observer.heard.filter(
      (line) => line.endsWith('/availability offline') || line === `${BRIDGE} online`,
    );
    assert.equal(order.at(-1), `${BRIDGE} online`, 'nobody shall believe what an earlier run said');
    assert.equal(order.length, 4);
  });

  test('answers a birth of Home Assistant with what the broker holds differently, soon but not at once', async (t) => {
    const { broker, observer } = await bench(t);
    app(t, broker.port);
    await until('the lab', () => observer.said(`labkeeper/${PLEX}/availability online`));
    await observer.client.publishAsync(DISCOVERY, '{"device":{}}', { retain: true });
    await sleep(200);
    observer.heard.length = 0;
    await observer.client.publishAsync(BIRTH, 'offline');
    await observer.client.publishAsync(BIRTH, 'online');
    await sleep(300);
    assert.deepEqual(
      observer.heard.filter((line) => !line.startsWith(BIRTH)),
      [],
    );
    await until('the device again', () => observer.said(`labkeeper/${PLEX}/availability online`));
    const configs = observer.heard.filter((line) => line.startsWith('homeassistant/device/'));
    assert.equal(configs.length, 1);
    assert.match(configs[0] ?? '', /"name":"plex"/);
  });

  test('takes a birth that the broker kept for what it is', async (t) => {
    const { broker, observer } = await bench(t);
    await observer.client.publishAsync(BIRTH, 'online', { retain: true, qos: 1 });
    app(t, broker.port);
    await until('the lab', () => observer.said(`labkeeper/${PLEX}/availability online`));
    await sleep(800);
    assert.equal(observer.said(`labkeeper/${PLEX}/availability online`), 1);
  });

  test('notices that a device was deleted, and brings it back', async (t) => {
    const { broker, observer } = await bench(t);
    const { bridge } = app(t, broker.port);
    await until('the lab', () => observer.said(`labkeeper/${PLEX}/availability online`));
    for (let entity = 0; entity < 3; entity += 1) {
      await observer.client.publishAsync(DISCOVERY, '', { retain: true });
    }
    await until('the mark', () => bridge.publisher.deletions().length === 1);
    await until('no state of it', () => observer.said(`labkeeper/${PLEX}/availability `));
    const later = await observe(t, broker.port);
    await until('what the broker keeps', () => later.retained.size > 0);
    await sleep(100);
    assert.deepEqual(
      [...later.retained.keys()].filter((topic) => topic.includes(PLEX)),
      [],
    );
    bridge.publisher.bringBack('docker/nas/container/media.plex.1');
    await until('the device', () => later.heard.some((line) => line.startsWith(DISCOVERY)));
  });

  test('does not mistake what was under way when the connection broke', async (t) => {
    const { broker, observer } = await bench(t);
    const proxy = await startTcpProxy(broker.port);
    atEnd(t, () => proxy.close());
    const { bridge, store } = app(t, proxy.port);
    await until('the lab', () => observer.said(`labkeeper/${PLEX}/availability online`));
    // Removed while the connection breaks: the client sends that again later, when the thing is back.
    store.replace('docker/nas', [aHost(), aStack()]);
    proxy.cut();
    store.replace('docker/nas', LAB);
    await until('online again', () => observer.said(`${BRIDGE} online`) === 2);
    await until('the lab again', () => observer.said(`labkeeper/${PLEX}/availability online`) === 2);
    await sleep(300);
    assert.deepEqual(bridge.publisher.deletions(), []);
    const later = await observe(t, broker.port);
    await until('the device', () => later.retained.get(DISCOVERY)?.includes('plex'));
  });

  test('takes commands, and shows at the device which it refused', async (t) => {
    const { broker, observer } = await bench(t);
    const { requests } = app(t, broker.port);
    await until('the lab', () => observer.said(`labkeeper/${PLEX}/availability online`));
    await observer.client.publishAsync(`labkeeper/${PLEX}/power/set`, 'OFF', { qos: 1 });
    await observer.client.publishAsync(`labkeeper/${PLEX}/power/set`, 'EXPLODE', { qos: 1 });
    const refusal = (): string | undefined =>
      observer.heard.find((line) => line.startsWith(`labkeeper/${PLEX}/outcome/event `));
    await until('the refusal', refusal);
    assert.equal(requests.length, 1);
    assert.match(refusal() ?? '', /"event_type":"refused","reason":".*ON, OFF/);
  });
});

suite('a second app on the same topics', { concurrency: true }, () => {
  test('stops before it says anything, and leaves the first one online', async (t) => {
    const { broker, observer } = await bench(t);
    const first = app(t, broker.port);
    await until('the lab', () => observer.said(`labkeeper/${PLEX}/availability online`));
    observer.heard.length = 0;
    const second = app(t, broker.port);
    await until('the conflict', () => second.conflicts.length === 1);
    assert.match(second.conflicts[0] ?? '', /another Labkeeper .* uses the topics “labkeeper\/…”/);
    await observer.client.publishAsync(`labkeeper/${PLEX}/power/set`, 'OFF', { qos: 1 });
    await until('the command', () => first.requests.length === 1);
    await second.close();
    await sleep(300);
    assert.deepEqual(second.requests, [], 'its commands are the other one’s');
    const words = observer.heard.filter((line) => !/bridge\/app|power\/set/.test(line));
    assert.deepEqual(words, [], 'not a word');
    assert.deepEqual(first.conflicts, []);
    const later = await observe(t, broker.port);
    await until('still online', () => later.retained.get(BRIDGE) === 'online');
  });

  test('goes on where the first was killed, whatever its last word is', async (t) => {
    const { broker, observer } = await bench(t);
    await observer.client.publishAsync(BRIDGE, 'online', { retain: true, qos: 1 });
    const from = performance.now();
    const { conflicts } = app(t, broker.port);
    await until('the lab', () => observer.said(`labkeeper/${PLEX}/availability online`));
    assert.ok(performance.now() - from >= 900, 'it gave the other one time to answer');
    assert.deepEqual(conflicts, []);
  });

  test('ends its process with a word on what to do', async (t) => {
    const { broker, observer } = await bench(t);
    app(t, broker.port);
    await until('the lab', () => observer.said(`labkeeper/${PLEX}/availability online`));
    const folder = await mkdtemp(path.join(tmpdir(), 'second-'));
    atEnd(t, () => rm(folder, { recursive: true, force: true }));
    const options = path.join(folder, 'options.json');
    await writeFile(options, JSON.stringify({ mqtt: { host: HOST, port: broker.port } }));
    const { SUPERVISOR_TOKEN: _, ...env } = process.env;
    const main = path.join(import.meta.dirname, '../addon/src/main.ts');
    const second = spawn(process.execPath, [main], {
      env: { ...env, LABKEEPER_OPTIONS: options, LABKEEPER_DATA: folder, LABKEEPER_HTTP_PORT: '0' },
      timeout: 20_000,
    });
    let output = '';
    for (const stream of [second.stdout, second.stderr]) stream.on('data', (chunk) => (output += chunk));
    const [code] = await new Promise<[number | null]>((resolve) =>
      second.on('close', (end) => resolve([end])),
    );
    assert.equal(code, 1, output);
    assert.match(output, /ERROR .*another Labkeeper .*option “site”/);
    assert.equal(observer.said(`${BRIDGE} offline`), 0);
  });
});
