import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { defaultSettings } from '../addon/src/entities/settings.ts';
import { topicsOf } from '../addon/src/entities/topics.ts';
import { discoveryIn, PublisherLab, settledLab } from './helpers/publisher-lab.ts';
import { aContainer, aHost, aStack } from './helpers/samples.ts';

const host = aHost();
const stack = aStack();
const plex = aContainer();
const topics = {
  host: topicsOf(host.id, defaultSettings),
  stack: topicsOf(stack.id, defaultSettings),
  plex: topicsOf(plex.id, defaultSettings),
};

suite('publisher', () => {
  test('sends parents before their children, and of each the discovery first and the availability last', () => {
    const lab = new PublisherLab().connect();
    lab.now(plex, stack, host);
    assert.deepEqual(lab.topics(), [
      topics.host.discovery,
      topics.host.state,
      topics.host.metrics,
      topics.host.availability,
      topics.stack.discovery,
      topics.stack.state,
      topics.stack.availability,
      topics.plex.discovery,
      topics.plex.state,
      topics.plex.metrics,
      topics.plex.availability,
    ]);
  });

  test('lets the broker keep everything, and risks only fast numbers', () => {
    const lab = new PublisherLab().connect();
    lab.now(plex, stack, host);
    const sent = lab.sent();
    assert.ok(sent.length > 0);
    for (const { topic, retain, qos } of sent) {
      assert.equal(retain, true, topic);
      assert.equal(qos, topic.endsWith('/metrics') ? 0 : 1, topic);
    }
  });

  test('sends nothing while nothing changes', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.now(aHost(), aStack(), aContainer());
    lab.now(host, stack, aContainer({ readings: { cpu: 12.3449 } }));
    await lab.clock.advance(10_000);
    assert.deepEqual(lab.sent(), []);
  });

  test('sends only the topic that differs', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.now(host, stack, aContainer({ readings: { cpu: 50 } }));
    assert.deepEqual(lab.topics(), [topics.plex.metrics]);
    lab.now(host, stack, aContainer({ readings: { cpu: 50, state: 'paused' } }));
    assert.deepEqual(lab.topics(), [topics.plex.state]);
    lab.now(host, stack, aContainer({ readings: { cpu: 50, state: 'paused' }, available: false }));
    assert.deepEqual(lab.sent(), [
      { topic: topics.plex.availability, payload: 'offline', retain: true, qos: 1 },
    ]);
  });

  test('a rename sends discovery again and nothing else', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.now(host, stack, aContainer({ name: 'jellyfin' }));
    const [message, ...others] = lab.sent();
    assert.deepEqual(others, []);
    assert.equal(message?.topic, topics.plex.discovery);
    assert.equal(discoveryIn(message).device.name, 'jellyfin');
  });

  test('a name borne twice changes both devices, and back', async () => {
    const lab = await settledLab(host, stack, plex);
    const twin = aContainer({ id: 'docker/nas/container/plex', parent: host.id });
    lab.now(host, stack, plex, twin);
    const name = (topic: string): string | undefined =>
      lab
        .sent()
        .filter((message) => message.topic === topic)
        .map((message) => discoveryIn(message).device.name)
        .at(-1);
    assert.equal(name(topics.plex.discovery), 'plex (media)');
    await lab.clock.advance(10_000);
    lab.now(host, stack, plex);
    assert.equal(name(topics.plex.discovery), 'plex');
  });

  test('a second discovery of a device waits two seconds, then tells the latest', async () => {
    const lab = await settledLab(host, stack);
    lab.now(host, stack, plex);
    lab.sent();
    await lab.clock.advance(500);
    lab.now(host, stack, aContainer({ name: 'second', readings: { cpu: 50 } }));
    assert.deepEqual(lab.topics(), [topics.plex.metrics], 'states do not wait');
    await lab.clock.advance(500);
    lab.now(host, stack, aContainer({ name: 'third', readings: { cpu: 50 } }));
    await lab.clock.advance(999);
    assert.deepEqual(lab.sent(), []);
    await lab.clock.advance(1);
    const sent = lab.sent();
    assert.deepEqual(
      sent.map(({ topic }) => topic),
      [topics.plex.discovery],
    );
    assert.equal(discoveryIn(sent[0]).device.name, 'third');
    await lab.clock.advance(10_000);
    assert.deepEqual(lab.sent(), []);
  });

  test('each device that waits gets its turn', async () => {
    const lab = await settledLab(host, stack);
    lab.now(host, stack, plex);
    await lab.clock.advance(1_000);
    const web = aContainer({ id: 'docker/nas/container/web', name: 'web' });
    lab.now(host, stack, plex, web);
    lab.now(host, stack, aContainer({ name: 'a' }), { ...web, name: 'b' });
    lab.sent();
    await lab.clock.advance(1_000);
    assert.deepEqual(lab.topics(), [topics.plex.discovery]);
    await lab.clock.advance(1_000);
    assert.deepEqual(lab.topics(), [topicsOf(web.id, defaultSettings).discovery]);
  });

  test('a component that vanishes is buried first, then left out', async () => {
    const lab = await settledLab(host, stack, plex);
    const { health: _, ...readings } = plex.readings;
    lab.now(host, stack, { ...plex, readings });
    const [burial, state, ...others] = lab.sent();
    assert.deepEqual(others, []);
    assert.deepEqual(discoveryIn(burial).components.health, { platform: 'sensor' });
    assert.notDeepEqual(discoveryIn(burial).components.power, { platform: 'switch' }, 'the others stay');
    assert.equal('health' in JSON.parse(state?.payload ?? ''), false);
    await lab.clock.advance(1_999);
    assert.deepEqual(lab.sent(), []);
    await lab.clock.advance(1);
    const [clean, ...more] = lab.sent();
    assert.deepEqual(more, []);
    assert.equal(clean?.topic, topics.plex.discovery);
    assert.equal('health' in discoveryIn(clean).components, false);
    await lab.clock.advance(10_000);
    assert.deepEqual(lab.sent(), []);
  });

  test('what goes leaves no retained message, and no child that points to it', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.now(host, aContainer({ parent: host.id }));
    const [child, ...empties] = lab.sent();
    assert.equal(child?.topic, topics.plex.discovery);
    assert.equal(discoveryIn(child).device.via_device, 'labkeeper_docker_nas_host_engine');
    assert.deepEqual(
      empties,
      [topics.stack.discovery, topics.stack.state, topics.stack.availability].map((topic) => ({
        topic,
        payload: '',
        retain: true,
        qos: 1,
      })),
    );
  });

  test('a child whose parent is not there hangs nowhere, until it is', async () => {
    const lab = new PublisherLab().connect();
    lab.now(plex);
    assert.equal('via_device' in discoveryIn(lab.sent()[0]).device, false);
    await lab.clock.advance(10_000);
    lab.now(plex, stack);
    const again = lab.sent().filter(({ topic }) => topic === topics.plex.discovery);
    assert.deepEqual(
      again.map((message) => discoveryIn(message).device.via_device),
      ['labkeeper_docker_nas_stack_media'],
    );
  });

  test('knows which resource an object id in a topic stands for', () => {
    const lab = new PublisherLab().connect();
    lab.now(host, plex);
    assert.equal(lab.publisher.resourceOf('docker_nas_container_media-plex-1-21440a7a'), plex);
    assert.equal(lab.publisher.resourceOf('docker_nas_container_other'), undefined);
    lab.now(host);
    assert.equal(lab.publisher.resourceOf('docker_nas_container_media-plex-1-21440a7a'), undefined);
  });

  test('says nothing more once it is closed', async () => {
    const lab = new PublisherLab().connect();
    lab.now(host);
    lab.now(aHost({ name: 'waits' }));
    lab.publisher.close();
    lab.sent();
    lab.now(host, plex);
    await lab.clock.advance(10_000);
    assert.deepEqual(lab.sent(), []);
  });
});

suite('publisher and a broker that was away', () => {
  test('hears first what changed, then that we are there, then all states, but no discovery that it has', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.disconnect();
    lab.now(host, stack, aContainer({ readings: { cpu: 50 } }));
    assert.deepEqual(lab.sent(), []);
    lab.everything();
    lab.connect();
    const [correction, online, ...rest] = lab.everything();
    assert.equal(correction?.topic, topics.plex.metrics);
    assert.equal(JSON.parse(correction.payload).cpu, 50);
    assert.equal(online?.payload, 'online');
    assert.deepEqual(
      rest.map(({ topic }) => topic),
      [
        topics.host.state,
        topics.host.metrics,
        topics.host.availability,
        topics.stack.state,
        topics.stack.availability,
        topics.plex.state,
        topics.plex.metrics,
        topics.plex.availability,
      ],
    );
    await lab.clock.advance(10_000);
    assert.deepEqual(lab.sent(), [], 'once');
  });

  test('is sent everything when it has lost everything, parents first', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.disconnect();
    lab.kept.clear();
    lab.connect();
    assert.deepEqual(
      lab.topics().filter((topic) => topic.endsWith('/config')),
      [topics.host.discovery, topics.stack.discovery, topics.plex.discovery],
    );
    assert.equal(lab.kept.size, 11 + 1, 'and our word that we are there');
  });

  test('removes what went meanwhile', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.disconnect();
    lab.now(host, stack);
    assert.deepEqual(lab.sent(), []);
    lab.connect();
    const empty = lab.sent().filter(({ payload }) => payload === '');
    assert.deepEqual(
      empty.map(({ topic }) => topic),
      [topics.plex.discovery, topics.plex.state, topics.plex.metrics, topics.plex.availability],
    );
  });

  test('names by what came meanwhile', () => {
    const lab = new PublisherLab().connect();
    lab.now();
    lab.disconnect();
    lab.now(host, stack, plex, aContainer({ id: 'docker/nas/container/plex', parent: host.id }));
    lab.connect();
    const discovery = lab.sent().find(({ topic }) => topic === topics.plex.discovery);
    assert.equal(discoveryIn(discovery).device.name, 'plex (media)');
  });

  test('a discovery that waits is not sent into a dead connection', async () => {
    const lab = new PublisherLab().connect();
    lab.now(host);
    lab.now(aHost({ name: 'waits' }));
    lab.sent();
    lab.disconnect();
    await lab.clock.advance(10_000);
    assert.deepEqual(lab.sent(), []);
    lab.connect();
    assert.equal(discoveryIn(lab.sent()[0]).device.name, 'waits');
  });
});
