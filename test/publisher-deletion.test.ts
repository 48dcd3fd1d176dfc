import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { discoveryIn, PublisherLab, settledLab } from './helpers/publisher-lab.ts';
import { aContainer, aHost, aStack } from './helpers/samples.ts';

const host = aHost();
const stack = aStack();
const plex = aContainer();
const PLEX = 'docker_nas_container_media-plex-1-21440a7a';
const STACK = 'docker_nas_stack_media';
const discovery = (id: string): string => `homeassistant/device/${id}/config`;

/** As Home Assistant does it when a device is deleted: an empty message for each of its entities. */
function deleteIn(lab: PublisherLab, id: string): void {
  for (let entity = 0; entity < 10; entity += 1) lab.other(discovery(id), '');
}

suite('a device that its user deleted in Home Assistant', () => {
  test('is remembered, leaves nothing behind, and does not come back by itself', async () => {
    const lab = await settledLab(host, stack, plex);
    const before = lab.clock.now();
    deleteIn(lab, PLEX);
    assert.deepEqual(lab.publisher.deletions(), [{ id: plex.id, name: 'plex', at: before }]);
    assert.ok(lab.sent().every(({ payload, topic }) => payload === '' && !topic.endsWith('/config')));
    assert.deepEqual(
      [...lab.kept.keys()].filter((topic) => topic.includes(PLEX)),
      [],
    );
    lab.now(host, stack, aContainer({ name: 'other', readings: { cpu: 80, state: 'paused' } }));
    lab.publisher.onBirth();
    lab.disconnect();
    lab.connect();
    await lab.clock.advance(60_000);
    assert.deepEqual(
      lab.topics().filter((topic) => topic.includes(PLEX)),
      [],
    );
    assert.match(lab.log.lines.join(), /info "plex" was deleted in Home Assistant/);
    assert.equal(lab.log.lines.length, 1);
  });

  test('is taken away again when a change of it crossed the deletion', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.delay();
    lab.now(host, stack, aContainer({ name: 'renamed' }));
    deleteIn(lab, PLEX);
    lab.arrive();
    assert.equal(lab.publisher.deletions().length, 1);
    assert.deepEqual(
      [...lab.kept.keys()].filter((topic) => topic.includes(PLEX)),
      [],
    );
  });

  test('stays away in later runs', async () => {
    const first = await settledLab(host, stack, plex);
    deleteIn(first, PLEX);
    const { database, kept } = first;
    const lab = new PublisherLab({ database, kept }).connect();
    lab.now(host, stack, plex);
    await lab.clock.advance(5_000);
    assert.equal(lab.publisher.deletions().length, 1);
    assert.equal(kept.has(discovery(PLEX)), false);
  });

  test('is noticed as well when it was deleted while Labkeeper was down', async () => {
    const { database, kept } = await settledLab(host, stack, plex);
    kept.delete(discovery(PLEX));
    const lab = new PublisherLab({ database, kept }).connect();
    lab.now(host, stack, plex);
    await lab.clock.advance(60_000);
    assert.deepEqual(
      lab.publisher.deletions().map(({ id }) => id),
      [plex.id],
    );
    assert.deepEqual(
      [...kept.keys()].filter((topic) => topic.includes(PLEX)),
      [],
    );
  });

  test('is not mistaken for what a broker lost, also when that is lost again before all is sent', async () => {
    const { database, kept } = await settledLab(host, stack, plex);
    kept.clear();
    const second = new PublisherLab({ database, kept }).connect();
    second.now(host);
    assert.equal(kept.has(discovery(PLEX)), false);
    const third = new PublisherLab({ database, kept }).connect();
    third.now(host, stack, plex);
    await third.clock.advance(60_000);
    assert.deepEqual(third.publisher.deletions(), []);
    assert.equal(kept.has(discovery(PLEX)), true);
  });

  test('comes back when it is wanted', async () => {
    const lab = await settledLab(host, stack, plex);
    deleteIn(lab, PLEX);
    lab.sent();
    assert.equal(lab.publisher.bringBack(plex.id), true);
    assert.equal(lab.publisher.bringBack(plex.id), false);
    assert.deepEqual(lab.publisher.deletions(), []);
    assert.equal(discoveryIn(lab.sent()[0]).device.name, 'plex');
    assert.equal(lab.kept.get(`labkeeper/${PLEX}/availability`), 'online');
  });

  test('has its children hang on what is above it', async () => {
    const lab = await settledLab(host, stack, plex);
    deleteIn(lab, STACK);
    const sent = lab.sent().find(({ topic }) => topic === discovery(PLEX));
    assert.equal(discoveryIn(sent).device.via_device, 'labkeeper_docker_nas_host_engine');
    await lab.clock.advance(5_000);
    lab.publisher.bringBack(stack.id);
    const again = lab.sent().findLast(({ topic }) => topic === discovery(PLEX));
    assert.equal(discoveryIn(again).device.via_device, 'labkeeper_docker_nas_stack_media');
  });

  test('is forgotten when the lab loses it: another one of that name is shown', async () => {
    const lab = await settledLab(host, stack, plex);
    deleteIn(lab, PLEX);
    lab.now(host, stack);
    assert.deepEqual(lab.publisher.deletions(), []);
    lab.now(host, stack, plex);
    assert.ok(lab.kept.has(discovery(PLEX)));
  });

  test('is forgotten when the lab lost it while we were away', async () => {
    const first = await settledLab(host, stack, plex);
    deleteIn(first, PLEX);
    const lab = new PublisherLab({ database: first.database, kept: first.kept }).connect();
    assert.equal(lab.publisher.deletions().length, 1);
    lab.now(host, stack);
    await lab.clock.advance(62_000);
    assert.deepEqual(lab.publisher.deletions(), []);
  });

  test('is remembered even if its system has not been heard in this run', async () => {
    const first = await settledLab(host, stack, plex);
    const lab = new PublisherLab({ database: first.database, kept: first.kept }).connect();
    deleteIn(lab, PLEX);
    lab.now(host, stack, plex);
    await lab.clock.advance(5_000);
    assert.equal(lab.publisher.deletions()[0]?.id, plex.id);
    assert.equal(lab.kept.has(discovery(PLEX)), false);
  });
});

suite('what is no deletion by a user', () => {
  test('our own removal, also when the user deletes it at the same time', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.now(host, stack);
    deleteIn(lab, PLEX);
    assert.deepEqual(lab.publisher.deletions(), []);
    lab.now(host, stack, plex);
    await lab.clock.advance(5_000);
    assert.ok(lab.kept.has(discovery(PLEX)));
  });

  test('a broker that lost everything', async () => {
    const lab = await settledLab(host, stack, plex);
    lab.disconnect();
    lab.kept.clear();
    lab.connect();
    assert.deepEqual(lab.publisher.deletions(), []);
    assert.ok(lab.kept.has(discovery(PLEX)));
  });

  test('an empty message for a device that is not ours, or not there', async () => {
    const lab = await settledLab(host);
    deleteIn(lab, 'zigbee_lamp');
    deleteIn(lab, PLEX);
    assert.deepEqual(lab.publisher.deletions(), []);
    assert.deepEqual(lab.log.lines, []);
  });
});

test('what somebody else writes over a device of ours is said once, and put right at the next birth', async () => {
  const lab = await settledLab(host);
  const topic = discovery('docker_nas_host_engine');
  const ours = lab.kept.get(topic);
  lab.other(topic, '{"device":{}}');
  lab.other(topic, '{"device":{}}');
  assert.deepEqual(lab.sent(), [], 'no quarrel');
  assert.equal(lab.log.lines.length, 1);
  lab.publisher.onBirth();
  assert.equal(lab.topics()[0], topic);
  assert.equal(lab.kept.get(topic), ours);
});
