import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '../addon/src/entities/settings.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { Store } from '../addon/src/model/store.ts';
import type { Message } from '../addon/src/mqtt/connection.ts';
import { Publisher } from '../addon/src/mqtt/publisher.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { aContainer } from './helpers/samples.ts';

test('a component that vanishes while the broker is away is buried', async () => {
  const clock = new FakeClock();
  const store = new Store<LabResource>();
  let connected = true;
  const sent: Message[] = [];
  const publisher = new Publisher({
    store,
    settings: defaultSettings,
    clock,
    connected: () => connected,
    publish: (message) => sent.push(message),
  });
  publisher.start();
  store.replace('docker/nas', [aContainer()]);
  await clock.advance(10_000);
  sent.length = 0;
  connected = false;
  const { health: _, ...readings } = aContainer().readings;
  store.replace('docker/nas', [{ ...aContainer(), readings }]);
  connected = true;
  publisher.resend();
  assert.deepEqual(JSON.parse(sent[0]?.payload as string).components.health, { platform: 'sensor' });
});
