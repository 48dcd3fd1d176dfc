import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { composeLabels } from '../simulators/docker/seed.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';
import type { ContainerSpec } from '../simulators/docker/spec.ts';
import { endOf, isChange, killAt, MOMENTS } from './helpers/kill-gate.ts';
import { checkOf, HOST, outcome, startStackLab } from './helpers/stack-lab.ts';
import { Disk, type Gate } from './helpers/update-lab.ts';
import { eventually } from './parts/process.ts';

const SHOP = 'docker/nas/stack/shop';
const WEB = 'docker/nas/container/shop.web.1';
const ANONYMOUS = 'f00d'.repeat(16);

const serviceOf = (service: string, more: Partial<ContainerSpec> = {}): ContainerSpec => ({
  ...{
    name: `shop-${service}-1`,
    image: `team/${service}:1`,
    networkMode: 'shop_default',
    restart: 'always',
  },
  health: { test: 'check', intervalMs: 20 },
  ...more,
  labels: { ...composeLabels('shop', service), ...more.labels },
});

suite('what goes from an engine', () => {
  let simulated: DockerEngine;
  let disk: Disk;
  let server: DockerSimulator;
  let run: ReturnType<typeof startStackLab>;
  let calls: string[];

  function prepare(): void {
    simulated = new DockerEngine({ stopMs: 1, statsWaitMs: 1 });
    const labels = { 'com.docker.compose.project': 'shop' };
    simulated.kept.networks.set('shop_default', { name: 'shop_default', labels });
    simulated.kept.volumes.set('shop_data', { name: 'shop_data', labels });
    simulated.kept.volumes.set('other', { name: 'other', labels: {} });
    calls = [];
  }
  function seed(): void {
    const mounts = [
      { from: 'shop_data', to: '/data' },
      { from: ANONYMOUS, to: '/cache' },
      { from: 'other', to: '/other' },
    ];
    const depends = { 'com.docker.compose.depends_on': 'db:service_started:false' };
    for (const spec of [serviceOf('web', { mounts, labels: depends }), serviceOf('db')]) {
      simulated.create(spec);
      simulated.start(spec.name);
    }
  }
  beforeEach(() => {
    disk = new Disk();
    prepare();
  });
  afterEach(async () => {
    await end();
    disk.remove();
  });
  async function start(
    gate?: Gate,
    options: object = {},
    database = disk.open(),
    seen = SHOP,
  ): Promise<void> {
    const listening: Gate = (method, path) => {
      if (isChange(method, path)) calls.push(`${method} ${path}`);
      return gate?.(method, path);
    };
    server = await startDockerSimulator({ engine: simulated, gate: listening });
    run = startStackLab({ url: server.url, ...options }, database);
    await run.seen(seen);
  }
  async function end(): Promise<void> {
    await run.close();
    await server.close();
  }
  const there = (): string[] => simulated.containers.map(({ name, status }) => `${name} ${status}`).sort();
  const volumes = (): string[] =>
    simulated.kept
      .volumeList()
      .map((one) => (one as { Name: string }).Name)
      .sort();

  test('is a stack with its networks, its volumes only where that is said', async () => {
    seed();
    await start();
    const plan = await run.planned('remove_stack', SHOP);
    assert.equal(checkOf(plan, 'Volumes that go')?.message, 'none');
    assert.equal(checkOf(plan, 'Volumes that stay')?.message, `shop_data (300 MiB), ${ANONYMOUS} (300 MiB)`);
    assert.deepEqual(plan.warnings, [
      'its file stays on the engine’s machine: /opt/stacks/shop/compose.yaml',
    ]);
    assert.deepEqual(
      plan.steps.map(({ name, calls: sent }) => [name, sent]),
      [
        ['Stop shop', ['POST /containers/shop-db-1/stop', 'POST /containers/shop-web-1/stop']],
        ['Remove the containers of shop', ['DELETE /containers/shop-db-1', 'DELETE /containers/shop-web-1']],
        ['Remove the networks of shop', ['DELETE /networks/shop_default']],
      ],
    );
    assert.deepEqual(outcome(await run.done('remove_stack', SHOP)), ['succeeded', undefined]);
    assert.deepEqual(there(), []);
    assert.ok(volumes().includes('shop_data') && volumes().includes('other'));
    assert.ok(!simulated.kept.networks.has('shop_default'));
    assert.match(calls[0] ?? '', /stop/);
  });

  test('is a stack with its volumes, and none that is of others', async () => {
    seed();
    await start();
    const plan = await run.planned('remove_stack', SHOP, { volumes: true });
    assert.equal(checkOf(plan, 'Volumes that go')?.message, `shop_data (300 MiB), ${ANONYMOUS} (300 MiB)`);
    assert.match(plan.warnings?.[0] ?? '', /what is in shop_data, f00d.* cannot be had back/);
    assert.deepEqual(outcome(await run.done('remove_stack', SHOP, { volumes: true })), [
      'succeeded',
      undefined,
    ]);
    assert.deepEqual(volumes(), ['other']);
  });

  test('is no volume that a container of somebody else has, too', async () => {
    seed();
    simulated.create({ name: 'other', image: 'x', mounts: [{ from: 'shop_data', to: '/x' }] });
    await start();
    const { warnings } = await run.planned('remove_stack', SHOP, { volumes: true });
    assert.ok(
      warnings?.includes('shop_data stays: containers of other stacks have it, too'),
      warnings?.join(),
    );
    assert.deepEqual(outcome(await run.done('remove_stack', SHOP, { volumes: true })), [
      'succeeded',
      undefined,
    ]);
    assert.ok(volumes().includes('shop_data'));
  });

  test('is a network only where nobody else is on it, and that is said', async () => {
    seed();
    simulated.create({ name: 'guest', image: 'x', networkMode: 'shop_default' });
    simulated.start('guest');
    await start();
    const job = await run.done('remove_stack', SHOP);
    assert.deepEqual(outcome(job), ['succeeded', undefined]);
    assert.ok(
      run.executor
        .logOf(job.id)
        .some(({ text }) => /shop_default stays: other containers are on it/.test(text)),
    );
  });

  test('is nothing without its name repeated', async () => {
    seed();
    await start();
    assert.throws(() => run.begin('remove_stack', SHOP, {}, { confirm: true }), { code: 'confirm_missing' });
    assert.throws(() => run.begin('prune', HOST, {}, { confirm: undefined }), { code: 'confirm_missing' });
  });

  for (const [name, image, why] of [
    ['broker', 'eclipse-mosquitto:2', /MQTT broker/],
    ['proxy', 'tecnativa/docker-socket-proxy:latest', /socket proxy/],
    ['self', 'ghcr.io/somebody/labkeeper:1', /Labkeeper itself/],
  ] as const) {
    test(`is never what Labkeeper lives by: ${name}`, async () => {
      simulated.create({ name: `${name}-x-1`, image, labels: composeLabels(name, 'x') });
      simulated.create({ name: `${name}-y-1`, image: 'team/y:1', labels: composeLabels(name, 'y') });
      const before = there();
      await start(undefined, {}, disk.open(), `docker/nas/stack/${name}`);
      const { error } = await run.done('remove_stack', `docker/nas/stack/${name}`);
      assert.equal(error?.code, 'check_failed');
      assert.match(error?.message ?? '', why);
      const made = await run.done('recreate_container', `docker/nas/container/${name}.x.1`);
      assert.match(made.error?.message ?? '', why);
      assert.deepEqual(there(), before);
    });
  }

  test('is of images only what nothing is made from, and neither what updates keep nor what Labkeeper works with', async () => {
    simulated.images.put('team/web:1', { id: 'sha256:web' });
    seed();
    simulated.images.put('team/old:1', { id: 'sha256:old' });
    simulated.images.put('team/lost:1', { id: 'sha256:lost' });
    simulated.images.put('team/lost:1', { id: 'sha256:found' });
    simulated.images.put('labkeeper-kept:abc', { id: 'sha256:kept' });
    simulated.images.put('docker:cli', { id: 'sha256:cli' });
    await start();
    const shown = checkOf(await run.planned('prune', HOST), 'Images')?.message ?? '';
    assert.equal(shown, 'sha256:lost (800 MiB)');
    assert.deepEqual(outcome(await run.done('prune', HOST)), ['succeeded', undefined]);
    const all = await run.planned('prune', HOST, { images: 'unused', build_cache: true });
    assert.equal(checkOf(all, 'Images')?.message, 'team/old:1 (800 MiB), team/lost:1 (800 MiB)');
    assert.equal(checkOf(all, 'Build cache')?.message, '50 MiB');
    assert.equal(checkOf(all, 'Freed')?.message, 'at least 1.4 GiB');
    assert.equal(checkOf(all, 'Volumes')?.message, 'none goes');
    const job = await run.done('prune', HOST, { images: 'unused', build_cache: true });
    assert.deepEqual(outcome(job), ['succeeded', undefined]);
    for (const name of ['team/web:1', 'team/db:1', 'labkeeper-kept:abc', 'docker:cli'])
      assert.ok(simulated.images.tagged(name), name);
    assert.equal(simulated.images.tagged('team/old:1'), undefined);
    assert.equal(simulated.kept.buildCache, 0);
  });

  test('is no volume unless said, and none that a stopped container has', async () => {
    seed();
    await simulated.stop('shop-web-1');
    for (const name of ['left', ANONYMOUS.replaceAll('f', 'e'), 'labkeeper-copy-x'])
      simulated.kept.volumes.set(name, { name, labels: {} });
    await start();
    const wanted = async (which: string): Promise<string | undefined> =>
      checkOf(await run.planned('prune', HOST, { images: 'none', volumes: which }), 'Volumes')?.message;
    assert.equal(await wanted('none'), 'none goes');
    assert.equal(await wanted('anonymous'), `${ANONYMOUS.replaceAll('f', 'e')} (300 MiB)`);
    assert.equal(await wanted('unused'), `left (300 MiB), ${ANONYMOUS.replaceAll('f', 'e')} (300 MiB)`);
    assert.deepEqual(outcome(await run.done('prune', HOST, { images: 'none', volumes: 'unused' })), [
      'succeeded',
      undefined,
    ]);
    assert.deepEqual(volumes(), [ANONYMOUS, 'labkeeper-copy-x', 'other', 'shop_data']);
  });

  test('is what was listed, even if more has come to be unused meanwhile', async () => {
    seed();
    simulated.images.put('team/old:1', { id: 'sha256:old' });
    await start();
    const binding = { requestId: 'one' };
    await run.planned('prune', HOST, { images: 'unused' }, binding);
    simulated.images.put('team/older:1', { id: 'sha256:older' });
    const { error } = await run.done('prune', HOST, { images: 'unused' }, binding);
    assert.equal(error?.code, 'target_changed');
    assert.ok(simulated.images.tagged('team/old:1'));
  });

  test('comes back where a container is made anew, from the same image or a newer one', async () => {
    simulated.images.put('team/web:1', { id: 'sha256:one' });
    seed();
    const before = simulated.find('shop-web-1').id;
    await start();
    const plan = await run.planned('recreate_container', WEB);
    assert.equal(checkOf(plan, 'Image')?.message, 'team/web:1, the same as before');
    assert.ok(!plan.steps.some(({ name }) => /Pull/.test(name)));
    assert.deepEqual(outcome(await run.done('recreate_container', WEB)), ['succeeded', undefined]);
    const now = simulated.find('shop-web-1');
    assert.notEqual(now.id, before);
    assert.deepEqual([now.imageId, now.status], ['sha256:one', 'running']);
    simulated.images.publish('team/web:1', { id: 'sha256:two' });
    assert.deepEqual(outcome(await run.done('recreate_container', WEB, { pull: true })), [
      'succeeded',
      undefined,
    ]);
    assert.equal(simulated.find('shop-web-1').imageId, 'sha256:two');
    assert.deepEqual(there(), ['shop-db-1 running', 'shop-web-1 running']);
  });

  test('comes back as it was where the new one fails, since the same program wrote the data', async () => {
    seed();
    const before = simulated.find('shop-web-1').id;
    await start();
    const job = run.begin('recreate_container', WEB);
    await eventually('the new one', () => {
      const now = simulated.containers.find(({ name }) => name === 'shop-web-1');
      if (now === undefined || now.id === before || !now.alive) return false;
      simulated.setHealth('shop-web-1', 'unhealthy');
      return true;
    });
    const { state, error } = (await run.executor.ended(job.id)) ?? assert.fail();
    assert.equal(state, 'failed');
    assert.match(error?.message ?? '', /unhealthy; the old container runs again/);
    assert.equal(simulated.find('shop-web-1').id, before);
    assert.deepEqual(there(), ['shop-db-1 running', 'shop-web-1 running']);
  });

  for (const [action, target, input, least, settled] of [
    ['remove_stack', SHOP, { volumes: true }, 5, { containers: [], volumes: ['other'] }],
    ['prune', HOST, { images: 'unused', build_cache: true, volumes: 'unused' }, 4, undefined],
    ['recreate_container', WEB, {}, 5, undefined],
  ] as const) {
    for (const moment of MOMENTS) {
      test(`once, by ${action}, when Labkeeper is killed just ${moment} any of its calls`, async () => {
        for (let call = 1; ; call += 1) {
          prepare();
          seed();
          simulated.images.put('team/old:1', { id: 'sha256:old' });
          simulated.images.put('team/older:1', { id: 'sha256:older' });
          simulated.kept.volumes.set('left', { name: 'left', labels: {} });
          const database = disk.open();
          const kill = killAt({ disk, database }, moment, call);
          await start(kill.gate, {}, database, HOST);
          await run.seen(target);
          const job = run.begin(action, target, input);
          const isThrough = !(await kill.reached(run.executor, job));
          await end();
          database.close();
          await start(undefined, { forget_after: 3_600 }, disk.open(), HOST);
          if (isThrough) {
            assert.ok(call > least, `${call} calls`);
            return;
          }
          const ended = await endOf(
            run.executor,
            job.id,
            `the end of the job after ${kill.seen}: ${there()}`,
          );
          if (action === 'recreate_container') {
            // Cut off before the new one ran, the old one runs again; else the new one does.
            assert.ok(['succeeded', 'failed'].includes(ended.state), `${kill.seen}: ${ended.error?.message}`);
            assert.deepEqual(there(), ['shop-db-1 running', 'shop-web-1 running'], kill.seen);
          } else {
            assert.deepEqual(outcome(ended), ['succeeded', undefined], kill.seen);
            assert.deepEqual(
              there(),
              settled?.containers ?? ['shop-db-1 running', 'shop-web-1 running'],
              kill.seen,
            );
            const kept =
              settled === undefined ? [ANONYMOUS, 'other', 'shop_data'] : ['left', ...settled.volumes];
            assert.deepEqual(volumes(), kept, kill.seen);
          }
          await end();
          disk.remove();
          disk = new Disk();
        }
      });
    }
  }
});
