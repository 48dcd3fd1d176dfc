import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LabError } from '../addon/src/core/errors.ts';
import { withDeadline } from '../addon/src/net/deadline.ts';
import { FakeClock } from './helpers/fake-clock.ts';

const never = (): Promise<never> => new Promise(() => {});

suite('deadline', () => {
  test('an answer in time is the result, and leaves nothing behind', async () => {
    const clock = new FakeClock();
    const outer = new AbortController();
    let inner: AbortSignal | undefined;
    const answer = await withDeadline(clock, 'GET /info', 1_000, outer.signal, async (signal) => {
      inner = signal;
      return 42;
    });
    assert.equal(answer, 42);
    assert.equal(clock.waiting, 0);
    outer.abort();
    assert.equal(inner?.aborted, false, 'a later abort of the caller is none of its business');
  });

  test('an exchange that ignores its signal ends on time all the same', async () => {
    const clock = new FakeClock();
    let ended = false;
    const outcome = assert
      .rejects(withDeadline(clock, 'GET /info of docker/nas', 1_500, undefined, never), (error: LabError) => {
        assert.equal(error.code, 'deadline_passed');
        assert.equal(error.message, 'GET /info of docker/nas: no answer within 1.5 s');
        return true;
      })
      .then(() => {
        ended = true;
      });
    await clock.advance(1_499);
    assert.equal(ended, false);
    await clock.advance(1);
    await outcome;
  });

  test('the exchange is told to stop, with the reason', async () => {
    const clock = new FakeClock();
    let reason: unknown;
    const outcome = withDeadline(clock, 'GET /info', 1_000, undefined, (signal) => {
      signal.addEventListener('abort', () => {
        reason = signal.reason;
      });
      return never();
    });
    outcome.catch(() => {});
    await clock.advance(1_000);
    await assert.rejects(outcome);
    assert.equal((reason as LabError).code, 'deadline_passed');
  });

  test('an abort of the caller ends it with the reason of the caller', async () => {
    const clock = new FakeClock();
    const outer = new AbortController();
    const outcome = withDeadline(clock, 'GET /info', 1_000, outer.signal, never);
    outer.abort(new LabError('shutting_down', 'stopping'));
    await assert.rejects(outcome, { code: 'shutting_down' });
    assert.equal(clock.waiting, 0);
  });

  test('a caller that was aborted before gets nothing', async () => {
    const outer = AbortSignal.abort(new LabError('shutting_down', 'stopping'));
    let given: AbortSignal | undefined;
    const outcome = withDeadline(new FakeClock(), 'GET /info', 1_000, outer, async (signal) => {
      given = signal;
      return 42;
    });
    await assert.rejects(outcome, { code: 'shutting_down' });
    assert.notEqual(given?.aborted, false);
  });

  test('what the exchange throws comes through as it is', async () => {
    const clock = new FakeClock();
    const broken = new Error('broken');
    const outcome = withDeadline(clock, 'GET /info', 1_000, undefined, () => Promise.reject(broken));
    await assert.rejects(outcome, (thrown) => thrown === broken);
    assert.equal(clock.waiting, 0);
  });
});
