import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { KINDS } from '../addon/src/kinds/index.ts';
import { ApiLab, type ApiResource } from '../frontend-card/src/lab/from-api.ts';
import { EMPTY, type Thing } from '../frontend-card/src/lab/thing.ts';
import { namesOf } from '../frontend-card/src/page/wire.ts';

const aResource = (change: Partial<ApiResource>): ApiResource => ({
  ...{ id: 'proxmox/home/node/pve1', kind: 'node', name: 'pve1', available: true, readings: { cpu: 3 } },
  ...change,
});

const thingOf = (change: Partial<ApiResource>, names?: ConstructorParameters<typeof ApiLab>[1]): Thing => {
  const [thing] = new ApiLab(EMPTY, names).take({ resources: [aResource(change)] }).things.values();
  assert.ok(thing);
  return thing;
};

suite('the lab as the app itself tells it', () => {
  test('is well where it is heard and nothing else could tell', () => {
    assert.equal(thingOf({}).health, 'ok');
    assert.equal(thingOf({ available: false }).health, 'away');
    assert.equal(thingOf({ readings: { cpu: 3, state: null } }).health, 'unknown', 'that would tell');
    assert.equal(thingOf({ readings: { problem: true } }).health, 'problem');
  });

  test('has what it calls its readings, also those of items', () => {
    const kinds = {
      node: {
        readings: { cpu: { en: 'CPU', de: 'Prozessor' } },
        lists: { links: { speed: { en: 'speed', de: 'Tempo' } } },
      },
    };
    const readings = { cpu: 3, links: [{ key: 'eno1', title: 'eno1', speed: 1_000 }] };
    const german = thingOf({ readings }, namesOf(kinds, 'de')).readings;
    assert.deepEqual([german.cpu?.name, german.eno1_speed?.name], ['Prozessor', 'eno1 Tempo']);
    assert.equal(thingOf({ readings }).readings.eno1_speed?.name, 'eno1', 'without, its title at least');
    assert.equal(namesOf(kinds, 'en')('guest', 'cpu'), undefined);
  });

  test('has words for every kind that the app has', async () => {
    const { TEXTS } = await import('../frontend-card/src/lab/words/words.ts');
    for (const kind of Object.keys(KINDS)) assert.ok(`kind_${kind}` in TEXTS, kind);
  });
});
