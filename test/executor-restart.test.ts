import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Job } from '../addon/src/actions/job.ts';
import { JOBS_KEPT } from '../addon/src/actions/job-book.ts';
import { type Database, openDatabase } from '../addon/src/core/database.ts';
import { LabError } from '../addon/src/core/errors.ts';
import { silentLog } from '../addon/src/core/log.ts';
import { type BenchParts, bench, plex, type Work, web } from './helpers/executor.ts';
import { FakeClock, settled } from './helpers/fake-clock.ts';

const never: Work = () => new Promise(() => {});
const on = { action: 'set_power', input: { power: 'on' } } as const;
const off = { action: 'set_power', input: { power: 'off' } } as const;
const hanging = {
  power: { start: never, stop: never, restart: never },
} as unknown as NonNullable<BenchParts['capabilities']>;
const running = (value: boolean): typeof plex => ({ ...plex, readings: { ...plex.readings, on: value } });

/** Runs of Labkeeper on one data folder; each is killed by the next one. */
async function runs(test: (start: () => Database) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-'));
  let database: Database | undefined;
  try {
    await test(() => {
      database?.close();
      database = openDatabase(folder, silentLog, 0);
      return database;
    });
  } finally {
    database?.close();
    rmSync(folder, { recursive: true });
  }
}

suite('after a restart', () => {
  test('a job can still be looked up, and its request id still returns it', async () => {
    await runs(async (start) => {
      const first = bench({ Step: async ({ note }) => note({ result: { a: 1 } }) }, { database: start() });
      const job = await first.outcome({ requestId: 'r1' });
      const second = bench({ Step: () => assert.fail('it ran again') }, { database: start() });
      assert.deepEqual(second.executor.job(job.id), job);
      assert.deepEqual(second.submit({ requestId: 'r1', target: web.id }), job);
      assert.deepEqual(second.executor.jobs({ limit: 10 }), [job]);
    });
  });

  test('what Labkeeper was shut down over is looked up as well, once', async () => {
    await runs(async (start) => {
      const first = bench({}, { database: start(), capabilities: hanging });
      const { id } = first.submit(on);
      await settled();
      const closed = first.executor.close();
      await settled();
      await closed;
      assert.equal(first.executor.job(id)?.error?.code, 'shutting_down');
      const again = bench({}, { database: start() });
      assert.deepEqual(
        [again.executor.job(id)?.state, again.executor.job(id)?.error?.code],
        ['unknown', 'interrupted'],
      );
      again.executor.look(running(true));
      await settled();
      assert.equal(again.executor.job(id)?.state, 'succeeded');
    });
  });

  test('what had not begun is cancelled, of what ran it is unknown whether it happened', async () => {
    await runs(async (start) => {
      const first = bench({ First: async () => {}, Second: never }, { database: start() });
      const ids = [first.submit(), first.submit()].map(({ id }) => id);
      await settled();
      const again = bench({ First: () => assert.fail('sent again') }, { database: start() });
      const [ran, waited] = ids.map((id) => again.executor.job(id)) as [Job, Job];
      assert.deepEqual([ran.state, ran.step, ran.error?.code], ['unknown', 'Second', 'interrupted']);
      assert.match(ran.error?.hint ?? '', /look at the target/);
      assert.deepEqual([waited.state, waited.step, waited.error?.code], ['cancelled', null, 'interrupted']);
      assert.ok(ran.ended && waited.ended);
      assert.deepEqual(again.outcomes, [], 'nobody is told before the device is there');
      again.executor.look(plex);
      await settled();
      assert.deepEqual(
        again.outcomes.map(({ type, jobId }) => [type, jobId]),
        [['unknown', ran.id]],
      );
      again.executor.look(plex);
      await settled();
      assert.equal(again.outcomes.length, 1, 'once');
    });
  });

  test('the target shows that it happened', async () => {
    await runs(async (start) => {
      const first = bench({}, { database: start(), capabilities: hanging });
      const { id } = first.submit(off);
      const other = first.submit({ ...on, target: web.id });
      await settled();
      const { executor, outcomes } = bench({}, { database: start() });
      executor.look(running(true));
      await settled();
      assert.equal(executor.job(id)?.state, 'unknown', 'it may be about to end');
      executor.look({ ...running(false), available: false });
      await settled();
      assert.equal(executor.job(id)?.state, 'unknown', 'out of date');
      executor.look(running(false));
      await settled();
      const { state, error, progress } = executor.job(id) as Job;
      assert.deepEqual([state, error, progress], ['succeeded', undefined, 1]);
      assert.equal(executor.job(other.id)?.state, 'unknown', 'that is another target');
      assert.deepEqual(
        outcomes.map(({ type }) => type),
        ['unknown'],
      );
    });
  });

  test('what is heard only later than ten minutes is not its effect any more', async () => {
    await runs(async (start) => {
      const first = bench({}, { database: start(), capabilities: hanging });
      const { id } = first.submit(off);
      await settled();
      const { executor, clock } = bench({}, { database: start() });
      await clock.advance(3_600_000);
      executor.look(running(true));
      await clock.advance(600_001);
      executor.look(running(false));
      await settled();
      assert.equal(executor.job(id)?.state, 'unknown');
    });
  });

  test('a step that certainly did not happen, or was not the last, makes the job fail', async () => {
    for (const [answer, message] of [
      [false, /“First” did not happen/],
      [true, /after “First”; what comes after/],
    ] as const) {
      await runs(async (start) => {
        const steps = { First: never, Second: () => assert.fail('carried on') };
        const { id } = bench(steps, { database: start() }).submit();
        await settled();
        const later = bench(steps, { database: start(), happened: { First: async () => answer } });
        later.executor.look(plex);
        await settled();
        const { state, error } = later.executor.job(id) as Job;
        assert.deepEqual([state, error?.code], ['failed', 'interrupted']);
        assert.match(error?.message ?? '', message);
        assert.deepEqual(
          later.outcomes.map(({ type }) => type),
          ['failed'],
        );
      });
    }
  });
});

test('in the same run the target shows what became of a call that was cut off', async () => {
  const lost = async (): Promise<void> => {
    throw new LabError('deadline_passed', 'no answer');
  };
  const power = { start: lost, stop: lost, restart: lost };
  const { executor, outcome, log } = bench({}, { capabilities: { power } });
  const { id, state } = await outcome(off);
  const restarted = await outcome({ action: 'restart' });
  assert.equal(state, 'unknown');
  executor.look(running(false));
  await settled();
  assert.equal(executor.job(id)?.state, 'succeeded');
  assert.equal(executor.job(restarted.id)?.state, 'unknown', 'a restart leaves no trace');
  assert.ok(log.lines.some((line) => /done after all/.test(line)));
});

test('finished jobs are kept for a month, and the last ones for ever', async () => {
  const clock = new FakeClock();
  const { executor, submit, outcome } = bench({ Step: async () => {} }, { clock });
  const job = await outcome();
  const more = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += 20) {
      const ids = Array.from({ length: 20 }, () => submit({ target: web.id }).id);
      for (const id of ids) await executor.ended(id);
    }
  };
  await more(JOBS_KEPT.least + 200);
  assert.ok(executor.job(job.id), 'not yet a month old');
  await clock.advance((JOBS_KEPT.days + 1) * 86_400_000);
  await more(120);
  assert.equal(executor.job(job.id), undefined);
  const left = executor.jobs({ limit: 2_000 }).length;
  assert.ok(left >= JOBS_KEPT.least && left < JOBS_KEPT.least + 120, `${left} are left`);
});
