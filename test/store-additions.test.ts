import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { linksOf, type Resource } from '../addon/src/model/resource.ts';
import { type Diff, Store } from '../addon/src/model/store.ts';

const thing = (id: string, change: Partial<Resource> = {}): Resource => ({
  ...{ id, kind: id.split('/')[2] ?? '', name: id, available: true, readings: { own: 1 }, facts: {} },
  ...change,
});
const CARD = 'gpu/rack/gpu/1';
const NODE = 'proxmox/home/node/pve1';
const GUEST = 'proxmox/home/guest/101';

suite('what is worked out about things of others', () => {
  function lab() {
    const store = new Store<Resource>();
    const diffs: Diff<Resource>[] = [];
    store.replace('gpu/rack', [thing(CARD)]);
    store.replace('proxmox/home', [thing(NODE), thing(GUEST)]);
    store.subscribe((diff) => diffs.push(diff));
    return { store, diffs };
  }

  test('is shown with what their owner tells, which counts for more', () => {
    const { store, diffs } = lab();
    store.amend(new Map([[CARD, { readings: { own: 2, fits: 'x' }, parent: NODE }]]));
    assert.deepEqual(store.get(CARD)?.readings, { own: 1, fits: 'x' });
    assert.equal(store.get(CARD)?.parent, NODE);
    assert.equal(diffs.length, 1);
  });

  test('counts for more where the owner knows only a part', () => {
    const { store } = lab();
    store.amend(new Map([[CARD, { readings: { fits: 'x' }, better: { own: 2 } }]]));
    assert.deepEqual(store.get(CARD)?.readings, { own: 2, fits: 'x' });
    assert.deepEqual(store.given(CARD)?.readings, { own: 1 });
    store.amend(new Map());
    assert.deepEqual(store.get(CARD)?.readings, { own: 1 });
  });

  test('comes from several parts, each with a set of its own', () => {
    const { store, diffs } = lab();
    store.amend(new Map([[CARD, { readings: { fits: 'x' }, links: [{ type: 'runs_on', to: GUEST }] }]]));
    store.amend(new Map([[CARD, { readings: { fits: 'y', more: 1 }, parent: NODE }]]), 'other');
    assert.deepEqual(store.get(CARD)?.readings, { own: 1, fits: 'x', more: 1 });
    assert.equal(store.get(CARD)?.parent, NODE);
    assert.equal(linksOf(store.get(CARD) ?? assert.fail()).length, 1);
    const before = diffs.length;
    store.amend(new Map([[CARD, { readings: { fits: 'y', more: 1 }, parent: NODE }]]), 'other');
    assert.equal(diffs.length, before);
    store.amend(new Map());
    assert.deepEqual(store.get(CARD)?.readings, { own: 1, fits: 'y', more: 1 });
  });

  test('makes links that lead somewhere', () => {
    const { store } = lab();
    store.amend(new Map([[GUEST, { links: [{ type: 'uses_gpu', to: CARD }] }]]));
    assert.deepEqual(linksOf(store.get(GUEST) ?? assert.fail()), [{ type: 'uses_gpu', to: CARD }]);
    store.removeOwner('gpu/rack');
    assert.deepEqual(linksOf(store.get(GUEST) ?? assert.fail()), []);
  });

  test('outlasts what the owner hands in, and is no change by itself', () => {
    const { store, diffs } = lab();
    const additions = () => new Map([[CARD, { readings: { fits: 'x' } }]]);
    store.amend(additions());
    store.replace('gpu/rack', [thing(CARD, { readings: { own: 3 } })]);
    assert.deepEqual(store.get(CARD)?.readings, { own: 3, fits: 'x' });
    const before = diffs.length;
    store.replace('gpu/rack', [thing(CARD, { readings: { own: 3 } })]);
    store.amend(additions());
    assert.equal(diffs.length, before);
    store.amend(new Map());
    assert.deepEqual(store.get(CARD)?.readings, { own: 3 });
  });

  test('waits for a thing that comes later', () => {
    const { store } = lab();
    store.amend(new Map([['gpu/rack/gpu/2', { readings: { fits: 'y' } }]]));
    store.replace('gpu/rack', [thing(CARD), thing('gpu/rack/gpu/2')]);
    assert.equal(store.get('gpu/rack/gpu/2')?.readings.fits, 'y');
  });
});
