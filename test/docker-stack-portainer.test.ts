import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { SimCompose } from '../simulators/docker/compose.ts';
import { SimCopier } from '../simulators/docker/copier.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import {
  type PortainerOptions,
  type PortainerSimulator,
  type SimStack,
  startPortainer,
} from '../simulators/docker/portainer.ts';
import { composeLabels } from '../simulators/docker/seed.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';
import type { ContainerSpec } from '../simulators/docker/spec.ts';
import { Disk, startUpdates } from './helpers/update-lab.ts';
import { eventually } from './parts/process.ts';

const SHOP = 'docker/nas/stack/shop';
const KEY = 'ptr_secret';
const FILE = 'services:\n  web:\n    image: team/web:1\n    volumes:\n      - shop_data:/data\n';
const RELATIVE =
  'services:\n  web:\n    image: team/web:1\n    volumes:\n      - type: bind\n        source: ./data\n';
const ENV = [{ name: 'DB_PASSWORD', value: 'very secret' }];

const web = (more: Partial<ContainerSpec> = {}): ContainerSpec => ({
  ...{ name: 'shop-web-1', image: 'team/web:1', restart: 'always', labels: composeLabels('shop', 'web') },
  ...{ health: { test: 'check', intervalMs: 20 }, ...more },
});
const DATA = { mounts: [{ from: 'shop_data', to: '/data' }] };

suite('the update of a stack that is Portainer’s', () => {
  let simulated: DockerEngine;
  let direct: DockerSimulator;
  let compose: SimCompose;
  let portainer: PortainerSimulator;
  let disk: Disk;
  let run: Awaited<ReturnType<typeof startUpdates>>;
  let deploying: Promise<unknown>;

  beforeEach(async () => {
    disk = new Disk();
    simulated = new DockerEngine({ stopMs: 1, statsWaitMs: 1 });
    simulated.folders = new Set();
    direct = await startDockerSimulator({ engine: simulated });
    compose = new SimCompose(simulated, { files: new Set(), stepMs: 5 });
    deploying = Promise.resolve();
  });
  afterEach(async () => {
    await run.close();
    await deploying;
    await portainer.close();
    await direct.close();
    disk.remove();
  });

  /** As Portainer does it: pulls what the file names, then has Compose make what differs. */
  async function deploy({ name }: SimStack, pull: boolean): Promise<void> {
    if (pull) simulated.images.pull('team/web:1');
    deploying = compose.up(name);
    await deploying;
  }
  async function start(
    {
      spec = web(),
      stack = {},
      ...more
    }: { spec?: ContainerSpec; stack?: Partial<SimStack> } & Partial<PortainerOptions>,
    local = true,
  ): Promise<void> {
    simulated.images.put('team/web:1', { id: 'sha256:old' });
    simulated.images.publish('team/web:1', { id: 'sha256:new' });
    simulated.create(spec);
    simulated.start(spec.name);
    compose.learn();
    portainer = await startPortainer({
      ...{ apiKey: KEY, environments: [{ id: 2, name: 'local', url: direct.url, local }], deploy },
      stacks: [
        { id: 3, name: 'shop', environment: 7, file: 'not this one' },
        { id: 4, name: 'shop', environment: 2, file: FILE, env: ENV, updated: 1_700_000_000, ...stack },
      ],
      ...more,
    });
    await begin();
  }
  async function begin(): Promise<void> {
    run = await startUpdates(
      simulated,
      disk.open(),
      undefined,
      { url: portainer.url, portainer_key: KEY },
      0.5,
    );
    await run.seen(SHOP);
    await eventually('what Portainer has', async () => !(await plan()).steps[1]?.includes('not known yet'));
  }
  const plan = () => run.plan(SHOP);
  const there = (): string[] =>
    simulated.containers.map(({ name, status, imageId }) => `${name} ${status} ${imageId}`).sort();
  const onNew = (act: (id: string) => void): Promise<unknown> =>
    eventually('the new container', () => {
      const found = simulated.containers.find(
        ({ imageId, status }) => imageId === 'sha256:new' && status === 'running',
      );
      if (found !== undefined) act(found.id);
      return found !== undefined;
    });

  test('is not of what has Portainer in it, nor is Portainer itself: it is the way to the engine', async () => {
    simulated.create({ name: 'portainer', image: 'registry.lan/portainer/portainer-ce:lts' });
    simulated.start('portainer');
    await start({});
    const id = 'docker/nas/container/portainer';
    await run.seen(id);
    assert.equal(run.container(id)?.readings.updatable, undefined);
    assert.throws(() => run.submit(id), { code: 'target_unsuitable', message: /reaches the engine by/ });
  });

  test('is Portainer’s to make, from its own file, with the variables that it had', async () => {
    await start({ spec: web(DATA) });
    const { steps, warnings } = await plan();
    assert.equal(steps[1], 'Change web, by Portainer, with its own file of shop');
    assert.match(warnings?.[0] ?? '', /starts what of it does not run/);
    assert.match(warnings?.at(-1) ?? '', /nothing protects \/data \(volume shop_data\)/);
    const job = await run.update(SHOP);
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.deepEqual(there(), ['shop-web-1 running sha256:new']);
    assert.deepEqual(portainer.changes, [
      {
        call: 'PUT /api/stacks/4?endpointId=2',
        body: {
          Env: ENV,
          Prune: false,
          PullImage: true,
          RepullImageAndRedeploy: true,
          StackFileContent: FILE,
        },
      },
    ]);
    assert.equal(JSON.stringify(job).includes('very secret'), false);
  });

  test('comes from its repository where it has one', async () => {
    const git = { url: 'https://git.lan/shop', reference: 'refs/heads/live', username: 'robot' };
    await start({ stack: { git } });
    const { steps, warnings } = await plan();
    assert.equal(
      steps[1],
      'Change web, by Portainer, with what https://git.lan/shop refs/heads/live has now',
    );
    assert.match(warnings?.join() ?? '', /what was changed in https:\/\/git\.lan\/shop/);
    assert.equal((await run.update(SHOP)).state, 'succeeded');
    assert.deepEqual(portainer.changes, [
      {
        call: 'PUT /api/stacks/4/git/redeploy?endpointId=2',
        body: {
          ...{ Env: ENV, Prune: false, PullImage: true, RepullImageAndRedeploy: true },
          ...{ RepositoryReferenceName: 'refs/heads/live', RepositoryAuthentication: true },
          ...{ RepositoryUsername: 'robot', RepositoryPassword: '' },
        },
      },
    ]);
  });

  test('is Portainer’s also of a stack that it has only just made', async () => {
    await start({ stacks: [] });
    assert.match((await plan()).steps[1] ?? '', /a helper container/);
    portainer.add({ id: 9, name: 'shop', environment: 2, file: FILE, env: ENV });
    const job = await run.update(SHOP);
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.equal(portainer.changes[0]?.call, 'PUT /api/stacks/9?endpointId=2');
  });

  test('is refused where a path of the file begins on another machine, with its line', async () => {
    await start({ stack: { file: RELATIVE } }, false);
    const { error } = await run.update(SHOP);
    assert.match(error?.message ?? '', /the file of shop, line 5: \.\/data is a relative path/);
    assert.deepEqual(portainer.changes, []);
    assert.deepEqual(there(), ['shop-web-1 running sha256:old']);
  });

  test('with a relative path is none where Portainer is on the engine’s own machine', async () => {
    await start({ stack: { file: RELATIVE } });
    assert.equal((await run.update(SHOP)).state, 'succeeded');
  });

  test('is not made by a user who may not, which is said', async () => {
    await start({ isRestricted: true });
    const { error } = await run.update(SHOP);
    assert.match(error?.message ?? '', /\(403\).*Stack editing is disabled.*nothing was changed/);
    assert.match(error?.hint ?? '', /portainer_key/);
    assert.deepEqual(there(), ['shop-web-1 running sha256:old']);
  });

  test('that Portainer cannot make is told with its reason', async () => {
    await start({
      deploy: async () => {
        throw new Error('no space left on device');
      },
    });
    const { state, error } = await run.update(SHOP);
    assert.equal(state, 'failed');
    assert.match(
      error?.message ?? '',
      /failed to deploy a stack: no space left on device; nothing was changed/,
    );
    assert.deepEqual(there(), ['shop-web-1 running sha256:old']);
  });

  test('goes back by Portainer, which pulls nothing then', async () => {
    await start({});
    const job = run.submit(SHOP);
    await onNew((id) => simulated.setHealth(id, 'unhealthy'));
    const { error } = (await run.executor.ended(job.id)) ?? assert.fail();
    assert.equal(error?.message, 'the new web is unhealthy; the old images run again');
    assert.deepEqual(there(), ['shop-web-1 running sha256:old']);
    assert.deepEqual(
      portainer.changes.map(({ body }) => body.PullImage),
      [true, false],
    );
  });

  test('waits for somebody to decide where the new one may have written', async () => {
    await start({ spec: web(DATA) });
    const job = run.submit(SHOP);
    await onNew((id) => simulated.setHealth(id, 'unhealthy'));
    const { error } = (await run.executor.ended(job.id)) ?? assert.fail();
    assert.match(error?.message ?? '', /the new images stay/);
    const finding = await eventually('the finding', () => run.findings().find(({ about }) => about === SHOP));
    assert.match(finding.remedy ?? '', /update the stack in Portainer without pulling/);
    assert.equal((await run.update(SHOP, { go_back: true })).state, 'succeeded');
    assert.deepEqual(there(), ['shop-web-1 running sha256:old']);
  });

  test('goes back with the data that all of it had, where they were copied', async () => {
    simulated.images.put('docker:cli', { id: 'sha256:cli' });
    const copier = new SimCopier(simulated);
    for (const place of ['shop_data', 'shop_db']) copier.data.set(place, 'old');
    simulated.create({
      ...web({ mounts: [{ from: 'shop_db', to: '/db' }] }),
      ...{ name: 'shop-db-1', image: 'team/db:1', labels: composeLabels('shop', 'db') },
    });
    simulated.start('shop-db-1');
    await start({ spec: web(DATA) });
    await run.seen('docker/nas/container/shop.db.1');
    const job = run.submit(SHOP, { protection: 'copy' });
    await onNew((id) => {
      for (const place of copier.data.keys()) copier.data.set(place, 'new');
      simulated.setHealth(id, 'unhealthy');
    });
    const { error } = (await run.executor.ended(job.id)) ?? assert.fail();
    assert.match(error?.message ?? '', /the old images run again, with the data that they had$/);
    assert.deepEqual(
      there().filter((one) => one.startsWith('shop-web')),
      ['shop-web-1 running sha256:old'],
    );
    assert.equal(simulated.find('shop-db-1').status, 'running');
    assert.deepEqual([[...copier.data.values()], copier.torn, copier.copies.size], [['old', 'old'], [], 0]);
  });

  test('goes on when a proxy before Portainer does not wait for it', async () => {
    await start({
      proxy: { afterMs: 20, status: 504 },
      deploy: async (stack, pull) => {
        await new Promise((done) => setTimeout(done, 300));
        await deploy(stack, pull);
      },
    });
    const job = run.submit(SHOP);
    assert.equal((await run.executor.ended(job.id))?.state, 'unknown');
    await eventually('what became of it', () => run.executor.job(job.id)?.state === 'succeeded', 10_000);
    assert.deepEqual(there(), ['shop-web-1 running sha256:new']);
    assert.equal(portainer.changes[0]?.body.PullImage, true);
  });

  test('is found out when Labkeeper is killed while Portainer is at it', async () => {
    const reached = Promise.withResolvers<void>();
    const database = disk.open();
    await start({
      deploy: async (stack, pull) => {
        disk.freeze(database);
        reached.resolve();
        await new Promise((done) => setTimeout(done, 200));
        await deploy(stack, pull);
      },
    });
    const job = run.submit(SHOP);
    await reached.promise;
    await run.close();
    await begin();
    await eventually('what became of it', () => run.executor.job(job.id)?.state === 'succeeded', 10_000);
    assert.deepEqual(there(), ['shop-web-1 running sha256:new']);
  });

  test('made by hand is changed by a helper, or each container by itself', async () => {
    await start({ stacks: [] });
    assert.match((await plan()).steps[1] ?? '', /a helper container/);
    simulated.images.put('docker:cli', { id: 'sha256:cli' });
    const job = await run.update(SHOP);
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.match((job.result as { by: string }).by, /each container by itself/);
    assert.deepEqual(portainer.changes, []);
  });
});
