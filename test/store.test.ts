import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { type Diff, Store } from '../addon/src/model/store.ts';
import { aContainer } from './helpers/samples.ts';

const OWNER = 'docker/nas';

function storeOf(): { store: Store<LabResource>; diffs: Diff<LabResource>[] } {
  const store = new Store<LabResource>();
  const diffs: Diff<LabResource>[] = [];
  store.subscribe((diff) => diffs.push(diff));
  return { store, diffs };
}

const plex = aContainer();
const web = aContainer({ id: 'docker/nas/container/web', name: 'web' });

suite('store', () => {
  test('tells what is new, changed and gone, in one diff', () => {
    const { store, diffs } = storeOf();
    store.replace(OWNER, [plex, web]);
    const stopped = aContainer({ readings: { state: 'exited', on: false } });
    const third = aContainer({ id: 'docker/nas/container/third', name: 'third' });
    store.replace(OWNER, [stopped, third]);
    assert.deepEqual(diffs, [
      [
        { before: undefined, after: plex },
        { before: undefined, after: web },
      ],
      [
        { before: plex, after: stopped },
        { before: undefined, after: third },
        { before: web, after: undefined },
      ],
    ]);
    assert.deepEqual([...store.all()], [stopped, third]);
    assert.equal(store.get(web.id), undefined);
  });

  test('an equal value is no change and keeps its reference', () => {
    const { store, diffs } = storeOf();
    store.replace(OWNER, [plex]);
    store.replace(OWNER, [aContainer()]);
    store.replace(OWNER, [plex]);
    store.replace(OWNER, [structuredClone(plex)]);
    assert.equal(diffs.length, 1);
    assert.equal(store.get(plex.id), plex);
  });

  test('a change deep inside is one', () => {
    const { store, diffs } = storeOf();
    store.replace(OWNER, [aContainer({ facts: { ports: ['http://nas:80'] } })]);
    store.replace(OWNER, [aContainer({ facts: { ports: ['http://nas:81'] } })]);
    assert.equal(diffs.length, 2);
  });

  test('one owner does not touch what another gave', () => {
    const { store, diffs } = storeOf();
    const other = aContainer({ id: 'docker/pi/container/web' });
    store.replace(OWNER, [plex]);
    store.replace('docker/pi', [other]);
    store.replace(OWNER, []);
    store.setReachable(OWNER, false);
    assert.deepEqual([...store.all()], [other]);
    assert.equal(diffs.length, 3);
  });

  test('listeners see the store as it is after the change, and can leave', () => {
    const store = new Store<LabResource>();
    const seen: unknown[] = [];
    const leave = store.subscribe(() => seen.push(store.get(plex.id)));
    store.replace(OWNER, [plex]);
    leave();
    store.replace(OWNER, []);
    assert.deepEqual(seen, [plex]);
  });
});

suite('a store whose owner cannot be reached', () => {
  test('keeps what it gave, as unavailable, until it is back', () => {
    const { store, diffs } = storeOf();
    store.replace(OWNER, [plex]);
    store.setReachable(OWNER, false);
    assert.deepEqual(store.get(plex.id), { ...plex, available: false });
    store.setReachable(OWNER, true);
    assert.deepEqual(store.get(plex.id), plex);
    assert.deepEqual(
      diffs.map((diff) => diff.map(({ after }) => after?.available)),
      [[true], [false], [true]],
    );
  });

  test('says it once', () => {
    const { store, diffs } = storeOf();
    store.replace(OWNER, [plex]);
    store.setReachable(OWNER, false);
    store.setReachable(OWNER, false);
    assert.equal(diffs.length, 2);
  });

  test('still forgets what goes', () => {
    const { store, diffs } = storeOf();
    store.replace(OWNER, [plex, web]);
    store.setReachable(OWNER, false);
    store.replace(OWNER, [plex]);
    assert.deepEqual(
      [...store.all()].map(({ id }) => id),
      [plex.id],
    );
    assert.deepEqual(diffs.at(-1), [{ before: { ...web, available: false }, after: undefined }]);
  });

  test('takes news of it as unavailable, too, without telling the same twice', () => {
    const { store, diffs } = storeOf();
    store.setReachable(OWNER, false);
    store.replace(OWNER, [plex]);
    store.replace(OWNER, [aContainer()]);
    assert.deepEqual(diffs, [[{ before: undefined, after: { ...plex, available: false } }]]);
    store.setReachable(OWNER, true);
    assert.equal(store.get(plex.id)?.available, true);
  });

  test('does not make available what its owner itself calls unavailable', () => {
    const { store, diffs } = storeOf();
    const departed = aContainer({ available: false });
    store.replace(OWNER, [departed]);
    store.setReachable(OWNER, false);
    store.setReachable(OWNER, true);
    assert.equal(store.get(plex.id), departed);
    assert.equal(diffs.length, 1);
  });
});
