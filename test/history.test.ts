import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { keepHistory } from '../addon/src/app/history.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { Store } from '../addon/src/model/store.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { withServer } from './helpers/http.ts';
import { aContainer, aHost } from './helpers/samples.ts';

const OWNER = 'docker/nas';

suite('what was measured of late', () => {
  test('is one number of each thing, a minute, the oldest first', async () => {
    const clock = new FakeClock();
    const store = new Store<LabResource>();
    const history = keepHistory(store, clock);
    for (const cpu of [1.23456, 2, null]) {
      store.replace(OWNER, [aContainer({ readings: { cpu } }), aHost()]);
      await clock.advance(60_000);
    }
    const { until, every, series } = history.read(['container']);
    assert.deepEqual([until, every], [clock.now(), 60_000]);
    assert.deepEqual(series, [{ id: aContainer().id, values: [1.235, 2, null] }]);
    assert.equal(history.read(undefined).series.length, 2);
    store.replace(OWNER, [aHost()]);
    await clock.advance(60_000);
    assert.deepEqual(history.read(['container']).series, [], 'who is gone has none');
    history.close();
    await clock.advance(600_000);
    assert.equal(history.read(undefined).until, until + 60_000, 'it ended');
  });

  test('is kept for six hours', async () => {
    const clock = new FakeClock();
    const store = new Store<LabResource>();
    const history = keepHistory(store, clock);
    for (let minute = 1; minute <= 400; minute += 1) {
      store.replace(OWNER, [aContainer({ readings: { cpu: minute } })]);
      await clock.advance(60_000);
    }
    const values = history.read(undefined).series[0]?.values;
    assert.deepEqual([values?.length, values?.[0], values?.at(-1)], [360, 41, 400]);
    history.close();
  });

  test('is told over HTTP, by kind', async () => {
    const history = (kinds: readonly string[] | undefined) => ({
      ...{ until: 60_000, every: 60_000 },
      series: kinds?.includes('guest') ? [{ id: 'g', values: [1, null] }] : [],
    });
    await withServer({ history }, async ({ get }) => {
      assert.deepEqual((await get('/api/history?kinds=node,guest')).json, {
        ...{ until: '1970-01-01T00:01:00.000Z', every_s: 60, series: [{ id: 'g', values: [1, null] }] },
      });
      assert.deepEqual((await get('/api/history')).json.series, []);
      assert.equal((await get('/api/history?kinds=Node')).status, 422);
    });
    await withServer({}, async ({ get }) => {
      assert.deepEqual((await get('/api/history')).json, { until: null, every_s: 60, series: [] });
    });
  });
});
