import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { type Diff, Store } from '../addon/src/model/store.ts';
import { aContainer } from './helpers/samples.ts';

const OWNER = 'docker/nas';
const plex = aContainer();

suite("a store's owners", () => {
  test('have been heard once they handed in what they have while they could be reached', () => {
    const store = new Store<LabResource>();
    store.setReachable(OWNER, false);
    assert.equal(store.heard(OWNER), false);
    store.replace(OWNER, [], false);
    assert.equal(store.heard(OWNER), false, 'that may be a part of it');
    store.replace(OWNER, [], true);
    assert.equal(store.heard(OWNER), true, 'though it has nothing');
    store.setReachable(OWNER, false);
    store.replace(OWNER, [], false);
    assert.equal(store.heard(OWNER), true, 'once is enough');
    assert.equal(store.heard('docker/pi'), false);
  });

  test('are listed, and go with all that they gave', () => {
    const store = new Store<LabResource>();
    const diffs: Diff<LabResource>[] = [];
    store.setReachable('docker/pi', false);
    store.replace(OWNER, [plex]);
    store.subscribe((diff) => diffs.push(diff));
    assert.deepEqual([...store.owners()], ['docker/pi', OWNER]);
    store.removeOwner(OWNER);
    assert.deepEqual([...store.owners()], ['docker/pi']);
    assert.deepEqual(diffs, [[{ before: plex, after: undefined }]]);
    assert.equal(store.heard(OWNER), false);
    store.removeOwner(OWNER);
    assert.equal(diffs.length, 1);
  });
});
