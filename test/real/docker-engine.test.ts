import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { SourceEvent } from '../../addon/src/contract/source.ts';
import { systemClock } from '../../addon/src/core/clock.ts';
import { memoryDatabase } from '../../addon/src/core/database.ts';
import { silentLog } from '../../addon/src/core/log.ts';
import { Engine } from '../../addon/src/engine/engine.ts';
import type { LabResource, LabResourceOf } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { docker } from '../../addon/src/sources/docker/index.ts';
import { composeLabels } from '../../simulators/docker/seed.ts';
import { startTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.ts';
import { type Dockerd, IMAGE, startDockerd, WELL_BEHAVED } from '../parts/dockerd.ts';
import { eventually } from '../parts/process.ts';

const SOLO = 'docker/real/container/solo';
const HOST = 'docker/real/host/engine';

describe('a real Docker engine', { timeout: 60_000 }, () => {
  let dockerd: Dockerd;
  let proxy: TcpProxy;
  let engine: Engine | undefined;
  let store: Store<LabResource>;
  let told: { readonly id: string; readonly event: SourceEvent }[];
  let blanked: string[];

  before(async () => {
    dockerd = await startDockerd({ logLevel: 'info' });
    proxy = await startTcpProxy(dockerd.url.slice('unix://'.length));
    await dockerd.start('solo');
  });

  afterEach(async () => {
    await engine?.close();
    engine = undefined;
    for (const { Id, Names } of await dockerd.docker.listContainers({ all: true }))
      if (!Names.includes('/solo')) await dockerd.docker.getContainer(Id).remove({ force: true });
  });

  after(async () => {
    await proxy?.close();
    await dockerd?.stop();
  });

  const container = (id: string) => store.get(id) as LabResourceOf<'container'> | undefined;
  const shows = (id: string, state: string, ms = 10_000): Promise<unknown> =>
    eventually(
      `${id} to be ${state}`,
      () => container(id)?.available === true && container(id)?.readings.state === state,
      ms,
    );
  const toldOf = (id: string): readonly string[] =>
    told.filter((one) => one.id === id).map(({ event }) => event.event_type);

  /** Watches the engine, through a way that can be cut. */
  async function watch(url = `http://127.0.0.1:${proxy.port}`): Promise<Engine> {
    store = new Store<LabResource>();
    told = [];
    blanked = [];
    store.subscribe((diff) => {
      for (const { before: was, after: is } of diff)
        if (was?.available && is?.available === false) blanked.push(is.id);
    });
    const options = { url, forget_after: 1 };
    engine = new Engine([{ source: docker as never, id: 'real', title: 'Real', options }], {
      ...{ store, clock: systemClock, random: Math.random, log: silentLog, database: memoryDatabase() },
      intervals: { fast: 1, slow: 1, rare: 60 },
      onEvent: (id, _, event) => void told.push({ id, event }),
    });
    engine.start();
    await shows(SOLO, 'running', 20_000);
    return engine;
  }

  it('tells what happens to a container', async () => {
    await watch();
    const id = 'docker/real/container/short';
    const short = await dockerd.docker.createContainer({
      ...{ name: 'short', Image: IMAGE, Cmd: ['/bin/sh', '-c', 'sleep 1; exit 3'] },
    });
    await short.start();
    await eventually('its end', () => toldOf(id).includes('ended'), 10_000);
    assert.deepEqual(toldOf(id), ['started', 'ended']);
    assert.deepEqual(told.at(-1)?.event, { event_type: 'ended', exit_code: 3, wanted: false, image: IMAGE });
    await short.remove();
    await eventually('its removal', () => toldOf(id).includes('removed'), 10_000);

    const solo = dockerd.docker.getContainer('solo');
    await solo.pause();
    await solo.unpause();
    await solo.restart();
    await eventually('its restart', () => toldOf(SOLO).length >= 4, 15_000);
    assert.deepEqual(toldOf(SOLO), ['paused', 'resumed', 'ended', 'started']);
    assert.equal(told.findLast(({ event }) => event.event_type === 'ended')?.event.wanted, true);
  });

  it('tells of health, and of one that was recreated', async () => {
    await watch();
    const id = 'docker/real/container/checked';
    const create = async (Env: string[]): Promise<void> => {
      const checked = await dockerd.docker.createContainer({
        ...{ name: 'checked', Image: IMAGE, Cmd: WELL_BEHAVED, Env },
        Healthcheck: { Test: ['CMD', '/bin/true'], Interval: 1e9 },
      });
      await checked.start();
    };
    await create([]);
    await eventually('its health', () => container(id)?.readings.health === 'healthy', 10_000);
    await dockerd.docker.getContainer('checked').remove({ force: true });
    await create(['A=1']);
    await eventually(
      'the new one',
      () => toldOf(id).at(-1) === 'healthy' && toldOf(id).includes('recreated'),
      10_000,
    );
    assert.deepEqual(toldOf(id), [
      'started',
      'healthy',
      'ended',
      'removed',
      'recreated',
      'started',
      'healthy',
    ]);
  });

  it('shows limits, mounts, networks and what Docker takes of the disk', async () => {
    await dockerd.start('limited', {
      HostConfig: { Memory: 64 * 1024 ** 2, NanoCpus: 5e8, Binds: ['/srv:/data:ro', 'some-volume:/volume'] },
      Labels: { 'app.password': 'hunter2', 'app.name': 'x' },
    });
    await watch();
    const id = 'docker/real/container/limited';
    await shows(id, 'running');
    const { readings, facts } = container(id) as LabResourceOf<'container'>;
    assert.deepEqual([readings.memory_limit, readings.cpu_limit], [0.0625, 50]);
    assert.match(readings.digest ?? '', /^[0-9a-f]{12}$/);
    assert.deepEqual([...(facts.mounts as string[])].sort(), [
      '/srv → /data (read only)',
      'some-volume → /volume',
    ]);
    assert.deepEqual(facts.labels, ['app.name=x', 'app.password=***']);
    const { NetworkSettings } = await dockerd.docker.getContainer('limited').inspect();
    assert.equal(
      (facts.networks as string[])[0] ?? '',
      `bridge ${NetworkSettings.Networks.bridge?.IPAddress}`,
    );
    const host = (): LabResourceOf<'host'> => store.get(HOST) as LabResourceOf<'host'>;
    await eventually('the disk', () => typeof host().readings.disk_used === 'number', 20_000);
    assert.ok((host().readings.disk_images ?? 0) > 0);
    assert.ok(
      typeof host().facts.api_version === 'string' && typeof host().facts.storage_driver === 'string',
    );
  });

  it('reads logs of both kinds', async () => {
    const Cmd = ['/bin/sh', '-c', `echo out; echo err >&2; ${WELL_BEHAVED[2]}`];
    for (const Tty of [true, false]) await dockerd.start(Tty ? 'with' : 'without', { Cmd, Tty });
    const { for: find } = { for: (await watch()).for.bind(engine) };
    for (const name of ['with', 'without']) {
      const id = `docker/real/container/${name}`;
      await shows(id, 'running');
      const tail = await find(id, 'logs')?.tail(id, 200, AbortSignal.timeout(5_000));
      const lines = tail?.text.split('\n').map((line) => line.replace(/^\S+ /, ''));
      assert.deepEqual(lines?.toSorted(), ['err', 'out'], name);
    }
  });

  it('starts and stops a stack in the order of its services', async () => {
    const create = (service: string, needs: string): Promise<unknown> =>
      dockerd.docker.createContainer({
        ...{ name: `shop-${service}-1`, Image: IMAGE, Cmd: WELL_BEHAVED },
        Labels: { ...composeLabels('shop', service), 'com.docker.compose.depends_on': needs },
      });
    await create('web', 'api:service_started:false');
    await create('api', 'db:service_started:false');
    await create('db', '');
    const watching = await watch();
    const stack = 'docker/real/stack/shop';
    const ids = ['db', 'api', 'web'].map((service) => `docker/real/container/shop.${service}.1`);
    await eventually('the stack', () => store.get(stack)?.available === true);
    await watching.for(stack, 'power')?.start(stack, AbortSignal.timeout(20_000));
    for (const id of ids) await shows(id, 'running');
    const order = (type: string): readonly string[] =>
      told.filter(({ event }) => event.event_type === type).map(({ id }) => id);
    assert.deepEqual(order('started'), ids);
    await watching.for(stack, 'power')?.stop(stack, AbortSignal.timeout(20_000));
    for (const id of ids) await shows(id, 'exited');
    assert.deepEqual(order('ended'), ids.toReversed());
  });

  it('asks what it may do without a line in the engine’s log', async () => {
    await watch();
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.doesNotMatch(dockerd.running.output(), /labkeeper|000000000000|No such container/);
  });

  it('a cut connection costs nothing that happened meanwhile, and blanks nothing', async () => {
    await watch();
    proxy.cut();
    await dockerd.docker.getContainer('solo').kill();
    await shows(SOLO, 'exited');
    await eventually('the event', () => toldOf(SOLO).includes('ended'), 10_000);
    await dockerd.docker.getContainer('solo').start();
    await shows(SOLO, 'running');
    assert.deepEqual(blanked, []);
    assert.deepEqual(toldOf(SOLO), ['ended', 'started']);
  });

  it('is back after a restart of the daemon, with what it did to the containers', async () => {
    await watch();
    await dockerd.restart();
    await shows(SOLO, 'exited', 25_000);
    await dockerd.docker.getContainer('solo').start();
    await shows(SOLO, 'running');
    assert.equal(store.get(HOST)?.available, true);
  });

  it('200 containers are there within seconds, and followed', async () => {
    const { docker: api } = dockerd;
    const names = Array.from({ length: 200 }, (_, at) => `many-${at}`);
    for (let at = 0; at < names.length; at += 10) {
      const some = names.slice(at, at + 10);
      await Promise.all(some.map((name) => api.createContainer({ name, Image: IMAGE, Cmd: WELL_BEHAVED })));
    }
    await watch();
    await eventually(
      'all of them',
      () => [...store.all()].filter(({ kind }) => kind === 'container').length === 201,
    );
    await api.getContainer('many-199').start();
    await shows('docker/real/container/many-199', 'running');
  });
});
