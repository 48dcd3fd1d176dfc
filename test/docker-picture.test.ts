import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { Picture } from '../addon/src/sources/docker/picture.ts';
import { anInspect, aStats, ENGINE } from './helpers/docker.ts';

const OLD = 'a'.repeat(64);
const NEW = 'b'.repeat(64);
const HOST = 'docker/nas/host/engine';
const STACK = 'docker/nas/stack/media';
const PLEX = 'docker/nas/container/media.plex.1';
const WEB = 'docker/nas/container/web';
const KEEP_MS = 60_000;

const LABELS = { 'com.docker.compose.project': 'media', 'com.docker.compose.service': 'plex' };
const plex = (change: Parameters<typeof anInspect>[0] = {}) =>
  anInspect({ Id: OLD, Name: '/media-plex-1', Labels: LABELS, ...change });

function aPicture(): Picture {
  const picture = new Picture({ owner: 'docker/nas', title: 'NAS', address: undefined });
  picture.learn({ info: ENGINE });
  return picture;
}

const idsIn = (picture: Picture, now = 0): readonly string[] => picture.resources(now).map(({ id }) => id);

function find(picture: Picture, id: string, now = 0): LabResource | undefined {
  return picture.resources(now).find((resource) => resource.id === id);
}

/** A container of the picture; the test fails where there is none. */
function container(picture: Picture, id: string, now = 0) {
  const found = find(picture, id, now);
  assert.ok(found?.kind === 'container', `${id} is there`);
  return found;
}

suite('picture of an engine', () => {
  test('has the engine, stacks and containers, and what is passing in none of them', () => {
    const picture = aPicture();
    picture.saw(plex());
    picture.saw(anInspect({ Id: NEW, Name: '/web' }));
    picture.saw(anInspect({ Id: 'c'.repeat(64), Name: '/x', AutoRemove: true }));
    assert.deepEqual(idsIn(picture), [HOST, STACK, PLEX, WEB]);
    assert.deepEqual(picture.ids, [OLD, NEW]);
    assert.deepEqual(picture.runningIds, [OLD, NEW]);
    assert.equal(picture.containerId(PLEX), OLD);
    assert.equal(picture.containerId('docker/nas/container/x'), undefined);
  });

  test('gives the same object for a container about which nothing new was heard', () => {
    const picture = aPicture();
    picture.saw(plex());
    picture.saw(anInspect({ Id: NEW, Name: '/web' }));
    const before = find(picture, PLEX);
    picture.saw(anInspect({ Id: NEW, Name: '/web', State: { Status: 'exited' } }));
    assert.equal(find(picture, PLEX), before);
  });

  test('has rates from the second measurement on, while the container runs', () => {
    const picture = aPicture();
    picture.saw(plex());
    picture.measured(OLD, aStats({ second: 0, cpu: 0, memory: { usage: 1024 ** 3 } }));
    assert.deepEqual(
      [container(picture, PLEX).readings.cpu, container(picture, PLEX).readings.memory],
      [null, 1],
    );
    picture.measured(OLD, aStats({ second: 10, cpu: 1e9, memory: { usage: 1024 ** 3 } }));
    assert.equal(container(picture, PLEX).readings.cpu, 10);
    picture.saw(plex({ State: { Health: { Status: 'healthy' } } }));
    assert.equal(container(picture, PLEX).readings.cpu, 10, 'other news do not take them away');
    picture.saw(plex({ State: { Status: 'exited' } }));
    assert.deepEqual(
      [container(picture, PLEX).readings.cpu, container(picture, PLEX).readings.memory],
      [null, null],
    );
    picture.saw(plex());
    picture.measured(OLD, aStats({ second: 100, cpu: 2e9 }));
    assert.equal(container(picture, PLEX).readings.cpu, null, 'a rate does not span a stop');
    assert.deepEqual(picture.runningIds, [OLD]);
  });

  test('takes no numbers of a container that it does not follow', () => {
    const picture = aPicture();
    picture.measured(OLD, aStats());
    assert.deepEqual(idsIn(picture), [HOST]);
  });

  test('knows a renamed container by its new name at once', () => {
    const picture = aPicture();
    picture.saw(anInspect({ Id: OLD, Name: '/web' }));
    picture.saw(anInspect({ Id: OLD, Name: '/web2' }));
    assert.deepEqual(idsIn(picture), [HOST, 'docker/nas/container/web2']);
  });
});

suite('a container that is recreated', () => {
  test('is the same resource, wherever its news cross', () => {
    const picture = aPicture();
    picture.saw(plex());
    picture.gone(OLD, 1_000, KEEP_MS);
    assert.deepEqual(idsIn(picture, 1_000), [HOST, STACK, PLEX]);
    assert.equal(find(picture, PLEX, 1_000)?.available, false);
    assert.equal(picture.containerId(PLEX), undefined, 'nothing can be done to it meanwhile');
    picture.saw(plex({ Id: NEW, Created: '2026-01-02T00:00:00Z' }));
    assert.deepEqual(idsIn(picture, 2_000), [HOST, STACK, PLEX]);
    assert.equal(find(picture, PLEX, 2_000)?.available, true);
    assert.equal(picture.containerId(PLEX), NEW);
    assert.equal(picture.nextForgetting(2_000), undefined);
  });

  test('is the one that runs while there are two, else the newer one, in whatever order they are seen', () => {
    const old = plex({ Created: '2026-01-01T00:00:00Z' });
    const anew = plex({ Id: NEW, Name: `/${'0'.repeat(12)}_media-plex-1`, Created: '2026-01-02T00:00:00Z' });
    const created = { ...anew, State: { ...anew.State, Status: 'created' } };
    const stopped = { ...old, State: { ...old.State, Status: 'exited' } };
    const winner = (...seen: readonly ReturnType<typeof plex>[]): string | undefined => {
      const picture = aPicture();
      for (const inspect of seen) picture.saw(inspect);
      assert.deepEqual(idsIn(picture), [HOST, STACK, PLEX], 'never two of it');
      return picture.containerId(PLEX);
    };
    for (const [one, other, expected] of [
      [old, created, OLD],
      [stopped, created, NEW],
      [stopped, anew, NEW],
      [old, anew, NEW],
    ] as const) {
      assert.equal(winner(one, other), expected);
      assert.equal(winner(other, one), expected);
    }
  });

  test('stays when the old one goes last', () => {
    const picture = aPicture();
    picture.saw(plex());
    picture.saw(plex({ Id: NEW, Created: '2026-01-02T00:00:00Z' }));
    picture.gone(OLD, 0, KEEP_MS);
    assert.equal(find(picture, PLEX)?.available, true);
    assert.equal(picture.containerId(PLEX), NEW);
    picture.resources(0);
    assert.equal(picture.nextForgetting(0), undefined);
  });
});

suite('a container that was removed', () => {
  test('is kept as unavailable, then forgotten with its stack', () => {
    const picture = aPicture();
    picture.saw(plex());
    assert.equal(picture.nextForgetting(0), undefined);
    picture.gone(OLD, 1_000, KEEP_MS);
    assert.equal(find(picture, PLEX, 60_999)?.available, false);
    const stack = find(picture, STACK, 60_999);
    assert.ok(stack?.kind === 'stack');
    assert.equal(stack.available, false);
    const { running, total, unhealthy, problem } = stack.readings;
    assert.deepEqual([running, total, unhealthy, problem], [0, 0, 0, false]);
    assert.deepEqual(idsIn(picture, 61_000), [HOST]);
    assert.equal(picture.nextForgetting(61_000), undefined);
  });

  test('does not count any more', () => {
    const picture = aPicture();
    picture.saw(plex());
    picture.saw(anInspect({ Id: NEW, Name: '/web' }));
    picture.gone(OLD, 0, KEEP_MS);
    const host = find(picture, HOST);
    assert.ok(host?.kind === 'host');
    assert.deepEqual([host.readings.running, host.readings.stopped], [1, 0]);
  });

  test('tells when the next one has to be forgotten', () => {
    const picture = aPicture();
    picture.saw(plex());
    picture.saw(anInspect({ Id: NEW, Name: '/web' }));
    picture.gone(NEW, 0, KEEP_MS);
    picture.gone(OLD, 10_000, KEEP_MS);
    assert.equal(picture.nextForgetting(20_000), 40_000);
    assert.deepEqual(idsIn(picture, 60_000), [HOST, STACK, PLEX]);
    assert.equal(picture.nextForgetting(60_000), 10_000);
    assert.equal(picture.nextForgetting(999_999), 0, 'late is at once');
  });

  test('is forgotten at once where nothing shall be kept', () => {
    const picture = aPicture();
    picture.saw(plex());
    picture.gone(OLD, 5, 0);
    assert.deepEqual(idsIn(picture, 5), [HOST]);
  });

  test('that nobody knew leaves nothing behind', () => {
    const picture = aPicture();
    picture.gone(OLD, 0, KEEP_MS);
    assert.deepEqual(idsIn(picture), [HOST]);
    assert.equal(picture.nextForgetting(0), undefined);
  });
});
