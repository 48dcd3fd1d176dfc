import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import type { Memory } from '../addon/src/contract/source.ts';
import { systemClock } from '../addon/src/core/clock.ts';
import { silentLog } from '../addon/src/core/log.ts';
import { Meter } from '../addon/src/core/meter.ts';
import type { LabResource, LabResourceOf } from '../addon/src/kinds/index.ts';
import { DockerClient } from '../addon/src/sources/docker/client.ts';
import { Picture } from '../addon/src/sources/docker/picture.ts';
import { Registries } from '../addon/src/sources/docker/registry/registries.ts';
import { Updates } from '../addon/src/sources/docker/registry/updates.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';
import type { ContainerSpec } from '../simulators/docker/spec.ts';
import { type RegistrySimulator, startRegistrySimulator } from '../simulators/registry/server.ts';
import { FakeClock } from './helpers/fake-clock.ts';

const HOUR = 3_600_000;
const APP = 'registry.lan/team/app:1';
const compose = (service: string) => ({
  'com.docker.compose.project': 'media',
  'com.docker.compose.service': service,
  'com.docker.compose.container-number': '1',
});

suite('newer images than containers run', () => {
  let clock: FakeClock;
  let engine: DockerEngine;
  let server: DockerSimulator;
  let registry: RegistrySimulator;
  let client: DockerClient;
  let picture: Picture;
  let updates: Updates;
  let kept: Map<string, string>;
  const { signal } = new AbortController();

  beforeEach(async () => {
    clock = new FakeClock();
    kept = new Map();
    engine = new DockerEngine({ stopMs: 1, statsWaitMs: 1 });
    server = await startDockerSimulator({ engine });
    registry = await startRegistrySimulator({ clock });
    client = new DockerClient({ url: server.url }, 'docker/nas', systemClock, new Meter(systemClock));
    open();
  });
  afterEach(async () => {
    await updates.close();
    await server.close();
    await registry.close();
  });

  /** As at a start of Labkeeper. */
  function open(): void {
    picture = new Picture({ owner: 'docker/nas', title: 'NAS', address: undefined });
    const memory: Memory = { get: (key) => kept.get(key), put: (key, value) => void kept.set(key, value) };
    updates = new Updates({
      ...{ clock, log: silentLog, memory, changed: () => {} },
      registries: new Registries([{ host: 'registry.lan', url: registry.url }], {
        name: 'docker/nas',
        clock,
      }),
      image: (name, asking) => client.image(name, asking),
      containers: () => picture.inspects,
    });
  }

  /** Puts an image where the registry and the engine have it, as a pull does. */
  function pull(name: string, version: string): string {
    const [, repository = '', tag = ''] = /^registry\.lan\/(.+):(.+)$/.exec(name) ?? [];
    const labels = { 'org.opencontainers.image.version': version };
    const { digest } = registry.contents.push(repository, tag, { labels });
    engine.images.put(name, { digests: [`registry.lan/${repository}@${digest}`], labels });
    return digest;
  }
  function push(repository: string, version: string, labels: Readonly<Record<string, string>> = {}): string {
    const all = { 'org.opencontainers.image.version': version, ...labels };
    return registry.contents.push(repository, '1', { labels: all }).digest;
  }
  function run(name: string, more: Partial<ContainerSpec> = {}): void {
    engine.create({ name, image: APP, ...more });
    engine.start(name);
  }
  async function see(): Promise<void> {
    const there = await client.list(signal);
    for (const id of picture.ids) if (!there.includes(id)) picture.gone(id, clock.now(), 60_000);
    for (const id of there) {
      const inspect = await client.inspect(id, signal);
      if (inspect !== undefined) picture.saw(inspect);
    }
  }
  /** Lets one look happen: requests wait for their turn by the clock, and go over real sockets. */
  async function passing(work: Promise<unknown>): Promise<void> {
    let over = false;
    const ended = work.finally(() => {
      over = true;
    });
    ended.catch(() => {});
    while (!over) {
      await new Promise((done) => setTimeout(done, 5));
      if (!over) await clock.advance(100);
    }
    await ended;
  }
  async function look(): Promise<void> {
    await see();
    await passing(updates.tasks[0]?.run(signal) as Promise<void>);
  }
  const shown = (): readonly LabResource[] => updates.shownOn(picture.resources(clock.now()));
  function readings(name = 'app'): Partial<LabResourceOf<'container'>['readings']> & { reason?: string } {
    const resource = shown().find(({ kind, id }) => kind === 'container' && id.endsWith(`/${name}`));
    assert.ok(resource?.kind === 'container', name);
    const { image_version, image_latest, image_news, image_releases, image_state } = resource.readings;
    const all = { image_version, image_latest, image_news, image_releases, image_state };
    const reason = resource.facts.image_update as string | undefined;
    return Object.fromEntries(Object.entries({ ...all, reason }).filter(([, value]) => value !== undefined));
  }
  const lines = (): string[] => registry.seen.map(({ method, path }) => `${method} ${path}`);

  test('tells what is newer, with its version and where to read of it, from few requests', async () => {
    const old = pull(APP, '1.0');
    run('app');
    await look();
    const installed = `1.0 (${old.slice(7, 15)})`;
    assert.deepEqual(readings(), {
      ...{ image_version: installed, image_latest: installed, image_news: '', image_state: 'current' },
    });
    assert.deepEqual(lines(), ['HEAD /v2/team/app/manifests/1']);

    const latest = push('team/app', '1.1', {
      'org.opencontainers.image.source': 'https://github.com/team/app',
    });
    registry.seen.length = 0;
    await clock.advance(7 * HOUR);
    await look();
    assert.deepEqual(readings(), {
      ...{ image_version: installed, image_latest: `1.1 (${latest.slice(7, 15)})`, image_news: '' },
      ...{ image_releases: 'https://github.com/team/app/releases', image_state: 'available' },
    });
    assert.deepEqual(
      lines().map((line) => line.replace(/sha256:\w+/, 'digest')),
      [
        'HEAD /v2/team/app/manifests/1',
        'GET /v2/team/app/manifests/digest',
        'GET /v2/team/app/manifests/digest',
        'GET /v2/team/app/blobs/digest',
      ],
    );
    registry.seen.length = 0;
    await clock.advance(7 * HOUR);
    await look();
    assert.deepEqual(lines(), ['HEAD /v2/team/app/manifests/1']);
  });

  test('is never told without what it is called, whoever looks meanwhile', async () => {
    pull(APP, '1.0');
    run('app');
    await look();
    push('team/app', '1.1');
    await clock.advance(7 * HOUR);
    await see();
    const seen = new Set<unknown>();
    let over = false;
    const work = passing(updates.tasks[0]?.run(signal) as Promise<void>).finally(() => {
      over = true;
    });
    while (!over) {
      seen.add(readings().image_latest);
      await new Promise((done) => setImmediate(done));
    }
    await work;
    seen.add(readings().image_latest);
    assert.ok(
      [...seen].some((one) => /^1\.1 \(/.test(String(one))),
      'it is told in the end',
    );
    assert.deepEqual(
      [...seen].filter((one) => typeof one === 'string' && !/^1\.[01] \(/.test(one)),
      [],
    );
  });

  test('asks for a tag every six hours or so, however many containers and restarts there are', async () => {
    pull(APP, '1.0');
    for (const name of ['app', 'b', 'c']) run(name);
    for (let at = 0; at < 24; at += 1) {
      await look();
      if (at % 5 === 4) {
        await updates.close();
        open();
      }
      await clock.advance(HOUR);
    }
    assert.ok(registry.seen.length >= 4 && registry.seen.length <= 5, `${registry.seen.length}`);
    assert.equal(readings().image_state, 'current');
  });

  test('knows what was pulled and is not yet run', async () => {
    const old = pull(APP, '1.0');
    run('app');
    const latest = pull(APP, '1.1');
    await look();
    assert.deepEqual(readings(), {
      ...{ image_version: `1.0 (${old.slice(7, 15)})`, image_latest: `1.1 (${latest.slice(7, 15)})` },
      ...{ image_news: 'Pulled already; the container has to be recreated.', image_state: 'pulled' },
    });
  });

  test('a recreated container keeps its entities, and is looked at soon', async () => {
    const old = pull(APP, '1.0');
    run('app');
    push('team/app', '1.1');
    await look();
    assert.equal(readings().image_state, 'available');
    const latest = pull(APP, '1.1');
    await engine.remove('app', true);
    await see();
    assert.equal(readings().image_state, 'available');
    run('app');
    await see();
    const { image_version, image_latest, image_state } = readings();
    assert.deepEqual([image_version, image_latest, image_state], [`1.0 (${old.slice(7, 15)})`, null, null]);
    await passing(
      (async () => {
        while (readings().image_state === null) await new Promise((done) => setTimeout(done, 5));
      })(),
    );
    assert.deepEqual(readings().image_version, `1.1 (${latest.slice(7, 15)})`);
    assert.equal(readings().image_state, 'current');
  });

  test('nobody is asked about what was built here, is pinned, or nobody wants to know of', async () => {
    const digest = pull(APP, '1.0');
    const pinned = `registry.lan/team/app@${digest}`;
    engine.images.put(pinned, { digests: [pinned] });
    run('app', { image: 'mine:1' });
    run('pinned', { image: pinned });
    run('ours', { labels: { 'labkeeper.update': 'false' } });
    await look();
    assert.deepEqual(registry.seen, []);
    assert.deepEqual(readings(), { reason: 'it was built here' });
    assert.deepEqual(readings('pinned'), { reason: 'it is pinned to a digest' });
    assert.deepEqual(readings('ours'), { reason: 'the label labkeeper.update says so' });
  });

  test('a tag that is gone and a registry that fails are unknown, each with why', async () => {
    pull(APP, '1.0');
    run('app');
    registry.contents.tags.clear();
    await look();
    assert.equal(readings().image_latest, null);
    assert.equal(readings().reason, 'the registry has no such tag any more');
    registry.manners.fails = 503;
    await clock.advance(7 * HOUR);
    await look();
    // What was known holds for a day.
    assert.equal(readings().reason, 'the registry has no such tag any more');
    for (let at = 0; at < 20; at += 1) {
      await clock.advance(2 * HOUR);
      await look();
    }
    assert.match(readings().reason ?? '', /registry .* failed \(503\)/);
  });

  test('the same image in an index made anew is nothing new', async () => {
    const labels = { 'org.opencontainers.image.version': '1.0' };
    const { digest } = registry.contents.push('team/app', '1', { labels, platforms: ['linux/amd64'] });
    const [config = ''] = registry.contents.blobs.keys();
    engine.images.put(APP, { id: config, digests: [`registry.lan/team/app@${digest}`], labels });
    run('app');
    const index = registry.contents.push('team/app', '1', { labels }).digest;
    assert.notEqual(index, digest);
    await look();
    assert.equal(readings().image_state, 'current');
  });

  test('a registry that has had enough is left alone, and the others are not', async () => {
    pull(APP, '1.0');
    pull('registry.lan/team/b:1', '1.0');
    run('app');
    run('b', { image: 'registry.lan/team/b:1' });
    registry.manners.tooMany = { retryAfter: '7200' };
    await look();
    assert.equal(registry.seen.length, 1);
    assert.match(readings().reason ?? '', /takes no requests for 120 min/);
    registry.manners.tooMany = undefined;
    await clock.advance(3 * HOUR);
    await look();
    assert.deepEqual([readings().image_state, readings('b').image_state], ['current', 'current']);
  });

  test('a stack sums up its members, and skipping one update does not hide the next', async () => {
    pull(APP, '1.0');
    pull('registry.lan/team/db:1', '16');
    run('media-web-1', { labels: compose('web') });
    run('media-db-1', { image: 'registry.lan/team/db:1', labels: compose('db') });
    const stack = () => {
      const found = shown().find(({ kind }) => kind === 'stack');
      assert.ok(found?.kind === 'stack');
      return found.readings;
    };
    await look();
    const { image_version } = stack();
    assert.deepEqual([stack().image_latest, stack().image_news], [image_version, '']);
    push('team/app', '1.1');
    await clock.advance(7 * HOUR);
    await look();
    const first = stack();
    assert.equal(first.image_version, image_version);
    assert.match(first.image_latest ?? '', /^[0-9a-f]{8} \(1 image\)$/);
    assert.match(first.image_news ?? '', /^web: 1\.0 \(\w{8}\) → 1\.1 \(\w{8}\)$/);
    push('team/db', '17');
    await clock.advance(7 * HOUR);
    await look();
    assert.match(stack().image_latest ?? '', /\(2 images\)$/);
    assert.match(stack().image_news ?? '', /^db: 16 .* → 17 .*, web: 1\.0/);
    assert.notEqual(stack().image_latest, first.image_latest);
  });

  test('what did not change is the same object', async () => {
    pull(APP, '1.0');
    run('app');
    await look();
    const [before, after] = [shown(), shown()].map((all) => all.find(({ kind }) => kind === 'container'));
    assert.equal(before, after);
    await look();
    assert.equal(updates.verdict('docker/nas/container/app')?.kind, 'current');
  });
});
