import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../addon/src/actions/job.ts';
import type { Outcome } from '../addon/src/actions/records.ts';
import { type OwnWords, ownWords } from '../addon/src/app/own-words.ts';
import type { ActionRequest } from '../addon/src/contract/action.ts';
import type { Announcing } from '../addon/src/contract/announcing.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { Store } from '../addon/src/model/store.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { aContainer, recordingLog } from './helpers/samples.ts';

suite('what Labkeeper has said by itself', () => {
  const clock = new FakeClock(Date.UTC(2026, 0, 1, 12));
  const store = new Store<LabResource>();
  let requests: ActionRequest[] = [];
  let folder: string;
  let words: OwnWords;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-'));
    const rules = { unhealthy_container: { enabled: true }, job_finished: { enabled: true } };
    await writeFile(path.join(folder, 'announcements.yaml'), JSON.stringify({ areas: ['Hall'], rules }));
    requests = [];
    const executor = {
      submit: (request: ActionRequest): Job => {
        requests.push(request);
        return { id: `job ${requests.length}` } as Job;
      },
    };
    const parts = { store, executor, actions: ACTIONS, folder, clock, log: recordingLog() };
    words = ownWords({ ...parts, announcing: {} as Announcing, language: undefined }) ?? assert.fail();
    // Until the file is read.
    await sleep(30);
    await see('healthy');
    await see('unhealthy');
    await clock.advance(40_000);
  });
  afterEach(async () => {
    words.close();
    store.removeOwner('docker/nas');
    await rm(folder, { recursive: true });
  });

  const see = async (health: 'healthy' | 'unhealthy'): Promise<void> => {
    store.replace('docker/nas', [aContainer({ name: 'web', readings: { health } })], true);
    await clock.advance(0);
  };
  const failed = (change: Partial<Outcome>): void =>
    words.onOutcome({
      ...{ type: 'failed', target: 'labkeeper/self/app/main', action: 'announce', message: 'no' },
      ...{ door: 'labkeeper', user: 'rule unhealthy_container', jobId: `job ${requests.length}` },
      ...change,
    });

  test('is a job that a rule asked for', () => {
    const [{ action, door, user, input } = assert.fail(), ...rest] = requests;
    assert.deepEqual(rest, []);
    assert.deepEqual([action, door, user], ['announce', 'labkeeper', 'rule unhealthy_container']);
    assert.deepEqual(input, { message: 'The container web is not healthy.', areas: ['Hall'] });
  });

  test('is tried again while nobody could be asked to say it, but not for ever', async () => {
    for (let attempt = 1; attempt < 10; attempt += 1) {
      failed({ code: 'unreachable' });
      await clock.advance(59_000);
      assert.equal(requests.length, attempt);
      await clock.advance(1_000);
      assert.equal(requests.length, attempt + 1);
    }
    assert.equal(new Set(requests.map(({ input }) => JSON.stringify(input))).size, 1);
    failed({ code: 'unreachable' });
    await clock.advance(600_000);
    assert.equal(requests.length, 10);
  });

  test('is not said twice where it was said, even if not everywhere, nor after the end', async () => {
    failed({ code: 'source_refused' });
    await clock.advance(600_000);
    assert.equal(requests.length, 1);
    failed({ code: 'unreachable' });
    await clock.advance(600_000);
    assert.equal(requests.length, 1, 'of that job it was heard already');
    await see('healthy');
    await clock.advance(3_600_000);
    await see('unhealthy');
    await clock.advance(40_000);
    assert.equal(requests.length, 2);
    failed({ code: 'unreachable' });
    words.close();
    await clock.advance(600_000);
    assert.equal(requests.length, 2);
  });

  test('tells of the end of a job by its title, and of no announcement', async () => {
    failed({ action: 'clone_guest', target: aContainer().id, jobId: 'job 77', type: 'unknown' });
    await clock.advance(10_000);
    assert.equal(
      requests.at(-1)?.input.message,
      'A job has ended: Clone guest, web, not known whether it is done.',
    );
    assert.equal(requests.length, 2);
  });

  test('is nothing where there is no way to Home Assistant', () => {
    const parts = { store, executor: { submit: () => assert.fail() }, actions: ACTIONS, folder, clock };
    assert.equal(
      ownWords({ ...parts, log: recordingLog(), announcing: undefined, language: 'de' }),
      undefined,
    );
  });
});
