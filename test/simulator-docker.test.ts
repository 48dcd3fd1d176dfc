import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Event, type EventStream, listen, read, send } from '../simulators/docker/client.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { seededEngine } from '../simulators/docker/seed.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';
import { type Json, type JsonObject, shapeOf, strangersIn } from '../simulators/shape.ts';

/** Answers of real engines; not part of the project, so not everywhere. */
const RECORDED = fileURLToPath(new URL('../../shared/reference/recorded', import.meta.url));
const missing = existsSync(RECORDED) ? false : 'no recordings here';

/** Keys that are names of things, not fields: what they hold is compared, whatever they are. */
const NAMED =
  /(^|\.)(Labels|Ports|PortBindings|ExposedPorts|Networks|Attributes|networks|Runtimes|GraphDriver\.Data)$/;

const recorded = (name: string): Json =>
  JSON.parse(readFileSync(path.join(RECORDED, `docker__pyportainer__${name}.json`), 'utf8'));

/** Fields that a client may count on, with or without recordings at hand. */
const REQUIRED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/version': {
    Version: 'string',
    ApiVersion: 'string',
    MinAPIVersion: 'string',
    Os: 'string',
    Arch: 'string',
  },
  '/info': {
    ID: 'string',
    Name: 'string',
    Containers: 'number',
    ContainersRunning: 'number',
    ServerVersion: 'string',
    OperatingSystem: 'string',
    KernelVersion: 'string',
    Architecture: 'string',
    NCPU: 'number',
    MemTotal: 'number',
    'Swarm.LocalNodeState': 'string',
  },
  '/containers/json': {
    '[].Id': 'string',
    '[].Names': 'array',
    '[].Image': 'string',
    '[].State': 'string',
    '[].Status': 'string',
    '[].Created': 'number',
    '[].Labels': 'object',
    '[].NetworkSettings.Networks': 'object',
  },
  '/containers/ai-chatterbox-1/json': {
    Id: 'string',
    Name: 'string',
    Created: 'string',
    RestartCount: 'number',
    'State.Status': 'string',
    'State.Running': 'boolean',
    'State.ExitCode': 'number',
    'State.StartedAt': 'string',
    'State.Health.Status': 'string',
    'State.Health.FailingStreak': 'number',
    'Config.Image': 'string',
    'Config.Labels': 'object',
    'Config.Healthcheck.Test': 'array',
    'HostConfig.AutoRemove': 'boolean',
    'HostConfig.NetworkMode': 'string',
    'HostConfig.RestartPolicy.Name': 'string',
    'NetworkSettings.Ports': 'object',
    'NetworkSettings.Ports.*': 'array',
    'NetworkSettings.Ports.*[].HostIp': 'string',
    'NetworkSettings.Ports.*[].HostPort': 'string',
  },
  '/system/df': {
    LayersSize: 'number',
    'Images[].Size': 'number',
    'Images[].SharedSize': 'number',
    'Images[].Containers': 'number',
    'Containers[].SizeRw': 'number',
    'Containers[].State': 'string',
    'Volumes[].UsageData.Size': 'number',
    'Volumes[].UsageData.RefCount': 'number',
    'BuildCache[].Size': 'number',
  },
  '/containers/ai-chatterbox-1/stats?stream=false&one-shot=true': {
    read: 'string',
    'cpu_stats.cpu_usage.total_usage': 'number',
    'cpu_stats.system_cpu_usage': 'number',
    'cpu_stats.online_cpus': 'number',
    'memory_stats.usage': 'number',
    'memory_stats.limit': 'number',
    'memory_stats.stats.inactive_file': 'number',
    'networks.*.rx_bytes': 'number',
    'networks.*.tx_bytes': 'number',
    'blkio_stats.io_service_bytes_recursive[].op': 'string',
    'blkio_stats.io_service_bytes_recursive[].value': 'number',
  },
};

/** The recordings are the API's documented examples, of a newer version and on cgroup v1. */
const RECORDINGS: readonly (readonly [string, string, readonly RegExp[]])[] = [
  ['/version', 'docker_version', [/^Components\[\]\./]],
  [
    '/info',
    'docker_info',
    // Kept in lists or in maps that the example leaves empty.
    [/^Plugins\.\w+\[\]/, /^RegistryConfig\.\w+(\[\]|\.)/, /^Runtimes\.\*\.path$/],
  ],
  [
    '/containers/json',
    'containers',
    // A number on the wire, in the example a string. The example's port has no address.
    [/^\[\]\.Created$/, /^\[\]\.Ports\[\]\.IP$/],
  ],
  [
    '/containers/ai-chatterbox-1/json',
    'container_inspect',
    [
      // Gone in newer versions; an empty list in the example; a number on the wire, in the example a string.
      /^HostConfig\.KernelMemory$/,
      /^Config\.Entrypoint\[\]$/,
      /^NetworkSettings\.LinkLocalIPv6PrefixLen$/,
    ],
  ],
  [
    '/containers/ai-chatterbox-1/stats?stream=false&one-shot=true',
    'container_stats',
    // What an engine sends today and the example, from 2015, does not have; and the counters of cgroup v2.
    [
      /^(preread|num_procs|storage_stats|name|id)$/,
      /^memory_stats\.stats\./,
      /^blkio_stats\./,
      /^pids_stats\.limit$/,
    ],
  ],
];

suite('simulated engine: what it says', () => {
  const engine = seededEngine({ statsWaitMs: 5 });
  let simulator: DockerSimulator;
  before(async () => {
    simulator = await startDockerSimulator({ engine });
  });
  after(() => simulator.close());

  for (const [place, fields] of Object.entries(REQUIRED)) {
    test(`${place} has the fields that clients count on`, async () => {
      const shape = shapeOf(await read(simulator, place), NAMED);
      for (const [field, type] of Object.entries(fields)) assert.equal(shape.get(field), type, field);
    });
  }

  for (const [place, name, known] of RECORDINGS) {
    test(`${place} says nothing that a real engine does not`, { skip: missing }, async () => {
      assert.deepEqual(strangersIn(await read(simulator, place), recorded(name), NAMED, known), []);
    });
  }

  test('an event says nothing that a real engine does not', { skip: missing }, async () => {
    const stream = await listen(simulator, 'since=0');
    const event = JSON.parse((await stream.next()).text) as Json;
    stream.close();
    // Older names of the same, which an engine of API 1.41 sends beside them.
    assert.deepEqual(strangersIn(event, recorded('docker_event'), NAMED, [/^(status|id|from)$/]), []);
  });

  test('a version of the API in the path changes nothing, one that is too new is refused', async () => {
    assert.deepEqual(await read(simulator, '/v1.41/version'), await read(simulator, '/version'));
    const { status, body } = await send(simulator, 'GET', '/v1.99/version');
    assert.equal(status, 400);
    assert.match(String((body as JsonObject).message), /too new/);
  });

  test('a ping is answered in plain text', async () => {
    const { status, text } = await send(simulator, 'GET', '/_ping');
    assert.deepEqual([status, text], [200, 'OK']);
  });

  test('the lab is there: three stacks, four single containers, all running', async () => {
    const list = (await read(simulator, '/containers/json')) as readonly { Labels: Record<string, string> }[];
    const stacks = Map.groupBy(list, ({ Labels }) => Labels['com.docker.compose.project'] ?? 'none');
    const sizes = [...stacks].map(([stack, members]) => [stack, members.length]).sort();
    assert.deepEqual(sizes, [
      ['ai', 2],
      ['media', 2],
      ['monitoring', 2],
      ['none', 4],
    ]);
  });
});

test('it listens on a socket, too', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'simulator-'));
  const socketPath = path.join(folder, 'docker.sock');
  const simulator = await startDockerSimulator({ engine: new DockerEngine(), socketPath });
  try {
    assert.equal(simulator.url, `unix://${socketPath}`);
    const [response] = (await once(get({ socketPath, path: '/_ping' }), 'response')) as [IncomingMessage];
    assert.equal(Buffer.concat(await response.toArray()).toString(), 'OK');
  } finally {
    await simulator.close();
    await rm(folder, { recursive: true });
  }
});

suite('simulated engine: what it does', () => {
  const CONTAINER = { name: 'box', image: 'lab/box:1', labels: { colour: 'red' } };
  let engine: DockerEngine;
  let simulator: DockerSimulator;
  const post = async (what: string): Promise<number> =>
    (await send(simulator, 'POST', `/containers/box/${what}`)).status;

  before(async () => {
    engine = new DockerEngine({ stopMs: 10, statsWaitMs: 10 });
    simulator = await startDockerSimulator({ engine });
  });
  after(() => simulator.close());

  /** A fresh container that runs, and the events from now on. */
  async function begin(spec: Partial<Parameters<DockerEngine['create']>[0]> = {}): Promise<EventStream> {
    if (engine.containers.length > 0) engine.remove('box', true);
    engine.create({ ...CONTAINER, ...spec });
    engine.start('box');
    return listen(simulator, CONTAINERS_ONLY);
  }

  test('stop and start tell their events in the order of a real engine', async () => {
    const stream = await begin();
    assert.equal(await post('stop'), 204);
    assert.equal(await post('start'), 204);
    const events = await stream.take(4);
    assert.deepEqual(actionsOf(events), ['kill', 'die', 'stop', 'start']);
    assert.equal(events[0]?.Actor.Attributes.signal, '15');
    assert.deepEqual(events[1]?.Actor.Attributes, {
      colour: 'red',
      exitCode: '0',
      image: 'lab/box:1',
      name: 'box',
    });
    stream.close();
  });

  test('who does not end in time is killed', async () => {
    const stream = await begin({ stopMs: 60_000 });
    assert.equal(await post('stop?t=0'), 204);
    const events = await stream.take(4);
    assert.deepEqual(actionsOf(events), ['kill', 'kill', 'die', 'stop']);
    assert.equal(events[2]?.Actor.Attributes.exitCode, '137');
    stream.close();
  });

  test('a restart, a pause and a removal tell their events too', async () => {
    const stream = await begin();
    assert.equal(await post('restart'), 204);
    assert.deepEqual(actionsOf(await stream.take(5)), ['kill', 'die', 'stop', 'start', 'restart']);
    assert.equal(await post('pause'), 204);
    assert.equal(await post('unpause'), 204);
    assert.equal(await post('kill'), 204);
    assert.equal((await send(simulator, 'DELETE', '/containers/box')).status, 204);
    assert.deepEqual(actionsOf(await stream.take(5)), ['pause', 'unpause', 'kill', 'die', 'destroy']);
    stream.close();
  });

  test('what is done already is 304, what is not there 404, what cannot be 409 or what the engine says', async () => {
    const stream = await begin();
    stream.close();
    assert.equal(await post('start'), 304);
    assert.equal((await send(simulator, 'DELETE', '/containers/box')).status, 409);
    assert.equal(await post('unpause'), 500);
    assert.equal(await post('stop'), 204);
    assert.equal(await post('stop'), 304);
    assert.equal(await post('pause'), 409);
    assert.equal(await post('kill'), 409);
    const { status, body } = await send(simulator, 'POST', '/containers/none/start');
    assert.deepEqual([status, body], [404, { message: 'No such container: none' }]);
    assert.equal((await send(simulator, 'GET', '/containers/none/json')).status, 404);
    assert.equal((await send(simulator, 'GET', '/nothing')).status, 404);
  });

  test('a stopped container is listed only when all are asked for', async () => {
    (await begin()).close();
    await post('stop');
    assert.deepEqual(await read(simulator, '/containers/json'), []);
    const [entry] = (await read(simulator, '/containers/json?all=true')) as readonly JsonObject[];
    assert.equal(entry?.State, 'exited');
    assert.match(String(entry?.Status), /^Exited \(0\) .* ago$/);
  });

  test('events since a moment are told again from that moment on, then live', async () => {
    const first = await begin();
    await post('restart');
    const [, die] = await first.take(5);
    first.close();
    const nanoseconds = die?.nanoseconds ?? '';
    const since = `${nanoseconds.slice(0, -9)}.${nanoseconds.slice(-9)}`;
    const second = await listen(simulator, `since=${since}&${CONTAINERS_ONLY}`);
    assert.deepEqual(actionsOf(await second.take(4)), ['die', 'stop', 'start', 'restart']);
    engine.pause('box');
    assert.deepEqual(actionsOf(await second.take(1)), ['pause']);
    second.close();
  });

  test('only the last 256 events are remembered, all at different moments', async () => {
    (await begin()).close();
    for (let times = 0; times < 300; times += 1) {
      engine.pause('box');
      engine.unpause('box');
    }
    const stream = await listen(simulator, 'since=1.000000000');
    const events = await stream.take(256);
    assert.equal(new Set(events.map(({ nanoseconds }) => nanoseconds)).size, 256);
    engine.pause('box');
    assert.deepEqual(actionsOf(await stream.take(1)), ['pause']);
    stream.close();
  });

  test('other events than those of containers come only to who asks for them', async () => {
    (await begin()).close();
    const all = await listen(simulator, '');
    const some = await listen(simulator, CONTAINERS_ONLY);
    engine.die('box', 1);
    engine.start('box');
    assert.deepEqual(
      (await all.take(4)).map(({ Type, Action }) => `${Type} ${Action}`),
      ['container die', 'network disconnect', 'network connect', 'container start'],
    );
    assert.deepEqual(actionsOf(await some.take(2)), ['die', 'start']);
    all.close();
    some.close();
  });

  test('all streams can be cut without an end', async () => {
    const stream = await begin();
    engine.dropStreams();
    await assert.rejects(stream.next());
    assert.equal(engine.events.listeners, 0);
  });

  test('who crashes comes back by its restart policy, and that is counted', async () => {
    const stream = await begin({ restart: 'on-failure' });
    engine.die('box', 3);
    const waiting = (await read(simulator, '/containers/box/json')) as {
      State: JsonObject;
      RestartCount: number;
    };
    assert.equal(waiting.State.Status, 'restarting');
    assert.equal(waiting.State.ExitCode, 3);
    const events = await stream.take(2);
    assert.deepEqual(actionsOf(events), ['die', 'start']);
    assert.equal(events[0]?.Actor.Attributes.exitCode, '3');
    const back = (await read(simulator, '/containers/box/json')) as {
      State: JsonObject;
      RestartCount: number;
    };
    assert.deepEqual([back.State.Status, back.RestartCount], ['running', 1]);
    engine.die('box', 0);
    assert.equal(engine.find('box').status, 'exited');
    stream.close();
  });

  test('a health check runs, and its verdict is an event', async () => {
    const stream = await begin({ health: { test: 'true', intervalMs: 10 } });
    const first = await stream.take(4);
    assert.deepEqual(actionsOf(first), [
      'exec_create: /bin/sh -c true',
      'exec_start: /bin/sh -c true',
      'exec_die',
      'health_status: healthy',
    ]);
    engine.setHealth('box', 'unhealthy');
    let action = '';
    while (!action.startsWith('health_status')) action = (await stream.next()).event.Action;
    assert.equal(action, 'health_status: unhealthy');
    const { State } = (await read(simulator, '/containers/box/json')) as { State: { Health: JsonObject } };
    assert.equal(State.Health.Status, 'unhealthy');
    stream.close();
  });

  test('a recreated container has the old name and labels and a new id', async () => {
    const stream = await begin();
    const before = engine.find('box').id;
    const { id } = engine.recreate('box');
    assert.notEqual(id, before);
    const events = await stream.take(5);
    assert.deepEqual(actionsOf(events), ['kill', 'die', 'destroy', 'create', 'start']);
    assert.deepEqual(
      events.map(({ Actor }) => Actor.ID),
      [before, before, before, id, id],
    );
    assert.equal(events[4]?.Actor.Attributes.colour, 'red');
    stream.close();
  });
});

test('one-shot counters grow with the time that passes and start anew with the container', async () => {
  let now = Date.UTC(2026, 0, 1);
  const engine = new DockerEngine({ now: () => now, statsWaitMs: 0 });
  engine.create({
    name: 'box',
    image: 'lab/box:1',
    load: () => ({ cores: 0.5, memory: 2 ** 20, received: 1_000, sent: 10, read: 0, written: 4_096 }),
  });
  engine.start('box');
  const simulator = await startDockerSimulator({ engine });
  const place = '/containers/box/stats?stream=false&one-shot=true';
  const counters = async (): Promise<readonly number[]> => {
    const stats = (await read(simulator, place)) as unknown as Stats;
    return [stats.cpu_stats.cpu_usage.total_usage, stats.networks?.eth0?.rx_bytes ?? Number.NaN];
  };
  try {
    assert.deepEqual(await counters(), [0, 0]);
    now += 10_000;
    assert.deepEqual(await counters(), [5e9, 10_000]);
    engine.pause('box');
    now += 10_000;
    engine.unpause('box');
    now += 10_000;
    assert.deepEqual(await counters(), [10e9, 20_000]);
    engine.kill('box');
    const none = (await read(simulator, place)) as unknown as Stats;
    assert.equal(none.read, '0001-01-01T00:00:00Z');
    assert.equal(none.networks, undefined);
    engine.start('box');
    now += 1_000;
    assert.deepEqual(await counters(), [0.5e9, 1_000]);
  } finally {
    await simulator.close();
  }
});

interface Stats {
  readonly read: string;
  readonly cpu_stats: { readonly cpu_usage: { readonly total_usage: number } };
  readonly networks?: { readonly eth0?: { readonly rx_bytes: number } };
}

const CONTAINERS_ONLY = `filters=${encodeURIComponent('{"type":["container"]}')}`;

const actionsOf = (events: readonly Event[]): readonly string[] => events.map(({ Action }) => Action);
