import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Executor } from '../addon/src/actions/executor.ts';
import type { Capabilities } from '../addon/src/contract/capabilities.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { bench, web } from './helpers/executor.ts';
import { FakeClock, settled } from './helpers/fake-clock.ts';
import { aContainer, recordingLog } from './helpers/samples.ts';

const plex = aContainer();
const request = {
  action: 'restart',
  target: plex.id,
  input: {},
  door: 'homeassistant',
  user: 'anna',
} as const;

function executorWith(restart: Capabilities['power']['restart']): Executor {
  const power: Capabilities['power'] = { start: async () => {}, stop: async () => {}, restart };
  return new Executor({
    actions: ACTIONS,
    resource: () => plex,
    // Whatever is asked for, it is power.
    capabilities: { for: () => power as never },
    refresh: () => {},
    self: 'labkeeper/self/app/main',
    database: memoryDatabase(),
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
  const { state, error } = executor.job(second.id) ?? {};
  assert.equal(state, 'cancelled');
  assert.match(error?.message ?? '', /before it began/);
});

test('a target has a bounded number of commands waiting, and others do not suffer from it', async () => {
  const stopped = Promise.withResolvers<void>();
  const { submit, executor, outcomes } = bench({ Wait: () => stopped.promise });
  for (let count = 0; count < 21; count += 1) submit();
  assert.throws(() => submit(), { code: 'target_busy' });
  assert.equal(outcomes.at(-1)?.code, 'target_busy');
  assert.equal(submit({ target: web.id }).state, 'queued');
  stopped.resolve();
  for (const { id } of executor.jobs({ limit: 100 })) await executor.ended(id);
  assert.equal(submit().state, 'queued');
});

test('what cannot be written down is not sent', async () => {
  const { submit, executor, database, log } = bench({ Step: () => assert.fail('it ran') });
  database.exec('DROP TABLE jobs');
  assert.throws(() => submit(), { code: 'internal', message: /written down.*no such table/ });
  assert.ok(log.lines.some((line) => /refused: .*written down/.test(line)));
  await settled();
  await executor.close();
});

test('a step that cannot be written down before it is sent is not sent', async () => {
  const sent: string[] = [];
  const { submit, executor, database } = bench({
    First: async () => {
      sent.push('First');
      database.exec(`CREATE TRIGGER full BEFORE UPDATE ON jobs BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
    },
    Second: async () => void sent.push('Second'),
  });
  const job = await executor.ended(submit().id);
  assert.deepEqual(sent, ['First']);
  assert.deepEqual([job?.state, job?.error?.code], ['failed', 'internal']);
  assert.match(job?.error?.message ?? '', /disk full/);
});

test('a step that does not end when it is told to is let go of', async () => {
  const { submit, executor } = bench({ Deaf: () => new Promise(() => {}) });
  const { id } = submit();
  await settled();
  await executor.close();
  assert.equal(executor.job(id)?.state, 'unknown');
});
