import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { DockerEngine } from '../simulators/docker/engine.ts';
import type { ContainerSpec } from '../simulators/docker/spec.ts';
import { isChangeOfTheirs, killAt, MOMENTS } from './helpers/kill-gate.ts';
import { Disk, type Gate, startUpdates } from './helpers/update-lab.ts';
import { eventually } from './parts/process.ts';

const WEB = 'docker/nas/container/web';
const OLD = 'sha256:old';
const NEW = 'sha256:new';
const CHECKED: ContainerSpec = {
  name: 'web',
  image: 'team/web:1',
  restart: 'always',
  health: { test: 'check', intervalMs: 20 },
};
const DATA = { mounts: [{ from: 'web_data', to: '/data' }] };

suite('the update of a container', () => {
  let simulated: DockerEngine;
  let disk: Disk;
  let run: Awaited<ReturnType<typeof startUpdates>>;

  beforeEach(() => {
    simulated = new DockerEngine({ stopMs: 1, statsWaitMs: 1 });
    disk = new Disk();
    simulated.images.put('team/web:1', { id: OLD });
    simulated.images.publish('team/web:1', { id: NEW });
  });
  afterEach(async () => {
    await run.close();
    disk.remove();
  });

  async function start(spec: ContainerSpec = CHECKED, gate?: Gate): Promise<void> {
    simulated.create(spec);
    simulated.start(spec.name);
    run = await startUpdates(simulated, disk.open(), gate);
    await run.seen(WEB);
  }
  /** What the engine has, as `<name> <state> <image>`. */
  const there = (): string[] =>
    simulated.containers.map(({ name, status, imageId }) => `${name} ${status} ${imageId}`).sort();
  /** One container as it was asked for, whichever its image. */
  const isWhole = (): boolean =>
    there().length === 1 &&
    /^web running/.test(there()[0] ?? '') &&
    simulated.find('web').spec.restart === 'always';
  /** As soon as there is a new container that runs. */
  const onNew = (act: (id: string) => void): Promise<unknown> =>
    eventually(
      'the new container',
      () => {
        const found = simulated.containers.find(
          ({ imageId, status }) => imageId === NEW && status === 'running',
        );
        if (found !== undefined) act(found.id);
        return found !== undefined;
      },
      5_000,
    );

  test('puts a new container in the place of the old one; its resource stays', async () => {
    await start({ ...CHECKED, ...DATA, labels: { mine: '1' }, ports: { '80/tcp': 8080 }, memoryLimit: 5e8 });
    const job = await run.update(WEB);
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.deepEqual(job.result, { image: NEW, image_before: OLD });
    assert.deepEqual(there(), [`web running ${NEW}`]);
    const [{ spec } = assert.fail()] = simulated.containers;
    const { mounts, labels, ports, memoryLimit, restart } = spec;
    assert.deepEqual(
      { mounts, labels, ports, memoryLimit, restart },
      {
        mounts: [{ from: 'web_data', to: '/data', readOnly: false }],
        ...{ labels: { mine: '1' }, ports: { '80/tcp': 8080 }, memoryLimit: 5e8, restart: 'always' },
      },
    );
    await eventually(
      'the new one to be shown',
      () => run.container(WEB)?.readings.image_progress === undefined,
      5_000,
    );
    assert.deepEqual(run.blanked, []);
    assert.ok(run.percents.length > 1 && run.percents.every((percent) => percent >= 0 && percent <= 100));
    assert.deepEqual(
      run.findings().filter(({ key }) => key.startsWith('update')),
      [],
    );
  });

  test('changes nothing where there is nothing newer', async () => {
    await start();
    const { id } = simulated.find('web');
    simulated.images.publish('team/web:1', { id: OLD });
    assert.match((await run.update(WEB)).error?.message ?? '', /nothing newer/);
    assert.equal(simulated.find('web').id, id);
    assert.deepEqual(there(), [`web running ${OLD}`]);
  });

  test('goes back by itself while the new one cannot have written anything', async () => {
    await start();
    const job = run.submit(WEB);
    await onNew((id) => simulated.setHealth(id, 'unhealthy'));
    const { state, error } = (await run.executor.ended(job.id)) ?? assert.fail();
    assert.deepEqual(
      [state, error?.message],
      ['failed', 'the new web is unhealthy; the old container runs again'],
    );
    assert.deepEqual(there(), [`web running ${OLD}`]);
    assert.equal(simulated.find('web').spec.restart, 'always');
  });

  test('keeps the old one stopped where the new one may have written, until somebody decides', async () => {
    await start({ ...CHECKED, ...DATA });
    const old = simulated.find('web').id;
    const kept = `web-labkeeper-kept-${old.slice(0, 12)}`;
    const job = run.submit(WEB);
    await onNew((id) => simulated.setHealth(id, 'unhealthy'));
    const { state, error } = (await run.executor.ended(job.id)) ?? assert.fail();
    assert.equal(state, 'failed');
    assert.match(error?.message ?? '', /may have written to \/data \(volume web_data\)/);
    assert.deepEqual(there(), [`web running ${NEW}`, `${kept} exited ${OLD}`]);
    assert.equal(simulated.find(kept).spec.restart, 'no', 'the engine must not start both');
    const [finding] = await eventually(
      'the finding',
      () =>
        run.findings().some(({ about }) => about === WEB) &&
        run.findings().filter(({ about }) => about === WEB),
      5_000,
    );
    assert.deepEqual(finding?.commands, [
      `docker rm -f web && docker rename ${kept} web && docker start web`,
      `docker rm ${kept}`,
    ]);
    assert.match((await run.update(WEB)).error?.message ?? '', /not over/);
    simulated.remove(kept);
    await eventually('the finding to go', () => run.findings().every(({ about }) => about !== WEB), 5_000);
  });

  test('goes back all the same where the user chose so', async () => {
    await start({ ...CHECKED, ...DATA });
    const job = run.submit(WEB, { go_back: true });
    await onNew((id) => simulated.setHealth(id, 'unhealthy'));
    assert.equal((await run.executor.ended(job.id))?.state, 'failed');
    assert.deepEqual(there(), [`web running ${OLD}`]);
  });

  test('goes back when the engine refuses to make the new one', async () => {
    await start({ ...CHECKED, ...DATA }, (method, path) =>
      method === 'POST' && path === '/containers/create'
        ? { status: 500, type: 'application/json', body: '{"message":"no space left on device"}' }
        : undefined,
    );
    const { error } = await run.update(WEB);
    assert.match(error?.message ?? '', /no space left on device.*the old container runs again/);
    assert.deepEqual(there(), [`web running ${OLD}`]);
  });

  test('makes anew what lives in its namespaces', async () => {
    simulated.images.put('team/side:1', { id: 'sha256:side' });
    await start();
    const { id } = simulated.find('web');
    simulated.create({ ...CHECKED, name: 'side', image: 'team/side:1', networkMode: `container:${id}` });
    simulated.start('side');
    await run.seen('docker/nas/container/side');
    assert.equal((await run.update(WEB)).state, 'succeeded');
    assert.deepEqual(there(), ['side running sha256:side', `web running ${NEW}`]);
    assert.equal(simulated.find('side').spec.networkMode, `container:${simulated.find('web').id}`);
  });

  test('says before what would be done, and what nothing protects', async () => {
    await start({ name: 'web', image: 'team/web:1', ...DATA });
    const { steps, warnings } = await run.plan(WEB);
    assert.deepEqual(steps, [
      ...['Pull team/web:1', 'Stop and keep web', 'Make and start new web'],
      ...['Wait until web has run 30 s without a restart', 'Remove the old web'],
    ]);
    assert.match(warnings?.[0] ?? '', /no health check/);
    assert.match(warnings?.[1] ?? '', /nothing protects \/data \(volume web_data\)/);
    assert.deepEqual(there(), [`web running ${OLD}`]);
  });

  test('is not offered for what Labkeeper lives by, and for what is pinned', async () => {
    await start();
    for (const [name, image] of [
      ['broker', 'eclipse-mosquitto:2'],
      ['proxy', 'tecnativa/docker-socket-proxy:latest'],
      ['self', 'ghcr.io/somebody/labkeeper:1'],
      ['pinned', `team/web@sha256:${'0'.repeat(64)}`],
    ] as const) {
      simulated.create({ name, image });
      const id = `docker/nas/container/${name}`;
      await run.seen(id);
      assert.equal(run.container(id)?.readings.updatable, undefined, name);
      assert.throws(() => run.submit(id), { code: 'target_unsuitable' }, name);
    }
    assert.equal(run.container(WEB)?.readings.updatable, true);
  });

  for (const moment of MOMENTS) {
    test(`is repaired when Labkeeper is killed just ${moment} any of its calls`, async () => {
      for (let call = 1; ; call += 1) {
        simulated = new DockerEngine({ stopMs: 1, statsWaitMs: 1 });
        simulated.images.put('team/web:1', { id: OLD });
        simulated.images.publish('team/web:1', { id: NEW });
        const database = disk.open();
        const kill = killAt({ disk, database }, moment, call, isChangeOfTheirs);
        simulated.create({ ...CHECKED, ...DATA });
        simulated.start('web');
        run = await startUpdates(simulated, database, kill.gate);
        await run.seen(WEB);
        const job = run.submit(WEB, { go_back: true });
        const isThrough = !(await kill.reached(run.executor, job));
        await run.close();
        if (isThrough) {
          assert.ok(call > 7, `${call} calls`);
          disk = new Disk();
          run = await startUpdates(simulated, disk.open());
          return;
        }
        run = await startUpdates(simulated, disk.open());
        const settledAs = await eventually(
          `one container after ${kill.seen}: ${there()}`,
          () => isWhole() && there()[0],
          8_000,
        );
        assert.deepEqual(
          simulated.find('web').spec.mounts?.map(({ from }) => from),
          ['web_data'],
          kill.seen,
        );
        await eventually(
          `what became of the job after ${kill.seen}`,
          () => run.executor.job(job.id)?.state === (settledAs.endsWith(NEW) ? 'succeeded' : 'failed'),
          8_000,
        ).catch(() => assert.fail(`${kill.seen}: ${settledAs}: ${JSON.stringify(run.executor.job(job.id))}`));
        await run.close();
        disk.remove();
        disk = new Disk();
      }
    });
  }
});
