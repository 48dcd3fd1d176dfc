import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import type { Source, SourceEvent } from '../addon/src/contract/source.ts';
import { systemClock } from '../addon/src/core/clock.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { silentLog } from '../addon/src/core/log.ts';
import { Engine } from '../addon/src/engine/engine.ts';
import type { LabResource, LabResourceOf } from '../addon/src/kinds/index.ts';
import { Store } from '../addon/src/model/store.ts';
import { docker } from '../addon/src/sources/docker/index.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';
import { eventually } from './parts/process.ts';

const WEB = 'docker/nas/container/media.web.1';
const SOLO = 'docker/nas/container/solo';
const labels = {
  'com.docker.compose.project': 'media',
  'com.docker.compose.service': 'web',
  'com.docker.compose.container-number': '1',
};

suite('a Docker engine over its API', () => {
  let simulated: DockerEngine;
  let server: DockerSimulator;
  let store: Store<LabResource>;
  let engine: Engine;
  /** Every resource that was ever shown as unavailable after it had been available. */
  let blanked: string[];
  /** What was told of containers, as `<resource id> <event_type>`. */
  let told: { readonly id: string; readonly event: SourceEvent }[];

  const container = (id: string): LabResourceOf<'container'> => store.get(id) as LabResourceOf<'container'>;
  const until = (what: string, check: () => boolean): Promise<unknown> => eventually(what, check, 5_000);
  const availableWith = (id: string, state: string) => (): boolean =>
    container(id)?.available === true && container(id).readings.state === state;

  beforeEach(async () => {
    simulated = new DockerEngine({ stopMs: 20, statsWaitMs: 5 });
    for (const spec of [
      { name: 'media-web-1', image: 'web:1.27', labels },
      { name: 'solo', image: 'solo:2' },
      { name: 'cron', image: 'solo:2', autoRemove: true },
    ]) {
      simulated.create(spec);
      simulated.start(spec.name);
    }
    server = await startDockerSimulator({ engine: simulated });
    store = new Store();
    blanked = [];
    told = [];
    store.subscribe((diff) => {
      for (const { before, after } of diff)
        if (before?.available && after?.available === false) blanked.push(after.id);
    });
    const options = { url: server.url, forget_after: 1 };
    engine = new Engine([{ source: docker as unknown as Source, id: 'nas', title: 'NAS', options }], {
      store,
      clock: systemClock,
      random: Math.random,
      log: silentLog,
      database: memoryDatabase(),
      onEvent: (id, key, event) => {
        assert.equal(key, 'event');
        told.push({ id, event });
      },
      // Rates want half a second between two reads.
      intervals: { fast: 0.6, slow: 1, rare: 1 },
    });
    engine.start();
    await until('the containers', availableWith(WEB, 'running'));
  });

  afterEach(async () => {
    await engine.close();
    await server.close();
  });

  test('shows the host, the stack and each lasting container, and what contains what', () => {
    const parents = new Map([...store.all()].map(({ id, parent }) => [id, parent]));
    assert.deepEqual(
      parents,
      new Map([
        ['docker/nas/host/engine', undefined],
        ['docker/nas/stack/media', 'docker/nas/host/engine'],
        [SOLO, 'docker/nas/host/engine'],
        [WEB, 'docker/nas/stack/media'],
      ]),
    );
  });

  test('follows the event stream', async () => {
    simulated.die('solo', 3);
    await until('the end', availableWith(SOLO, 'exited'));
    assert.equal(container(SOLO).readings.exit_code, 3);
    const host = store.get('docker/nas/host/engine') as LabResourceOf<'host'>;
    assert.deepEqual([host.readings.running, host.readings.stopped], [1, 1]);
  });

  test('misses nothing when the stream is cut, and blanks nothing', async () => {
    simulated.dropStreams();
    simulated.die('solo', 1);
    simulated.create({ name: 'new', image: 'new:1' });
    simulated.start('new');
    await until('the end', availableWith(SOLO, 'exited'));
    await until('the new one', availableWith('docker/nas/container/new', 'running'));
    assert.deepEqual(blanked, []);
  });

  test('while the engine is gone all is unavailable, afterwards true again', async () => {
    const { port } = server;
    await server.close();
    await until('unavailable', () => [...store.all()].every(({ available }) => !available));
    assert.equal(container(SOLO).readings.state, 'running', 'what was known stays');
    simulated.die('solo', 1);
    simulated.remove('media-web-1', true);
    server = await startDockerSimulator({ engine: simulated, port });
    await until('back', availableWith(SOLO, 'exited'));
    await until('the removed one to go', () => store.get(WEB) === undefined);
    assert.equal(store.get('docker/nas/stack/media'), undefined);
  });

  test('a recreated container is the same resource', async () => {
    const before = container(WEB).facts.container_id;
    simulated.recreate('media-web-1', { image: 'web:1.28' });
    await until('the new image', () => container(WEB)?.readings.image === 'web:1.28');
    await until('running', availableWith(WEB, 'running'));
    assert.notEqual(container(WEB).facts.container_id, before);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    assert.ok(store.get(WEB), 'and is not forgotten with the old one');
  });

  test('measures what containers use', async () => {
    await until('numbers', () => {
      const { cpu, memory, network_received, disk_read } = container(SOLO).readings;
      return [cpu, memory, network_received, disk_read].every(
        (value) => typeof value === 'number' && value >= 0,
      );
    });
    simulated.die('solo', 0);
    await until('none once it has ended', () => container(SOLO).readings.cpu === null);
  });

  test('stops and starts a container on demand', async () => {
    const power = engine.for(SOLO, 'power');
    assert.ok(power);
    await power.stop(SOLO, AbortSignal.timeout(5_000));
    await until('stopped', availableWith(SOLO, 'exited'));
    assert.equal(simulated.find('solo').status, 'exited');
    await power.stop(SOLO, AbortSignal.timeout(5_000));
    await power.start(SOLO, AbortSignal.timeout(5_000));
    await until('started', availableWith(SOLO, 'running'));
    await assert.rejects(power.start('docker/nas/container/none', AbortSignal.timeout(5_000)), {
      code: 'target_unknown',
    });
  });

  test('shows health as it changes', async () => {
    simulated.create({ name: 'checked', image: 'x:1', health: { test: 'true' } });
    simulated.start('checked');
    const id = 'docker/nas/container/checked';
    await until('the container', availableWith(id, 'running'));
    simulated.setHealth('checked', 'unhealthy');
    await until('unhealthy', () => container(id).readings.health === 'unhealthy');
    simulated.setHealth('checked', 'healthy');
    await until('healthy', () => container(id).readings.health === 'healthy');
    simulated.pause('checked');
    await until('paused', availableWith(id, 'paused'));
    assert.equal(container(id).readings.health, null, 'stopped on purpose is not unhealthy');
    const host = store.get('docker/nas/host/engine') as LabResourceOf<'host'>;
    assert.equal(host.readings.unhealthy, 0);
    assert.equal(container(SOLO).readings.health, undefined, 'without a check there is no such reading');
  });

  const toldOf = (id: string): readonly string[] =>
    told.filter((entry) => entry.id === id).map(({ event }) => event.event_type);

  test('pauses, resumes and kills on demand', async () => {
    const control = engine.for(SOLO, 'container');
    assert.ok(control);
    await control.pause(SOLO, AbortSignal.timeout(5_000));
    await until('paused', availableWith(SOLO, 'paused'));
    await assert.rejects(control.pause(SOLO, AbortSignal.timeout(5_000)), { code: 'source_refused' });
    await control.resume(SOLO, AbortSignal.timeout(5_000));
    await until('running again', availableWith(SOLO, 'running'));
    await control.kill(SOLO, AbortSignal.timeout(5_000));
    await until('killed', availableWith(SOLO, 'exited'));
    assert.equal(container(SOLO).readings.exit_code, 137);
  });

  test('tells what happens to a container, each once and in order', async () => {
    simulated.die('solo', 3);
    simulated.start('solo');
    simulated.pause('solo');
    simulated.unpause('solo');
    await simulated.stop('solo');
    await until('the last', () => toldOf(SOLO).length === 5);
    assert.deepEqual(toldOf(SOLO), ['ended', 'started', 'paused', 'resumed', 'ended']);
    const ends = told.filter(({ event }) => event.event_type === 'ended').map(({ event }) => event);
    assert.deepEqual(ends, [
      { event_type: 'ended', exit_code: 3, wanted: false, image: 'solo:2' },
      { event_type: 'ended', exit_code: 0, wanted: true, image: 'solo:2' },
    ]);
    // Where the stream goes on, the engine tells the last one again.
    simulated.dropStreams();
    simulated.start('solo');
    await until('the start', availableWith(SOLO, 'running'));
    assert.deepEqual(toldOf(SOLO).slice(5), ['started']);
    assert.deepEqual(toldOf('docker/nas/container/cron'), [], 'what is passing tells nothing');
  });

  test('tells of one that ran out of memory, is healthy or not', async () => {
    simulated.create({ name: 'checked', image: 'x:1', health: { test: 'true' } });
    simulated.start('checked');
    const id = 'docker/nas/container/checked';
    await until('its start', () => toldOf(id).length === 1);
    simulated.setHealth('checked', 'unhealthy');
    simulated.setHealth('checked', 'healthy');
    simulated.outOfMemory('checked');
    await until('the end', () => toldOf(id).includes('ended'));
    assert.deepEqual(toldOf(id), ['started', 'unhealthy', 'healthy', 'out_of_memory', 'ended']);
    assert.equal(told.at(-1)?.event.exit_code, 137);
  });

  test('tells of one that was recreated, and of one that is gone for good', async () => {
    simulated.recreate('media-web-1', { image: 'web:1.28' });
    await until('the new one', () => toldOf(WEB).includes('started'));
    assert.deepEqual(
      toldOf(WEB).filter((type) => type !== 'ended' && type !== 'removed'),
      ['recreated', 'started'],
    );
    const { event } = told.find((entry) => entry.event.event_type === 'recreated') ?? {};
    assert.deepEqual([event?.image_before, event?.image], ['web:1.27', 'web:1.28']);
    simulated.remove('solo', true);
    await until('the removal', () => toldOf(SOLO).includes('removed'));
  });

  test('tells what containers take of the disk, and more of the engine', async () => {
    const host = (): LabResourceOf<'host'> => store.get('docker/nas/host/engine') as LabResourceOf<'host'>;
    assert.equal(host().readings.disk_used, null, 'not asked for yet');
    await until('the disk', () => (host().readings.disk_used ?? 0) > 1);
    const { disk_used, disk_reclaimable, disk_build_cache } = host().readings;
    assert.ok((disk_reclaimable ?? 0) > 0 && (disk_reclaimable ?? 0) < (disk_used ?? 0));
    assert.equal(disk_build_cache, 50 / 1024);
    const { api_version, storage_driver, cgroup_version, swarm } = host().facts;
    assert.deepEqual(
      [api_version, storage_driver, cgroup_version, swarm],
      ['1.41', 'overlay2', '2', undefined],
    );
  });
});
