import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withServer } from './helpers/http.ts';

test('what things and their readings are called is told in every language', async () => {
  await withServer({}, async ({ get }) => {
    const { kinds } = (await get('/api/kinds')).json;
    assert.deepEqual(kinds.container.title, { en: 'Container', de: 'Container' });
    assert.deepEqual(kinds.container.readings.network_received, {
      ...{ en: 'Network received', de: 'Netzwerk empfangen' },
    });
    assert.deepEqual(Object.keys(kinds.switch.lists), ['uplinks', 'ports']);
    assert.ok(kinds.switch.lists.ports.link.de);
  });
});
