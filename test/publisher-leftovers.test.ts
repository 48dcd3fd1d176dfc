import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { memoryDatabase } from '../addon/src/core/database.ts';
import type { EntitySettings } from '../addon/src/entities/settings.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { discoveryIn, type Kept, PublisherLab } from './helpers/publisher-lab.ts';
import { aContainer, aHost, aStack } from './helpers/samples.ts';

const host = aHost();
const stack = aStack();
const plex = aContainer();
const STATE_OF_PLEX = 'labkeeper/docker_nas_container_media-plex-1-21440a7a';
const DISCOVERY = 'homeassistant/device/docker_nas_container_media-plex-1-21440a7a/config';

/** What a first run left behind: its data and what the broker keeps. */
async function firstRun(
  resources: readonly LabResource[] = [host, stack, plex],
  settings: Partial<EntitySettings> = {},
): Promise<{ database: ReturnType<typeof memoryDatabase>; kept: Kept }> {
  const lab = new PublisherLab({ settings }).connect();
  lab.now(...resources);
  await lab.clock.advance(10_000);
  lab.publisher.close();
  lab.kept.delete('bridge');
  return { database: lab.database, kept: lab.kept };
}

const devicesIn = (kept: Kept): readonly string[] =>
  [...kept.values()].flatMap((payload) =>
    payload.startsWith('{"device"') ? discoveryIn({ payload }).device.name : [],
  );

suite('what an earlier run left', () => {
  test('is unavailable until its system is heard, before anybody is told that we are there', async () => {
    const lab = new PublisherLab(await firstRun()).connect();
    const sent = lab.everything();
    assert.deepEqual(
      sent.map(({ topic, payload }) => `${topic.split('/').at(-1)} ${payload}`),
      ['availability offline', 'availability offline', 'availability offline', 'bridge online'],
    );
    await lab.clock.advance(60_000);
    assert.deepEqual(lab.sent(), [], 'and stays');
    lab.now(host, stack, plex);
    assert.equal(lab.kept.get(`${STATE_OF_PLEX}/availability`), 'online');
    assert.equal(
      lab.sent().some(({ topic }) => topic.endsWith('/config')),
      false,
      'the broker has all discovery',
    );
  });

  test('goes when its system does not have it any more, its children first pointed elsewhere', async () => {
    const lab = new PublisherLab(await firstRun()).connect();
    lab.everything();
    lab.now(host, aContainer({ parent: host.id }));
    await lab.clock.advance(30_000);
    assert.ok(lab.kept.has('homeassistant/device/docker_nas_stack_media/config'), 'it may still be told of');
    await lab.clock.advance(31_000);
    const sent = lab.sent();
    const child = sent.findIndex(({ topic }) => topic === DISCOVERY);
    const parent = sent.findIndex(({ topic }) => topic.includes('stack_media/config'));
    assert.equal(discoveryIn(sent[child]).device.via_device, 'labkeeper_docker_nas_host_engine');
    assert.ok(child >= 0 && child < parent);
    assert.equal(sent[parent]?.payload, '');
    assert.equal([...lab.kept.keys()].filter((topic) => topic.includes('stack_media')).length, 0);
  });

  test('goes at once when nobody configures its system any more', async () => {
    const lab = new PublisherLab({ ...(await firstRun()), configured: [] }).connect();
    await lab.clock.advance(1_000);
    assert.deepEqual([...lab.kept.keys()], ['bridge']);
    const gone = lab.topics().filter((topic) => topic.endsWith('/config'));
    assert.ok(gone.at(-1)?.includes('host_engine'), 'parents last');
  });

  test('stays while a parent of it is gone but its own system has not been heard', async () => {
    const vm = aHost({ id: 'proxmox/home/host/101', name: 'VM' });
    const { database, kept } = await firstRun([vm, aContainer({ parent: vm.id })]);
    const lab = new PublisherLab({ database, kept, configured: ['docker/nas', 'proxmox/home'] }).connect();
    lab.store.replace('proxmox/home', []);
    lab.store.setReachable('docker/nas', false);
    await lab.clock.advance(62_000);
    assert.deepEqual(devicesIn(kept), ['VM', 'plex'], 'a nameless device would take its place');
    lab.store.replace('docker/nas', [aContainer({ parent: vm.id })], true);
    await lab.clock.advance(62_000);
    assert.deepEqual(devicesIn(kept), ['plex']);
  });

  test('of components is buried', async () => {
    const lab = new PublisherLab(await firstRun()).connect();
    const { health: _, ...readings } = plex.readings;
    lab.everything();
    lab.now(host, stack, { ...plex, readings });
    const sizes = (): readonly (object | undefined)[] =>
      lab
        .sent()
        .filter(({ topic }) => topic === DISCOVERY)
        .map((message) => discoveryIn(message).components.health);
    await lab.clock.advance(60_000);
    assert.deepEqual(sizes(), [undefined], 'it may still come');
    await lab.clock.advance(240_000);
    assert.deepEqual(sizes(), [{ platform: 'sensor' }]);
    await lab.clock.advance(2_000);
    assert.deepEqual(sizes(), [undefined]);
  });

  test('of components stays when it is only read later than the rest', async () => {
    const first = await firstRun();
    const lab = new PublisherLab(first).connect();
    const { health: _, ...readings } = plex.readings;
    lab.now(host, stack, { ...plex, readings });
    await lab.clock.advance(10_000);
    const state = JSON.parse(first.kept.get(`${STATE_OF_PLEX}/state`) ?? '');
    assert.equal(state.health, null, 'Home Assistant still looks for it');
    lab.sent();
    lab.now(host, stack, plex);
    await lab.clock.advance(600_000);
    const discoveries = lab.sent().filter(({ topic }) => topic === DISCOVERY);
    assert.deepEqual(
      discoveries.map((message) => Object.keys(discoveryIn(message).components).includes('health')),
      [true],
    );
    assert.equal(JSON.parse(first.kept.get(`${STATE_OF_PLEX}/state`) ?? '').health, plex.readings.health);
  });

  test('of topics goes with the level', async () => {
    const first = await firstRun();
    assert.ok(first.kept.has(`${STATE_OF_PLEX}/metrics`));
    const lab = new PublisherLab({ ...first, settings: { level: 'essential' } }).connect();
    lab.now(host, stack, plex);
    const metrics = (): string | undefined => first.kept.get(`${STATE_OF_PLEX}/metrics`);
    await lab.clock.advance(10_000);
    assert.equal(JSON.parse(metrics() ?? '').cpu, null, 'Home Assistant still has what reads it');
    await lab.clock.advance(291_000);
    assert.notEqual(metrics(), undefined, 'it has just been told to let go of that');
    await lab.clock.advance(4_000);
    assert.equal(metrics(), undefined);
    assert.equal(first.kept.has(`${STATE_OF_PLEX}/state`), true);
  });

  test('goes when it is excluded, and what hung on it hangs on the next above', async () => {
    const lab = new PublisherLab({
      ...(await firstRun()),
      settings: { exclude: ['docker/*/stack/*'] },
    }).connect();
    lab.now(host, stack, plex);
    await lab.clock.advance(5_000);
    assert.deepEqual(devicesIn(lab.kept).toSorted(), ['NAS', 'plex']);
    assert.equal(
      discoveryIn({ payload: lab.kept.get(DISCOVERY) ?? '' }).device.via_device,
      'labkeeper_docker_nas_host_engine',
    );
  });

  test('goes under another discovery prefix, and its states stay', async () => {
    const lab = new PublisherLab({ ...(await firstRun()), settings: { discoveryPrefix: 'ha' } }).connect();
    lab.now(host, stack, plex);
    await lab.clock.advance(5_000);
    const discovery = [...lab.kept.keys()].filter((topic) => topic.endsWith('/config'));
    assert.equal(discovery.length, 3);
    for (const topic of discovery) assert.match(topic, /^ha\/device\//);
    assert.equal(lab.kept.get(`${STATE_OF_PLEX}/availability`), 'online');
  });

  test('goes under another site, unless somebody is at work there', async () => {
    const settings = { site: 'garage', base: 'labkeeper-garage' };
    for (const [word, left] of [
      ['offline', 0],
      ['online', 11],
    ] as const) {
      const first = await firstRun();
      first.kept.set('labkeeper/bridge/state', word);
      const lab = new PublisherLab({ ...first, settings });
      assert.deepEqual(lab.publisher.cleaner.otherBases(), ['labkeeper']);
      lab.publisher.cleaner.hearBridge('labkeeper', word);
      lab.connect().now(host, stack, plex);
      await lab.clock.advance(5_000);
      const old = [...lab.kept.keys()].filter((topic) => !/garage|bridge/.test(topic));
      assert.equal(old.length, left, word);
      assert.equal(lab.kept.has('labkeeper/bridge/state'), left > 0, 'its last word, too');
      assert.equal([...lab.kept.keys()].filter((topic) => topic.includes('garage')).length, 11);
    }
  });
});

suite('when the ledger is lost', () => {
  test('what the broker keeps is known by itself: nothing is sent twice, what is gone goes', async () => {
    const { kept } = await firstRun();
    const lab = new PublisherLab({ kept }).connect();
    lab.everything();
    lab.now(host, plex);
    await lab.clock.advance(62_000);
    const configs = lab.sent().filter(({ topic }) => topic.endsWith('/config'));
    assert.deepEqual(
      configs.map(({ topic, payload }) => [topic.includes('stack_media'), payload === '']),
      [
        [false, false],
        [true, true],
      ],
      'plex hangs on the host now, the stack goes',
    );
    assert.equal([...kept.keys()].filter((topic) => topic.includes('stack_media')).length, 0);
  });

  test('entity ids stay, and components are buried all the same', async () => {
    const { kept } = await firstRun();
    const lab = new PublisherLab({ kept }).connect();
    lab.everything();
    const { health: _, ...readings } = plex.readings;
    lab.now(host, stack, { ...plex, name: 'jellyfin', readings });
    lab.sent();
    await lab.clock.advance(300_000);
    const { device, components } = discoveryIn(lab.sent().find(({ topic }) => topic === DISCOVERY));
    assert.equal(device.name, 'jellyfin');
    assert.equal(components.cpu?.default_entity_id, 'sensor.plex_cpu');
    assert.deepEqual(components.health, { platform: 'sensor' });
  });

  test('devices of others are left alone, whatever they look like', async () => {
    const { kept: garage } = await firstRun([plex], { site: 'garage', base: 'labkeeper-garage' });
    const { kept: own } = await firstRun([plex]);
    const [, payload = ''] = [...own].find(([topic]) => topic === DISCOVERY) ?? [];
    const kept: Kept = new Map([
      ...garage,
      ['homeassistant/device/zigbee_lamp/config', '{"device":{"identifiers":["zigbee_lamp"]},"origin":{}}'],
      ['homeassistant/device/not_json/config', 'Labkeeper'],
      ['homeassistant/device/nothing/config', 'null // Labkeeper'],
      // Somebody's copy of ours under another id.
      ['homeassistant/device/docker_nas_container_copy/config', payload],
      [
        'homeassistant/device/docker_nas_container_odd/config',
        '{"origin":{"name":"Labkeeper"},"availability":[null]}',
      ],
    ]);
    const before = [...kept.keys()];
    const lab = new PublisherLab({ kept }).connect();
    lab.now();
    await lab.clock.advance(60_000);
    assert.deepEqual(lab.sent(), []);
    assert.deepEqual([...kept.keys()], [...before, 'bridge']);
  });
});
