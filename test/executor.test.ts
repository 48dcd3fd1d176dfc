import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isOver, type Job } from '../addon/src/actions/job.ts';
import type { ActionRequest } from '../addon/src/contract/action.ts';
import type { Capabilities } from '../addon/src/contract/capabilities.ts';
import { type ErrorCode, LabError } from '../addon/src/core/errors.ts';
import { bench, host, plex, type Work, web } from './helpers/executor.ts';
import { settled } from './helpers/fake-clock.ts';

/** A step that ends when the test says so. */
function gate(): { work: () => Promise<void>; open: () => void; fail: (error: Error) => void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { work: () => promise, open: resolve, fail: reject };
}

suite('job', () => {
  test('is queued, runs step by step and succeeds', async () => {
    const first = gate();
    const second = gate();
    const { executor, clock, submit, refreshed } = bench({ First: first.work, Second: second.work });
    const queued = submit({ door: 'homeassistant', user: 'paul', input: { times: 1 } });
    const { id } = queued;
    const created = '2026-01-01T00:00:00.000Z';
    const fixed = {
      id,
      request_id: id,
      action: 'work',
      target: plex.id,
      door: 'homeassistant',
      user: 'paul',
      vendor_ref: null,
      created,
    };
    assert.deepEqual(queued, {
      ...fixed,
      state: 'queued',
      step: null,
      progress: null,
      started: null,
      ended: null,
    });
    await clock.advance(1_000);
    const started = '2026-01-01T00:00:00.000Z';
    const running = { ...fixed, state: 'running', started, ended: null };
    assert.deepEqual(executor.job(id), { ...running, step: 'First', progress: 0 });
    first.open();
    await settled();
    assert.deepEqual(executor.job(id), { ...running, step: 'Second', progress: 0.5 });
    assert.deepEqual(refreshed, []);
    second.open();
    const job = await executor.ended(id);
    const ended = '2026-01-01T00:00:01.000Z';
    assert.deepEqual(job, { ...fixed, state: 'succeeded', step: 'Second', progress: 1, started, ended });
    assert.deepEqual(executor.job(id), job);
    assert.deepEqual(refreshed, [plex.id], 'what was done shall show soon');
    assert.equal(queued.state, 'queued', 'a new state is a new object');
    assert.ok(isOver(job as Job) && !isOver(queued));
  });

  test('of one target waits for the one before, even for a failed one; other targets do not', async () => {
    const runs: string[] = [];
    const gates = [gate(), gate(), gate()];
    const step: Work = () => {
      const next = gates[runs.length];
      runs.push(`run ${runs.length + 1}`);
      return (next as ReturnType<typeof gate>).work();
    };
    const { executor, submit } = bench({ Step: step });
    const [one, two] = [submit(), submit()];
    await settled();
    assert.equal(runs.length, 1);
    assert.equal(executor.job(two.id)?.state, 'queued');
    const other = submit({ target: web.id });
    await settled();
    assert.equal(runs.length, 2);
    assert.equal(executor.job(other.id)?.state, 'running');
    gates[0]?.fail(new LabError('source_failed', 'broken'));
    await executor.ended(one.id);
    await settled();
    assert.equal(executor.job(two.id)?.state, 'running');
    gates[2]?.open();
    assert.equal((await executor.ended(two.id))?.state, 'succeeded');
    gates[1]?.open();
    assert.equal((await executor.ended(other.id))?.state, 'succeeded');
  });

  test('is made once for a request id, however often and whatever it is asked for again', async () => {
    let runs = 0;
    const { executor, submit } = bench({
      Step: async () => {
        runs += 1;
      },
    });
    const job = submit({ requestId: 'r1' });
    assert.equal(job.request_id, 'r1');
    assert.equal(submit({ requestId: 'r1' }).id, job.id);
    await executor.ended(job.id);
    const again = submit({ requestId: 'r1', target: web.id });
    assert.equal(again.id, job.id);
    assert.equal(again.state, 'succeeded', 'as it is by now');
    assert.equal(runs, 1);
    assert.notEqual(submit({ requestId: 'r2' }).id, job.id);
    assert.notEqual(submit().id, submit().id);
  });

  test('fails where the system said no, and goes no further', async () => {
    let reached = false;
    const { outcome, log, refreshed } = bench({
      First: () => Promise.reject(new LabError('source_refused', 'no such image', { hint: 'pull it' })),
      Second: async () => {
        reached = true;
      },
    });
    const { state, error, step, progress, ended } = await outcome();
    assert.deepEqual([state, step, progress], ['failed', 'First', 0]);
    assert.deepEqual(error, { code: 'source_refused', message: 'no such image', hint: 'pull it' });
    assert.notEqual(ended, null);
    assert.equal(reached, false);
    assert.deepEqual(log.lines, ['warn no such image; pull it']);
    assert.deepEqual(refreshed, [plex.id]);
  });

  test('has an unknown end where the system may have done it all the same', async () => {
    const stateAfter = async (thrown: unknown): Promise<Job> =>
      bench({ Step: () => Promise.reject(thrown) }).outcome();
    const states: [ErrorCode, Job['state']][] = [
      ['deadline_passed', 'unknown'],
      ['unreachable', 'unknown'],
      ['shutting_down', 'unknown'],
      ['source_failed', 'failed'],
      ['source_refused', 'failed'],
      ['credentials_refused', 'failed'],
      ['target_unknown', 'failed'],
    ];
    for (const [code, state] of states) {
      const job = await stateAfter(new LabError(code, 'x'));
      assert.equal(job.state, state, code);
      assert.deepEqual(job.error, { code, message: 'x' });
    }
    const fault = await stateAfter(new TypeError('a fault of ours'));
    assert.deepEqual([fault.state, fault.error?.code], ['failed', 'internal']);
  });

  test('fails where its target went while it waited', async () => {
    const { outcome, resources } = bench({ Step: async () => {} });
    const ending = outcome();
    resources.delete(plex.id);
    assert.equal((await ending).error?.code, 'target_unknown');
  });

  test('can be waited for a while', async () => {
    const step = gate();
    const { executor, submit, clock } = bench({ Step: step.work });
    const { id } = submit();
    const early = executor.ended(id, 5_000);
    await clock.advance(5_000);
    assert.equal((await early)?.state, 'running');
    const later = executor.ended(id, 5_000);
    step.open();
    assert.equal((await later)?.state, 'succeeded');
    assert.equal(clock.waiting, 0, 'nothing waits on');
    assert.equal((await executor.ended(id, 5_000))?.state, 'succeeded');
    assert.equal(await executor.ended('other', 5_000), undefined);
  });

  test('tells how far its step is, how the system calls it, and what came of it', async () => {
    const second = gate();
    let late: (() => void) | undefined;
    const { executor, submit, changes } = bench({
      First: async ({ note }) => {
        note({ vendorRef: 'UPID:pve1:0001' });
        note({ progress: 0.5 });
        note({ progress: 0.505 });
        note({ progress: 7 });
        late = () => note({ progress: 0, vendorRef: 'late' });
      },
      Second: async ({ note }) => {
        note({ result: { snapshot: 'before' } });
        await second.work();
      },
    });
    const { id } = submit();
    await settled();
    late?.();
    const { progress, vendor_ref, result, step } = executor.job(id) as Job;
    assert.deepEqual(
      [step, progress, vendor_ref, result],
      ['Second', 0.5, 'UPID:pve1:0001', { snapshot: 'before' }],
    );
    second.open();
    await executor.ended(id);
    assert.deepEqual(
      changes.map((job) => [job.state, job.step, job.progress]),
      [
        ['queued', null, null],
        ['running', 'First', 0],
        ['running', 'First', 0],
        ['running', 'First', 0.25],
        ['running', 'First', 0.5],
        ['running', 'Second', 0.5],
        ['running', 'Second', 0.5],
        ['succeeded', 'Second', 1],
      ],
      'each change is told, what hardly moved is not',
    );
  });

  test('is not carried out on what took the place of its target', async () => {
    const first = gate();
    const { executor, submit, resources, outcomes } = bench({ Step: first.work });
    submit();
    const { id } = submit();
    await settled();
    resources.set(plex.id, { ...plex, name: 'another' });
    first.open();
    assert.equal((await executor.ended(id))?.error?.code, 'target_changed');
    assert.equal(outcomes.at(-1)?.code, 'target_changed');
  });

  test('is listed, newest first, by target and state and page by page', async () => {
    const { executor, submit, outcome } = bench({ Step: async () => {} });
    const ids: string[] = [];
    for (const target of [plex.id, web.id, plex.id, web.id]) ids.push((await outcome({ target })).id);
    await assert.rejects(async () => submit({ action: 'none' }));
    const listed = (query: Partial<Parameters<typeof executor.jobs>[0]>): readonly string[] =>
      executor.jobs({ limit: 10, ...query }).map(({ id }) => id);
    const [a, b, c, d] = ids;
    assert.deepEqual(listed({}), [d, c, b, a]);
    assert.deepEqual(listed({ limit: 2 }), [d, c]);
    assert.deepEqual(listed({ before: c as string }), [b, a]);
    assert.deepEqual(listed({ target: web.id }), [d, b]);
    assert.deepEqual(listed({ state: 'failed' }), []);
    assert.deepEqual(listed({ state: 'succeeded', target: plex.id, before: d as string }), [c, a]);
    assert.deepEqual(listed({ before: 'unknown' }), []);
    assert.deepEqual([...executor.counts()], [['succeeded', 4]]);
  });
});

suite('request', () => {
  /** Expects that no job is made of a request. */
  const refused = (code: ErrorCode, change: Partial<ActionRequest>, message: RegExp): void => {
    const { submit, refreshed, executor } = bench({ Step: () => assert.fail('it ran') });
    assert.throws(() => submit(change), { name: 'LabError', code, message });
    assert.deepEqual(refreshed, []);
    assert.deepEqual(executor.jobs({ limit: 10 }), []);
  };

  test('for an action, a target or an input that is not there is refused', () => {
    refused('action_unknown', { action: 'explode' }, /explode/);
    refused('target_unknown', { target: 'docker/nas/container/gone' }, /docker\/nas\/container\/gone/);
    refused('target_unsuitable', { target: host.id }, /host/);
    refused('target_missing', { target: undefined }, /Work/);
    refused('input_invalid', { input: { times: 'many' } }, /times/);
    refused('input_invalid', { input: { other: 1 } }, /other|additional/);
  });

  test('that was refused may be put right under the same request id', async () => {
    const { submit, outcome } = bench({ Step: async () => {} });
    assert.throws(() => submit({ requestId: 'r1', input: { times: 'many' } }));
    assert.equal((await outcome({ requestId: 'r1' })).state, 'succeeded');
  });

  test('after the end is refused, and what runs is told to stop', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    const power: Capabilities['power'] = {
      start: (_, signal) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        return promise;
      },
      stop: () => assert.fail('stop'),
      restart: () => assert.fail('restart'),
    };
    const { executor, submit } = bench({}, { capabilities: { power } });
    const { id } = submit({ action: 'set_power', input: { power: 'on' } });
    await settled();
    await executor.close();
    assert.equal(executor.job(id)?.state, 'unknown');
    assert.throws(() => submit(), { code: 'shutting_down' });
  });
});
