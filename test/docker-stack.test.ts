import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { systemClock } from '../addon/src/core/clock.ts';
import { Meter } from '../addon/src/core/meter.ts';
import { DockerClient } from '../addon/src/sources/docker/client.ts';
import { Picture } from '../addon/src/sources/docker/picture.ts';
import { StackControl } from '../addon/src/sources/docker/stack-control.ts';
import { inOrder, memberOf } from '../addon/src/sources/docker/stack-order.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { composeLabels } from '../simulators/docker/seed.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';
import { anInspect } from './helpers/docker.ts';

const needing = (service: string, needs = '') => ({
  ...composeLabels('shop', service),
  'com.docker.compose.depends_on': needs,
});

suite('the order of a stack', () => {
  const order = (needs: Readonly<Record<string, string>>): readonly (readonly string[])[] =>
    inOrder(
      Object.entries(needs).map(([service, text]) =>
        memberOf(anInspect({ Labels: needing(service, text) }), service, true),
      ),
    ).map((group) => group.map(({ service }) => service));

  test('is that of its needs, and together what needs nothing of each other', () => {
    assert.deepEqual(
      order({
        web: 'api:service_started:false,cache:service_started:true',
        api: 'db:service_healthy:false',
        cache: '',
        db: '',
      }),
      [['cache', 'db'], ['api'], ['web']],
    );
  });

  test('does not wait for what is not there, and ends where there is a circle', () => {
    assert.deepEqual(order({ web: 'gone:service_started:false' }), [['web']]);
    assert.deepEqual(order({ a: 'b', b: 'a', c: '', self: 'self' }), [
      ['c', 'self'],
      ['a', 'b'],
    ]);
    assert.deepEqual(order({}), []);
  });

  test('is one group where nothing is known of needs', () => {
    const member = memberOf(anInspect({ Labels: null }), 'web', false);
    assert.deepEqual([member.service, member.needs, inOrder([member]).length], ['web', [], 1]);
    assert.deepEqual(memberOf(anInspect({ Labels: needing('x', ' ,:,a:odd') }), 'x', true).needs, [
      { service: 'a', condition: 'service_started' },
    ]);
  });
});

suite('a stack as a whole', () => {
  const signal = AbortSignal.timeout(20_000);
  let engine: DockerEngine;
  let server: DockerSimulator;
  let control: StackControl;
  let picture: Picture;

  const members = () => {
    for (const container of engine.containers) {
      const { name, id, status, spec } = container;
      picture.saw(
        anInspect({ Id: id, Name: `/${name}`, Labels: spec.labels ?? {}, State: { Status: status } }),
      );
    }
    return picture.membersOf('docker/nas/stack/shop');
  };
  /** What happened, in its order. */
  const happened = (...actions: string[]): readonly string[] =>
    engine.events
      .since(0n)
      .filter(({ action }) => actions.includes(action))
      .map(({ action, attributes }) => `${action} ${attributes['com.docker.compose.service']}`);

  beforeEach(async () => {
    engine = new DockerEngine({ stopMs: 20 });
    const labels = needing;
    engine.create({ name: 'shop-web-1', image: 'web:1', labels: labels('web', 'api:service_started:false') });
    engine.create({
      name: 'shop-api-1',
      image: 'api:1',
      labels: labels('api', 'db:service_healthy:false,init:service_completed_successfully:false'),
    });
    engine.create({
      name: 'shop-db-1',
      image: 'db:1',
      labels: labels('db'),
      health: { test: 'true', intervalMs: 300 },
    });
    engine.create({
      name: 'shop-init-1',
      image: 'init:1',
      labels: labels('init', 'db:service_started:false'),
    });
    engine.create({ name: 'other', image: 'x:1' });
    server = await startDockerSimulator({ engine });
    const client = new DockerClient({ url: server.url }, 'docker/nas', systemClock, new Meter(systemClock));
    control = new StackControl(client, systemClock);
    picture = new Picture({ owner: 'docker/nas', title: 'NAS', address: undefined });
  });

  afterEach(() => server.close());

  test('starts in order, waiting for health and for what has to be through', async () => {
    const started = control.start(members(), signal);
    setTimeout(() => engine.die('shop-init-1', 0), 1_500);
    await started;
    assert.deepEqual(happened('start'), ['start db', 'start init', 'start api', 'start web']);
    const [healthy, api] = ['health_status: healthy db', 'start api'].map((what) =>
      happened('start', 'health_status: healthy', 'die').indexOf(what),
    );
    assert.ok((healthy ?? -1) >= 0 && (healthy ?? 0) < (api ?? 0), 'the database was healthy first');
    assert.equal(engine.find('other').status, 'created', 'what is not of the stack is left alone');
  });

  test('does not start what needs a service that failed, and says so', async () => {
    const started = control.start(members(), signal);
    setTimeout(() => engine.die('shop-init-1', 3), 200);
    await assert.rejects(
      started,
      /^LabError: api was not started: it needs init to be through, which ended with 3$/,
    );
    assert.equal(engine.find('shop-web-1').status, 'created');
  });

  test('ends in the opposite order, and starts again only what ran', async () => {
    for (const name of ['shop-db-1', 'shop-api-1', 'shop-web-1']) engine.start(name);
    engine.setHealth('shop-db-1', 'healthy');
    await control.stop(members(), signal);
    assert.deepEqual(happened('stop'), ['stop web', 'stop api', 'stop db']);
    for (const name of ['shop-db-1', 'shop-web-1']) engine.start(name);
    await control.restart(members(), signal);
    assert.deepEqual(happened('stop', 'start').slice(-4), ['stop web', 'stop db', 'start db', 'start web']);
    assert.equal(engine.find('shop-api-1').status, 'exited');
  });
});
