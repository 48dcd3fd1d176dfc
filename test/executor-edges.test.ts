import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Executor } from '../addon/src/actions/executor.ts';
import type { Capabilities } from '../addon/src/contract/capabilities.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { FakeClock, settled } from './helpers/fake-clock.ts';
import { aContainer, recordingLog } from './helpers/samples.ts';

const plex = aContainer();
const request = { action: 'restart', target: plex.id, input: {}, door: 'http', user: 'anna' } as const;

function executorWith(restart: Capabilities['power']['restart']): Executor {
  const power: Capabilities['power'] = { start: async () => {}, stop: async () => {}, restart };
  return new Executor({
    actions: ACTIONS,
    resource: () => plex,
    // Whatever is asked for, it is power.
    capabilities: { for: () => power as never },
    refresh: () => {},
    clock: new FakeClock(),
    log: recordingLog(),
  });
}

test('an empty request id is none', async () => {
  const executor = executorWith(async () => {});
  const first = executor.submit({ ...request, requestId: '' });
  assert.notEqual(executor.submit({ ...request, door: 'mqtt' }).id, first.id);
});

test('a job that had not begun when it ended is cancelled, not unknown', async () => {
  const executor = executorWith(
    (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  executor.submit(request);
  const second = executor.submit(request);
  await settled();
  await executor.close();
  assert.equal(executor.job(second.id)?.state, 'cancelled');
});
