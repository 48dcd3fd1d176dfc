import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discoveryIn, settledLab } from './helpers/publisher-lab.ts';
import { aContainer } from './helpers/samples.ts';

test('a component that vanishes while the broker is away is buried', async () => {
  const lab = await settledLab(aContainer());
  lab.disconnect();
  const { health: _, ...readings } = aContainer().readings;
  lab.now({ ...aContainer(), readings });
  lab.connect();
  const discovery = lab.sent().find(({ topic }) => topic.endsWith('/config'));
  assert.deepEqual(discoveryIn(discovery).components.health, { platform: 'sensor' });
});
