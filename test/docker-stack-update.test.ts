import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { SimCompose } from '../simulators/docker/compose.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { composeLabels } from '../simulators/docker/seed.ts';
import type { ContainerSpec } from '../simulators/docker/spec.ts';
import { isChangeOfTheirs, killAt, MOMENTS } from './helpers/kill-gate.ts';
import { Disk, type Gate, startUpdates } from './helpers/update-lab.ts';
import { eventually } from './parts/process.ts';

const SHOP = 'docker/nas/stack/shop';
const FOLDER = '/opt/stacks/shop';
const FILE = `${FOLDER}/compose.yaml`;
const HELPER = 'labkeeper-compose-shop';
const CHECK = { test: 'check', intervalMs: 20 };

/** A service of the stack, with an image `team/<service>:1`. */
export const serviceOf = (service: string, more: Partial<ContainerSpec> = {}): ContainerSpec => ({
  name: `shop-${service}-1`,
  image: `team/${service}:1`,
  restart: 'always',
  health: CHECK,
  ...more,
  labels: { ...composeLabels('shop', service), ...more.labels },
});
const idOf = (age: string, image: string): string => `sha256:${age}-${image.replaceAll(/\W/g, '')}`;
const DATA = { mounts: [{ from: 'shop_data', to: '/data' }] };

suite('the update of a stack by its own file', () => {
  let simulated: DockerEngine;
  let compose: SimCompose;
  let disk: Disk;
  let run: Awaited<ReturnType<typeof startUpdates>>;
  let calls: string[];

  function prepare(): void {
    simulated = new DockerEngine({ stopMs: 1, statsWaitMs: 1 });
    simulated.folders = new Set([FOLDER, '/var/run/docker.sock']);
    simulated.images.put('docker:cli', { id: 'sha256:cli' });
    compose = new SimCompose(simulated, { files: new Set([FILE]), stepMs: 5 });
    calls = [];
  }
  beforeEach(() => {
    disk = new Disk();
    prepare();
  });
  afterEach(async () => {
    await run.close();
    disk.remove();
  });

  function seed(...specs: readonly ContainerSpec[]): void {
    for (const spec of specs) {
      simulated.images.put(spec.image, { id: idOf('old', spec.image) });
      simulated.create(spec);
      simulated.start(spec.name);
    }
    compose.learn();
  }
  /** Something newer is under a service's tag. */
  const publish = (service: string): void =>
    simulated.images.publish(`team/${service}:1`, { id: idOf('new', `team/${service}:1`) });
  async function start(gate?: Gate, options: object = {}): Promise<void> {
    const listening: Gate = (method, path) => {
      calls.push(`${method} ${path}`);
      return gate?.(method, path);
    };
    run = await startUpdates(simulated, disk.open(), listening, options);
    await run.seen(SHOP);
    await eventually('the names of its files', () => calls.length > 0, 1_000);
  }
  /** What the engine has, as `<service> <state> <old or new>`. */
  const there = (): string[] =>
    simulated.containers
      .map(({ name, status, imageId }) => `${name} ${status} ${imageId.replace(/^sha256:(\w+)-.*/, '$1')}`)
      .sort();
  /** As soon as a service's new container runs. */
  const onNew = (service: string, act: (id: string) => void): Promise<unknown> =>
    eventually(
      `the new ${service}`,
      () => {
        const found = simulated.containers.find(
          ({ imageId, status }) => imageId === idOf('new', `team/${service}:1`) && status === 'running',
        );
        if (found !== undefined) act(found.id);
        return found !== undefined;
      },
      8_000,
    );
  const plan = (input: object = {}) => run.plan(SHOP, input);

  test('changes what is newer, by Compose in a helper on its machine, and leaves the rest alone', async () => {
    seed(serviceOf('web'), serviceOf('db'));
    const db = simulated.find('shop-db-1').id;
    publish('web');
    await start();
    const job = await run.update(SHOP);
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.deepEqual(there(), ['shop-db-1 running old', 'shop-web-1 running new']);
    assert.equal(simulated.find('shop-db-1').id, db);
    assert.deepEqual(compose.asked, [
      ['config', '--quiet'],
      ['up', '-d', '--no-deps', '--no-build', 'web'],
    ]);
    assert.deepEqual((job.result as { services: object }).services, {
      web: { image: 'sha256:new-teamweb1', image_before: 'sha256:old-teamweb1' },
    });
    assert.ok(run.percents.length > 1 && run.percents.every((percent) => percent >= 0 && percent <= 100));
    assert.equal(
      run.store.get('docker/nas/container/labkeeper-compose-shop'),
      undefined,
      'no device for a helper',
    );
  });

  test('gives the helper the folder where it is, read-only, and the socket', async () => {
    seed(serviceOf('web'));
    publish('web');
    let made: readonly object[] | undefined;
    await start((method, path) => {
      if (method === 'POST' && path.endsWith('/wait')) made = simulated.find(HELPER).spec.mounts;
      return undefined;
    });
    assert.equal((await run.update(SHOP)).state, 'succeeded');
    assert.deepEqual(made, [
      { from: '/var/run/docker.sock', to: '/var/run/docker.sock', readOnly: false },
      { from: FOLDER, to: FOLDER, readOnly: true },
    ]);
    assert.throws(() => simulated.find(HELPER), /No such container/);
  });

  test('says before which way is taken, what changes and what nothing protects', async () => {
    seed(serviceOf('web', DATA), serviceOf('side', { labels: { 'labkeeper.update': 'false' } }));
    publish('web');
    await start();
    const { steps, warnings } = await plan();
    assert.deepEqual(steps, [
      'Pull team/web:1',
      `Change web, by docker compose in a helper container (docker:cli) on its machine, with ${FILE}`,
      'Wait until all of it is well: healthy, or without a health check 30 s without a restart',
    ]);
    assert.match(warnings?.[0] ?? '', /gets the socket of the engine/);
    assert.match(warnings?.at(-1) ?? '', /nothing protects \/data \(volume shop_data\)/);
    assert.deepEqual(compose.asked, []);
  });

  test('makes anew what lives in the namespaces of what changed', async () => {
    seed(serviceOf('vpn'));
    const vpn = simulated.find('shop-vpn-1').id;
    const labels = { 'simulated.network.of': 'vpn' };
    seed(serviceOf('app', { labels, networkMode: `container:${vpn}` }));
    publish('vpn');
    await start();
    assert.equal((await run.update(SHOP)).state, 'succeeded');
    assert.equal(
      simulated.find('shop-app-1').spec.networkMode,
      `container:${simulated.find('shop-vpn-1').id}`,
    );
    assert.deepEqual(there(), ['shop-app-1 running old', 'shop-vpn-1 running new']);
  });

  test('makes what did not run, and does not start it', async () => {
    seed(serviceOf('web'), serviceOf('job', { restart: 'no' }));
    await simulated.stop('shop-job-1');
    publish('web');
    publish('job');
    await start();
    assert.equal((await run.update(SHOP)).state, 'succeeded');
    assert.deepEqual(there(), ['shop-job-1 created new', 'shop-web-1 running new']);
  });

  test('changes nothing where there is nothing newer', async () => {
    seed(serviceOf('web'));
    simulated.images.publish('team/web:1', { id: 'sha256:old-teamweb1' });
    await start();
    assert.match((await run.update(SHOP)).error?.message ?? '', /anything newer/);
    assert.deepEqual(there(), ['shop-web-1 running old']);
  });

  test('changes nothing where the file needs variables that nobody has set', async () => {
    compose = new SimCompose(simulated, { files: new Set([FILE]), unset: ['DB_PASSWORD'] });
    seed(serviceOf('web'));
    publish('web');
    await start();
    const { error } = await run.update(SHOP);
    assert.match(error?.message ?? '', /needs variables that are not set: DB_PASSWORD/);
    assert.match(error?.hint ?? '', /\/opt\/stacks\/shop\/\.env/);
    assert.deepEqual(there(), ['shop-web-1 running old']);
  });

  test('applies no file that an image names by itself', async () => {
    const forged = composeLabels('shop', 'web');
    seed(serviceOf('web'));
    simulated.images.put('team/web:1', { id: idOf('old', 'team/web:1'), labels: forged });
    publish('web');
    await start();
    assert.match(
      (await run.update(SHOP)).error?.message ?? '',
      /the image of shop-web-1 says itself which file/,
    );
    assert.deepEqual(compose.asked, []);
    assert.deepEqual(there(), ['shop-web-1 running old']);
  });

  for (const [what, lose] of [
    ['folder', () => (simulated.folders as Set<string>).delete(FOLDER)],
    ['file', () => compose.options.files.delete(FILE)],
  ] as const) {
    test(`makes each container anew by itself, labels and all, where the ${what} is not on its machine`, async () => {
      seed(serviceOf('web', { labels: { mine: '1' } }), serviceOf('db'));
      lose();
      publish('web');
      publish('db');
      await start();
      const job = await run.update(SHOP);
      assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
      assert.match(
        (job.result as { by: string }).by,
        /each container by itself: .*is not on the engine’s machine/,
      );
      assert.deepEqual(there(), ['shop-db-1 running new', 'shop-web-1 running new']);
      assert.equal(simulated.find('shop-web-1').spec.labels?.mine, '1');
      assert.equal(simulated.find('shop-web-1').spec.labels?.['com.docker.compose.service'], 'web');
      simulated.images.publish('team/web:1', { id: 'sha256:third' });
      assert.match(
        (await plan()).steps[1] ?? '',
        /each container is made anew by itself.*is not on the engine’s machine/,
      );
    });
  }

  test('says which containers were updated where one of them was not', async () => {
    (simulated.folders as Set<string>).delete(FOLDER);
    const labels = { 'com.docker.compose.depends_on': 'db:service_started:false' };
    seed(serviceOf('web', { labels }), serviceOf('db'));
    publish('web');
    publish('db');
    await start();
    const job = run.submit(SHOP);
    await onNew('db', () => {});
    await onNew('web', (id) => simulated.setHealth(id, 'unhealthy'));
    const { state, error } = (await run.executor.ended(job.id)) ?? assert.fail();
    assert.equal(state, 'failed');
    assert.match(error?.message ?? '', /web: .*the old container runs again; already updated: db/);
    assert.deepEqual(there(), ['shop-db-1 running new', 'shop-web-1 running old']);
  });

  test('takes no helper where the engine has no such socket, and asks for it the next time', async () => {
    (simulated.folders as Set<string>).delete('/var/run/docker.sock');
    seed(serviceOf('web'));
    publish('web');
    await start();
    const job = await run.update(SHOP);
    assert.match((job.result as { by: string }).by, /docker\.sock is not on the engine’s machine/);
    assert.deepEqual(there(), ['shop-web-1 running new']);
    simulated.images.publish('team/web:1', { id: 'sha256:third' });
    assert.match((await plan()).steps[1] ?? '', /a helper container/);
  });

  test('goes back where Compose ended in the middle of it', async () => {
    compose = new SimCompose(simulated, { files: new Set([FILE]), breaksOnce: true });
    seed(serviceOf('web'), serviceOf('db'));
    publish('web');
    await start();
    const { error } = await run.update(SHOP);
    assert.equal(error?.message, 'docker compose: Error: no space left on device; the old images run again');
    assert.deepEqual(there(), ['shop-db-1 running old', 'shop-web-1 running old']);
  });

  test('takes no helper where none is wanted', async () => {
    seed(serviceOf('web'));
    publish('web');
    await start(undefined, { compose_image: 'none' });
    assert.match(
      (await plan()).steps[1] ?? '',
      /each container is made anew by itself.*no helper container is wanted/,
    );
    assert.equal((await run.update(SHOP)).state, 'succeeded');
    assert.deepEqual(compose.asked, []);
    assert.deepEqual(there(), ['shop-web-1 running new']);
  });

  test('goes back by itself while the new ones cannot have written anything', async () => {
    seed(serviceOf('web'), serviceOf('db'));
    publish('web');
    await start();
    const job = run.submit(SHOP);
    await onNew('web', (id) => simulated.setHealth(id, 'unhealthy'));
    const { state, error } = (await run.executor.ended(job.id)) ?? assert.fail();
    assert.deepEqual(
      [state, error?.message],
      ['failed', 'the new web is unhealthy; the old images run again'],
    );
    assert.deepEqual(there(), ['shop-db-1 running old', 'shop-web-1 running old']);
    assert.equal(simulated.images.tagged('team/web:1'), 'sha256:old-teamweb1');
  });

  test('goes back when what was not changed becomes ill of it', async () => {
    seed(serviceOf('web'), serviceOf('db'));
    publish('db');
    await start();
    const job = run.submit(SHOP);
    await onNew('db', () => simulated.setHealth('shop-web-1', 'unhealthy'));
    const { error } = (await run.executor.ended(job.id)) ?? assert.fail();
    assert.equal(error?.message, 'shop-web-1 is unhealthy; the old images run again');
    assert.deepEqual(there(), ['shop-db-1 running old', 'shop-web-1 running old']);
  });

  test('leaves the new ones where they may have written, until somebody decides', async () => {
    seed(serviceOf('web', DATA));
    publish('web');
    await start();
    const job = run.submit(SHOP);
    await onNew('web', (id) => simulated.setHealth(id, 'unhealthy'));
    const { error } = (await run.executor.ended(job.id)) ?? assert.fail();
    assert.match(error?.message ?? '', /the new images stay.*\/data \(volume shop_data\)/);
    assert.deepEqual(there(), ['shop-web-1 running new']);
    const finding = await eventually(
      'the finding',
      () => run.findings().find(({ about }) => about === SHOP),
      5_000,
    );
    assert.deepEqual(finding.commands, [
      'docker tag sha256:old-teamweb1 team/web:1',
      `docker compose -p shop --project-directory ${FOLDER} -f ${FILE} up -d --no-deps --no-build --pull never web`,
    ]);
    assert.match((await run.update(SHOP)).error?.message ?? '', /not over/);
    assert.match(
      (await run.update('docker/nas/container/shop.web.1')).error?.message ?? '',
      /its stack, shop, is not over/,
    );
    assert.equal(simulated.images.tagged('labkeeper-kept:old-teamweb1'), 'sha256:old-teamweb1');
    assert.deepEqual((await plan({ go_back: true })).steps, ['Have the old images of web run again']);
    const back = await run.update(SHOP, { go_back: true });
    assert.deepEqual([back.state, back.error], ['succeeded', undefined]);
    assert.deepEqual(there(), ['shop-web-1 running old']);
    await eventually('the finding to go', () => run.findings().every(({ about }) => about !== SHOP), 5_000);
    assert.equal(simulated.images.tagged('labkeeper-kept:old-teamweb1'), undefined);
  });

  test('takes all being well for a decision', async () => {
    seed(serviceOf('web', DATA));
    publish('web');
    await start();
    const job = run.submit(SHOP);
    await onNew('web', (id) => simulated.setHealth(id, 'unhealthy'));
    await run.executor.ended(job.id);
    simulated.setHealth('shop-web-1', 'healthy');
    await eventually('the finding to go', () => run.findings().every(({ about }) => about !== SHOP), 5_000);
    publish('web');
    assert.match((await run.update(SHOP)).error?.message ?? '', /anything newer/);
  });

  test('is not offered for what Labkeeper lives by', async () => {
    seed(serviceOf('web'));
    await start();
    for (const [name, image, why] of [
      ['broker', 'eclipse-mosquitto:2', /MQTT broker/],
      ['proxy', 'tecnativa/docker-socket-proxy:latest', /socket proxy/],
      ['self', 'ghcr.io/somebody/labkeeper:1', /Labkeeper itself/],
    ] as const) {
      simulated.create({ name: `${name}-x-1`, image, labels: composeLabels(name, 'x') });
      simulated.create({ name: `${name}-y-1`, image: 'team/y:1', labels: composeLabels(name, 'y') });
      const id = `docker/nas/stack/${name}`;
      await run.seen(id);
      await run.seen(`docker/nas/container/${name}.y.1`);
      const stack = run.store.get(id);
      assert.equal(stack?.kind === 'stack' && stack.readings.updatable, undefined, name);
      assert.throws(() => run.submit(id), { code: 'target_unsuitable', message: why }, name);
    }
    const shop = run.store.get(SHOP);
    assert.equal(shop?.kind === 'stack' && shop.readings.updatable, true);
  });

  for (const moment of MOMENTS) {
    test(`is repaired when Labkeeper is killed just ${moment} any of its calls`, async () => {
      for (let call = 1; ; call += 1) {
        prepare();
        seed(serviceOf('web', DATA), serviceOf('db', DATA));
        publish('web');
        publish('db');
        const database = disk.open();
        const kill = killAt({ disk, database }, moment, call, isChangeOfTheirs);
        run = await startUpdates(simulated, database, kill.gate);
        await run.seen(SHOP);
        const job = run.submit(SHOP, { go_back: true });
        const isThrough = !(await kill.reached(run.executor, job));
        await run.close();
        run = await startUpdates(simulated, disk.open());
        if (isThrough) {
          assert.ok(call > 8, `${call} calls`);
          return;
        }
        const settled = await eventually(
          `one age of all containers after ${kill.seen}: ${there()}`,
          () => {
            const state = run.executor.job(job.id)?.state;
            return state !== undefined && ['succeeded', 'failed'].includes(state) && state;
          },
          20_000,
        );
        const age = settled === 'succeeded' ? 'new' : 'old';
        const left = there().filter((one) => !one.startsWith(HELPER));
        assert.deepEqual(left, [`shop-db-1 running ${age}`, `shop-web-1 running ${age}`], kill.seen);
        await run.close();
        disk.remove();
        disk = new Disk();
      }
    });
  }
});
