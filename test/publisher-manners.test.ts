import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { discoveryIn, PublisherLab, settledLab } from './helpers/publisher-lab.ts';
import { aContainer, aHost, aStack } from './helpers/samples.ts';

const host = aHost();
const stack = aStack();
const plex = aContainer();
const PLEX = 'docker_nas_container_media-plex-1-21440a7a';
const DISCOVERY = `homeassistant/device/${PLEX}/config`;

const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    aContainer({ id: `docker/nas/container/c${index}`, name: `c${index}`, parent: host.id }),
  );

suite('pacing', () => {
  const configsIn = (lab: PublisherLab): readonly string[] =>
    lab.topics().filter((topic) => topic.endsWith('/config'));

  test('gives Home Assistant some devices at once and the rest in turn, each complete, its parent first', async () => {
    const lab = new PublisherLab().connect();
    lab.now(...many(100), host);
    const first = lab.sent();
    const configs = first.filter(({ topic }) => topic.endsWith('/config'));
    assert.equal(configs.length, 20);
    assert.match(configs[0]?.topic ?? '', /host_engine/);
    const words = first.filter(({ topic }) => topic.endsWith('/availability'));
    assert.equal(words.length, 20, 'no states of what it does not know');
    await lab.clock.advance(1_000);
    assert.equal(configsIn(lab).length, 20);
    await lab.clock.advance(4_000);
    assert.equal(configsIn(lab).length, 101 - 40);
    for (const [topic, payload] of lab.kept) {
      if (!topic.includes('container_c') || !topic.endsWith('/config')) continue;
      assert.equal(discoveryIn({ payload }).device.via_device, 'labkeeper_docker_nas_host_engine');
    }
    await lab.clock.advance(60_000);
    assert.deepEqual(lab.sent(), [], 'each once');
  });

  test('lets changed states pass what waits', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.now(host, stack, plex, ...many(100));
    lab.sent();
    lab.now(host, stack, aContainer({ readings: { state: 'paused' } }), ...many(100));
    assert.ok(lab.topics().includes(`labkeeper/${PLEX}/state`));
  });

  test('takes away in turn, too', async () => {
    const lab = new PublisherLab().connect();
    lab.now(host, ...many(100));
    await lab.clock.advance(20_000);
    lab.sent();
    lab.now(host);
    assert.ok(configsIn(lab).length <= 20);
    await lab.clock.advance(20_000);
    assert.deepEqual(
      [...lab.kept.keys()].filter((topic) => topic.includes('container_c')),
      [],
    );
  });
});

suite('damping', () => {
  test('makes no message of a change that is too small', async () => {
    const lab = await settledLab(plex);
    lab.now(aContainer({ readings: { cpu: 12.9, memory: 0.2501, network_sent: 2.1 } }));
    assert.deepEqual(lab.sent(), []);
  });

  test('tells of the others what was told before', async () => {
    const lab = await settledLab(plex);
    lab.now(aContainer({ readings: { cpu: 50, memory: 0.2501, network_sent: 2.1 } }));
    const [{ payload = '' } = {}] = lab.sent();
    assert.deepEqual(JSON.parse(payload), { cpu: 50, memory: 0.25, network_received: 1, network_sent: 2 });
  });
});

suite('entity ids', () => {
  const idOf = (payload: string | undefined): string | undefined =>
    discoveryIn({ payload: payload ?? '' }).components.cpu?.default_entity_id;

  test('never change when a thing is renamed, not even in a later run', async () => {
    const lab = await settledLab(host, stack, plex);
    assert.equal(idOf(lab.kept.get(DISCOVERY)), 'sensor.plex_cpu');
    lab.now(host, stack, aContainer({ name: 'jellyfin' }));
    const { device } = discoveryIn({ payload: lab.kept.get(DISCOVERY) ?? '' });
    assert.equal(device.name, 'jellyfin');
    assert.equal(idOf(lab.kept.get(DISCOVERY)), 'sensor.plex_cpu');
    const later = new PublisherLab({ database: lab.database }).connect();
    later.now(host, stack, aContainer({ name: 'third' }));
    assert.equal(idOf(later.kept.get(DISCOVERY)), 'sensor.plex_cpu');
  });
});

suite('birth of Home Assistant', () => {
  test('is answered with nothing when the broker has everything', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.publisher.onBirth();
    await lab.clock.advance(10_000);
    assert.deepEqual(lab.sent(), []);
  });

  test('is answered with what the broker lacks, and its states', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.disconnect();
    lab.kept.clear();
    lab.connect();
    await lab.clock.advance(10_000);
    lab.sent();
    lab.other(DISCOVERY, '{"device":{}}');
    lab.publisher.onBirth();
    assert.deepEqual(
      lab.topics().map((topic) => topic.split('/').at(-1)),
      ['config', 'state', 'metrics', 'availability'],
    );
  });
});

suite('events', () => {
  const OUTCOME = `labkeeper/${PLEX}/outcome/event`;

  test('are told once, not kept, and short', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.publisher.emit(plex.id, 'outcome', { event_type: 'refused', reason: 'x'.repeat(1_000), code: 4 });
    const [event, ...others] = lab.sent();
    assert.deepEqual(others, []);
    assert.deepEqual([event?.topic, event?.retain, event?.qos], [OUTCOME, false, 1]);
    const { reason, ...rest } = JSON.parse(event?.payload ?? '');
    assert.deepEqual(rest, { event_type: 'refused', code: 4 });
    assert.equal(reason.length, 255);
  });

  test('are not told where nobody would understand them', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.publisher.emit(plex.id, 'outcome', { event_type: 'exploded' });
    lab.publisher.emit(plex.id, 'power', { event_type: 'refused' });
    lab.publisher.emit('docker/nas/container/none', 'outcome', { event_type: 'refused' });
    lab.disconnect();
    lab.publisher.emit(plex.id, 'outcome', { event_type: 'refused' });
    assert.deepEqual(lab.sent(), []);
  });
});

test('counts its devices and messages', async () => {
  const lab = await settledLab(host, stack, plex);
  assert.equal(lab.publisher.devices, 3);
  lab.now(host, stack);
  assert.equal(lab.publisher.devices, 2);
  await lab.clock.advance(50_000);
  assert.equal(lab.publisher.messagesPerMinute(), 11 + 4, 'what came, and what went');
});

test('a ledger that cannot be written keeps nothing from Home Assistant, and is said once', async () => {
  const lab = new PublisherLab().connect();
  lab.database.exec('DROP TABLE published');
  lab.now(host, stack);
  lab.now(host, stack, plex);
  assert.ok(lab.kept.has(DISCOVERY));
  assert.equal(lab.log.lines.length, 1);
  assert.match(
    lab.log.lines.join(),
    /^error cannot write down what was published: no such table: published; see whether the disk .* is full$/,
  );
});
