import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type Event, type EventStream, listen, read, send } from '../simulators/docker/client.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';
import type { JsonObject } from '../simulators/shape.ts';

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
    const stream = await begin({ health: { test: 'true', intervalMs: 500 } });
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
