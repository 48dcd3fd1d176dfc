import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Metafile } from 'esbuild';
import mqtt from 'mqtt';
import { bundle, loadedAtOnce, packagesIn } from '../scripts/build/bundle.ts';
import { seededEngine } from '../simulators/docker/seed.ts';
import { startDockerSimulator } from '../simulators/docker/server.ts';
import { eventually, freePort, type Running, run } from './parts/process.ts';

/** Packages that only a configured system, or the lack of a broker, may load. */
const ON_DEMAND = [
  'dockerode',
  'docker-modem',
  'ssh2',
  'tar-fs',
  'aedes',
  'aedes-persistence',
  'yaml',
  'home-assistant-js-websocket',
  'undici',
  'prom-client',
  'ajv',
];
/** Packages that no chunk may hold. */
const NEVER = [
  '@grpc/grpc-js',
  '@grpc/proto-loader',
  'protobufjs',
  'socks',
  'ws',
  'readable-stream',
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'light-my-request',
  'esbuild',
];

describe('bundle', () => {
  let folder = '';
  let dist = '';
  let metafile: Metafile;

  before(async () => {
    // Outside of the project: neither its packages nor its package.json are found from there.
    folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-bundle-'));
    dist = path.join(folder, 'dist');
    metafile = await bundle(dist);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const entry = (): string => {
    const found = Object.keys(metafile.outputs).find((file) => path.basename(file) === 'main.js');
    assert.ok(found);
    return found;
  };

  test('loads no vendor client and no broker at once', () => {
    const atOnce = loadedAtOnce(metafile, entry());
    assert.ok(atOnce.has('mqtt') && atOnce.has('labkeeper'), 'the packages in it are found at all');
    assert.deepEqual(
      ON_DEMAND.filter((name) => atOnce.has(name)),
      [],
    );
  });

  test('asks Proxmox VE and Docker by Node.js’s own HTTP: undici is large, and only few systems need it', () => {
    for (const source of ['proxmox', 'docker', 'pbs', 'redfish']) {
      const chunk = Object.keys(metafile.outputs).find(
        (file) => path.basename(file).startsWith(`${source}-`) && !file.endsWith('docker-ssh.js'),
      );
      assert.ok(chunk, source);
      assert.equal(loadedAtOnce(metafile, chunk).has('undici'), false, source);
    }
  });

  test('holds what is loaded on demand, and nothing of what is left out', () => {
    const all = new Set(Object.values(metafile.outputs).flatMap((output) => [...packagesIn(output).keys()]));
    for (const name of ['dockerode', 'ssh2', 'aedes', 'home-assistant-js-websocket'])
      assert.ok(all.has(name), name);
    assert.deepEqual(
      NEVER.filter((name) => all.has(name)),
      [],
    );
  });

  test('needs nothing but Node.js', () => {
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    const outside = new Set(imports.filter(({ external }) => external).map(({ path: name }) => name));
    // Our own chunk; and what ssh2 and debug try to load, and do without.
    const optional = [
      './docker-ssh.js',
      'cpu-features',
      './crypto/build/Release/sshcrypto.node',
      'supports-color',
    ];
    const needed = [...outside].filter((name) => !optional.includes(name));
    const unknown = needed.filter((name) => process.getBuiltinModule(name) === undefined);
    assert.deepEqual(unknown, []);
  });

  test('is ASCII: one other letter would double its memory', async () => {
    for (const file of await readdir(dist)) {
      const text = await readFile(path.join(dist, file), 'utf8');
      assert.doesNotMatch(text, /[^\0-\x7f]/, file);
    }
  });

  test('has Docker’s way over SSH in a chunk that works by itself', async () => {
    const { default: agentFor } = await import(pathToFileURL(path.join(dist, 'docker-ssh.js')).href);
    assert.equal(typeof agentFor({}).createConnection, 'function');
  });

  test('starts without options, is online, and ends by a signal', async (t) => {
    const { app, port } = await startBundle(t, {});
    const heard = await hear(t, port, 'labkeeper/bridge/state', ({ payload }) => payload === 'online');
    app.kill('SIGTERM');
    assert.equal(await app.exited, 0, app.output());
    await eventually('the goodbye', () => heard.length > 1);
    assert.deepEqual(
      heard.map(({ payload }) => payload),
      ['online', 'offline'],
    );
    assert.doesNotMatch(app.output(), /ERROR|WARN|cannot/);
  });

  test('reads options in YAML', async (t) => {
    const { app, port } = await startBundle(t, 'self: none # as people write them\nlanguage: de\n');
    await hear(t, port, 'labkeeper/bridge/state', ({ payload }) => payload === 'online');
    app.kill('SIGTERM');
    assert.equal(await app.exited, 0, app.output());
  });

  test('imports at run time no package by itself, whose names it would not find', () => {
    const found = Object.values(metafile.inputs).flatMap(({ imports }) =>
      imports.filter(({ kind, original = '.' }) => kind === 'dynamic-import' && !original.startsWith('.')),
    );
    // A true module, unlike most.
    assert.deepEqual([...new Set(found.map(({ original }) => original))], ['aedes']);
  });

  test('leaves parts of Node.js alone that are large and not needed', async (t) => {
    const told = path.join(folder, 'loaded.mjs');
    const code = `process.on('exit', () => console.log('LOADED', JSON.stringify(process.moduleLoadList)));`;
    await writeFile(told, code);
    const simulator = await startDockerSimulator({ engine: seededEngine() });
    t.after(() => simulator.close());
    const { app } = await startBundle(t, { docker: [{ id: 'lab', url: simulator.url }] }, `--import=${told}`);
    await eventually('the engine', () => /docker\/lab: connected/.test(app.output()), 20_000);
    app.kill('SIGTERM');
    assert.equal(await app.exited, 0, app.output());
    const [, list = '[]'] = /^LOADED (.*)$/m.exec(app.output()) ?? [];
    const loaded = (JSON.parse(list) as string[]).map((name) => name.replace('NativeModule ', ''));
    assert.ok(loaded.includes('http'), 'what is loaded is told at all');
    const large = ['http2', 'internal/deps/undici/undici', 'inspector', 'repl', 'wasi'];
    assert.deepEqual(
      large.filter((name) => loaded.includes(name)),
      [],
    );
  });

  test('brings a Docker engine’s containers to the broker, by the version in package.json', async (t) => {
    const simulator = await startDockerSimulator({ engine: seededEngine() });
    t.after(() => simulator.close());
    const { app, port } = await startBundle(t, { docker: [{ id: 'lab', url: simulator.url }] });
    const messages = await hear(t, port, 'homeassistant/device/#', ({ topic }) => topic.includes('grafana'));
    app.kill('SIGTERM');
    assert.equal(await app.exited, 0, app.output());
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    for (const { payload } of messages) assert.equal(JSON.parse(payload).origin.sw_version, version);
  });

  async function startBundle(
    t: TestContext,
    options: object | string,
    nodeOptions = '',
  ): Promise<{ app: Running; port: number }> {
    const port = await freePort();
    const data = await mkdtemp(path.join(folder, 'data-'));
    const file = path.join(data, 'options.json');
    await writeFile(file, typeof options === 'string' ? options : JSON.stringify(options));
    const env = {
      LABKEEPER_OPTIONS: file,
      LABKEEPER_DATA: data,
      LABKEEPER_HOST: '127.0.0.1',
      LABKEEPER_MQTT_PORT: String(port),
      LABKEEPER_HTTP_PORT: '0',
      LABKEEPER_WYOMING_PORT: '0',
      NODE_OPTIONS: nodeOptions,
    };
    const app = run(process.execPath, [path.join(dist, 'main.js')], { env, cwd: data });
    t.after(() => app.stop());
    return { app, port };
  }
});

interface Heard {
  readonly topic: string;
  readonly payload: string;
}

/** Listens to `filter` until there was a message that `enough` finds; the messages go on to be collected. */
async function hear(
  t: TestContext,
  port: number,
  filter: string,
  enough: (message: Heard) => boolean,
): Promise<readonly Heard[]> {
  const client = mqtt.connect({
    host: '127.0.0.1',
    port,
    protocol: 'mqtt',
    protocolVersion: 4,
    reconnectPeriod: 50,
  });
  t.after(() => client.endAsync(true));
  // Until the broker listens.
  client.on('error', () => {});
  client.on('connect', () => client.subscribe(filter));
  const messages: Heard[] = [];
  client.on('message', (topic, payload) => messages.push({ topic, payload: payload.toString() }));
  await eventually(`a message to ${filter}`, () => messages.some(enough), 20_000);
  return messages;
}
