import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import Type from 'typebox';
import type { Job } from '../addon/src/actions/job.ts';
import { type Action, type ActionContext, defineAction, type Step } from '../addon/src/contract/action.ts';
import type { Preparation } from '../addon/src/contract/step.ts';
import { type Database, openDatabase } from '../addon/src/core/database.ts';
import { LabError } from '../addon/src/core/errors.ts';
import { wasRestored } from '../addon/src/core/lineage.ts';
import { silentLog } from '../addon/src/core/log.ts';
import { type BenchParts, bench, plex, web } from './helpers/executor.ts';
import { type FakeClock, settled } from './helpers/fake-clock.ts';

type Context = ActionContext<{ readonly key?: string }>;
const never = (): Promise<void> => new Promise(() => {});
const lost = (): Promise<void> => Promise.reject(new LabError('deadline_passed', 'no answer'));

/** An action that prepares, whose steps the test writes. */
const making = (
  steps: readonly Step<{ readonly key?: string }>[],
  prepare: (context: Context) => Partial<Preparation> = () => ({}),
): Action =>
  defineAction({
    id: 'make',
    title: 'Make',
    description: 'Makes what the test says.',
    risk: 'operate',
    kinds: ['container'],
    input: Type.Object(
      { key: Type.Optional(Type.String({ secret: true })) },
      { additionalProperties: false },
    ),
    prepare: async (context) => ({ decided: { vmid: 105 }, checks: [], ...prepare(context as Context) }),
    plan: () => steps as never,
  }) as unknown as Action;

const with_ = (action: Action, more: BenchParts = {}) => {
  const made = bench({}, { ...more, actions: [action] });
  const make = (change: object = {}): Job => made.submit({ action: 'make', ...change });
  const ended = async ({ id }: Job): Promise<Job> => (await made.executor.ended(id)) as Job;
  const texts = ({ id }: Job): readonly string[] => made.executor.logOf(id).map(({ text }) => text);
  return { ...made, make, ended, texts };
};

/** Runs of Labkeeper on one data folder; each is killed by the next one. */
async function runs(test: (start: () => Database, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-'));
  let database: Database | undefined;
  try {
    await test(() => {
      database?.close();
      database = openDatabase(folder, silentLog, 0);
      return database;
    }, folder);
  } finally {
    database?.close();
    rmSync(folder, { recursive: true });
  }
}

/** Lets what asks again every few seconds do so, for so long. */
const pass = async (clock: FakeClock, seconds: number): Promise<void> => clock.advance(seconds * 1_000);

suite('an action that prepares', () => {
  test('looks and decides first, and its steps go by that', async () => {
    const seen: unknown[] = [];
    const { make, ended, texts, outcomes } = with_(
      making(
        [
          {
            name: 'Create',
            run: async ({ decided, note }) => {
              seen.push(decided);
              note({ vendorRef: 'UPID:1', keep: { mac: 'aa' }, log: 'created' });
            },
          },
          {
            name: 'Start',
            run: async ({ kept, vendorRef }) => void seen.push(kept, vendorRef),
          },
        ],
        () => ({ checks: [{ name: 'Space', ok: true, message: 'there are 40 GiB' }] }),
      ),
    );
    const job = await ended(make());
    assert.deepEqual([job.state, job.step, job.vendor_ref], ['succeeded', 'Start', null]);
    assert.deepEqual(seen, [{ vmid: 105 }, { mac: 'aa' }, undefined]);
    assert.deepEqual(
      outcomes.map(({ type, message, jobId }) => [type, message, jobId]),
      [['succeeded', 'Make: done', job.id]],
    );
    assert.deepEqual(texts(job), ['✓ Space: there are 40 GiB', 'Create', 'created', 'Start']);
  });

  test('does nothing where a check fails', async () => {
    const { make, ended, outcomes } = with_(
      making([{ name: 'Create', run: () => assert.fail('created') }], () => ({
        checks: [
          { name: 'Rights', ok: true, message: 'all are there' },
          { name: 'Space', ok: false, message: 'only 1 GiB is left', hint: 'free some' },
        ],
      })),
    );
    const { state, error } = await ended(make());
    assert.deepEqual([state, error?.code, error?.hint], ['failed', 'check_failed', 'free some']);
    assert.match(error?.message ?? '', /^Space: only 1 GiB/);
    assert.equal(outcomes.length, 1);
  });

  test('tells in a dry run what it found, what it would send, and sends nothing', async () => {
    const action = making(
      [{ name: 'Create', calls: ['POST /nodes/pve1/qemu vmid=105'], run: () => assert.fail('created') }],
      () => ({ checks: [{ name: 'Space', ok: true, message: 'enough' }], warnings: ['slow'] }),
    );
    const { executor } = with_(action);
    const request = { action: 'make', target: plex.id, input: {}, door: 'http', user: 'x' } as const;
    const plan = await executor.plan({ ...request, ceiling: 'operate' });
    assert.deepEqual(plan.steps, [{ name: 'Create', calls: ['POST /nodes/pve1/qemu vmid=105'] }]);
    assert.deepEqual(plan.checks, [{ name: 'Space', ok: true, message: 'enough' }]);
    assert.deepEqual(plan.warnings, ['slow']);
    assert.deepEqual(executor.jobs({ limit: 1 }), []);
  });

  test('is carried out as its dry run with the same request id said, or not at all', async () => {
    let digest = 'a';
    const action = making([{ name: 'Create', run: async () => {} }], () => ({ fingerprint: digest }));
    const { executor, make, ended, clock } = with_(action);
    const request = { action: 'make', target: plex.id, input: {}, door: 'mqtt', user: 'x' } as const;
    const planned = (requestId: string) =>
      executor.plan({ ...request, door: 'http', ceiling: 'operate', requestId });
    await planned('same');
    assert.equal((await ended(make({ requestId: 'same' }))).state, 'succeeded');
    await planned('changed');
    digest = 'b';
    assert.equal((await ended(make({ requestId: 'changed' }))).error?.code, 'target_changed');
    await planned('other');
    assert.throws(() => make({ requestId: 'other', target: web.id }), { code: 'target_changed' });
    await planned('late');
    await clock.advance(600_001);
    assert.throws(() => make({ requestId: 'late' }), { code: 'plan_expired' });
    digest = 'c';
    assert.equal((await ended(make())).state, 'succeeded', 'nobody planned it');
  });

  test('looks up what it lost the answer to, and does it again only if it did not happen', async () => {
    for (const [answers, wanted, attempts] of [
      [[undefined, undefined, true], 'succeeded', 1],
      [[undefined, false], 'succeeded', 2],
      [[], 'unknown', 1],
    ] as const) {
      let asked = 0;
      let done = 0;
      const { make, ended, clock } = with_(
        making([
          {
            name: 'Create',
            run: () => {
              done += 1;
              return done === 1 ? lost() : Promise.resolve();
            },
            happened: async () => answers[asked++],
          },
          { name: 'Start', run: async () => {} },
        ]),
      );
      const job = make();
      await settled();
      await pass(clock, 620);
      const { state, step } = await ended(job);
      assert.deepEqual([state, done], [wanted, attempts]);
      assert.equal(step, wanted === 'unknown' ? 'Create' : 'Start');
    }
  });

  test('fails with what made a step fail whose answer was lost', async () => {
    const { make, ended } = with_(
      making([
        {
          name: 'Create',
          run: lost,
          happened: async () => {
            throw new LabError('source_refused', 'no space left on device');
          },
        },
      ]),
    );
    const { state, error } = await ended(make());
    assert.deepEqual([state, error?.message], ['failed', 'no space left on device']);
  });

  test('says what it left behind, and how to be rid of it', async () => {
    const left = [{ id: 'proxmox/home/guest/105', what: 'VM 105 (web)', remove: 'delete_guest' }];
    const { make, ended } = with_(
      making([
        {
          name: 'Create',
          run: async ({ note }) => {
            note({ left });
            throw new LabError('source_refused', 'the disk is full');
          },
        },
      ]),
    );
    const { error, result } = await ended(make());
    assert.deepEqual(result, { left_behind: left });
    assert.match(error?.hint ?? '', /left behind: VM 105 \(web\) \(remove it with “delete_guest” of proxmox/);
  });
});

suite('a job that was cut off by the end of Labkeeper', () => {
  const steps = (first: Step<never>['run'], more: Partial<Step<never>> = {}, done: string[] = []) => [
    { name: 'Create', run: first, ...more },
    {
      name: 'Start',
      run: async ({ decided, kept }: Context) => void done.push(`start ${decided.vmid} ${kept.mac}`),
    },
  ];
  const noting = (async ({ note }: Context) => {
    note({ vendorRef: 'UPID:1', keep: { mac: 'aa' } });
    await never();
  }) as never;

  test('goes on where it was when its target is heard, by what was decided then', async () => {
    await runs(async (start) => {
      const first = with_(making(steps(noting) as never), { database: start() });
      const job = first.make();
      await settled();
      const done: string[] = [];
      const asked: unknown[] = [];
      const happened = (async ({ vendorRef, decided }: Context) => {
        asked.push(vendorRef, decided);
        return true;
      }) as never;
      const again = steps((() => assert.fail('created twice')) as never, { happened }, done);
      const second = with_(
        making(again as never, () => assert.fail('decided again')),
        { database: start() },
      );
      assert.equal(second.executor.job(job.id)?.state, 'running');
      second.executor.look({ ...plex, available: false });
      await settled();
      assert.deepEqual(asked, [], 'its target is not heard yet');
      second.executor.look(plex);
      const ended = await second.ended(job);
      assert.deepEqual([ended.state, ended.error, ended.progress], ['succeeded', undefined, 1]);
      assert.deepEqual(asked, ['UPID:1', { vmid: 105 }]);
      assert.deepEqual(done, ['start 105 aa']);
      assert.equal(second.executor.jobs({ limit: 9 }).length, 1);
    });
  });

  test('also goes on when Labkeeper was shut down in good order', async () => {
    await runs(async (start) => {
      const first = with_(making(steps(noting) as never), { database: start() });
      const job = first.make();
      await settled();
      await first.executor.close();
      const again = making(steps(never as never, { happened: async () => true }) as never);
      const second = with_(again, { database: start() });
      second.executor.look(plex);
      assert.equal((await second.ended(job)).state, 'succeeded');
    });
  });

  test('does a step again that certainly did not happen, and leaves one open that nobody can tell of', async () => {
    for (const [answer, state, attempts] of [
      [false, 'succeeded', 1],
      [undefined, 'unknown', 0],
    ] as const) {
      await runs(async (start) => {
        const job = with_(making(steps(noting) as never), { database: start() }).make();
        await settled();
        let done = 0;
        const run = (async () => {
          done += 1;
        }) as never;
        const second = with_(making(steps(run, { happened: async () => answer }) as never), {
          database: start(),
        });
        second.executor.look(plex);
        await settled();
        await pass(second.clock, 620);
        const ended = await second.ended(job);
        assert.deepEqual([ended.state, done], [state, attempts]);
        if (state === 'unknown') assert.equal(second.outcomes.at(-1)?.type, 'unknown');
      });
    }
  });

  test('is cancelled where it had only looked', async () => {
    await runs(async (start) => {
      const hanging = { ...making([]), prepare: () => new Promise<Preparation>(() => {}) };
      const job = with_(hanging, { database: start() }).make();
      await settled();
      const second = with_(making([]), { database: start() });
      assert.deepEqual(
        [second.executor.job(job.id)?.state, second.executor.job(job.id)?.error?.code],
        ['cancelled', 'interrupted'],
      );
    });
  });

  test('is not gone on with where its target is another by now, or is not heard', async () => {
    await runs(async (start) => {
      const job = with_(making(steps(noting) as never), { database: start() }).make();
      await settled();
      const again = making(steps(never as never, { happened: async () => true }) as never);
      const second = with_(again, { database: start() });
      const another = { ...plex, name: 'another' };
      second.resources.set(plex.id, another);
      second.executor.look(another);
      assert.equal((await second.ended(job)).error?.code, 'target_changed');
    });
    await runs(async (start) => {
      const job = with_(making(steps(noting) as never), { database: start() }).make();
      await settled();
      const second = with_(making([]), { database: start() });
      await second.clock.advance(900_001);
      assert.equal(second.executor.job(job.id)?.state, 'unknown');
      second.executor.look(plex);
      await settled();
      assert.equal(second.executor.job(job.id)?.state, 'unknown');
    });
  });

  test('is not gone on with where it needs what was secret', async () => {
    await runs(async (start) => {
      const job = with_(making(steps(noting) as never), { database: start() }).make({ input: { key: 'k' } });
      await settled();
      const more = { happened: async () => false, needsSecrets: true } as const;
      const second = with_(making(steps((() => assert.fail('with ***')) as never, more) as never), {
        database: start(),
      });
      second.executor.look(plex);
      const { state, error } = await second.ended(job);
      assert.equal(state, 'unknown');
      assert.match(error?.message ?? '', /secret is not kept/);
    });
  });

  test('is closed and not gone on with after a backup was restored', async () => {
    await runs(async (start, folder) => {
      const database = start();
      assert.equal(wasRestored(database, folder), false, 'the first run');
      assert.equal(wasRestored(database, folder), false, 'the next one');
      const job = with_(making(steps(noting) as never), { database }).make();
      await settled();
      rmSync(join(folder, 'lineage'));
      const later = start();
      const restored = wasRestored(later, folder);
      assert.equal(restored, true);
      const second = with_(making(steps((() => assert.fail('gone on')) as never) as never), {
        database: later,
        restored,
      });
      second.executor.look(plex);
      await settled();
      const { state, error } = second.executor.job(job.id) as Job;
      assert.equal(state, 'unknown');
      assert.match(error?.message ?? '', /restored from a backup/);
      assert.equal(wasRestored(later, folder), false, 'that was once');
    });
  });
});

suite('cancelling', () => {
  test('ends a job before its next step, and one that waits when its turn comes', async () => {
    const gate = Promise.withResolvers<void>();
    const { make, ended, outcome } = with_(
      making([
        { name: 'Create', run: () => gate.promise },
        { name: 'Start', run: () => assert.fail('started') },
      ]),
    );
    const [runs, waits] = [make(), make()];
    await settled();
    for (const { id } of [runs, waits]) {
      const cancelled = await outcome({
        action: 'cancel_job',
        target: undefined,
        input: { job: id },
      } as never);
      assert.deepEqual([cancelled.state, cancelled.error], ['succeeded', undefined]);
    }
    gate.resolve();
    const [first, second] = [await ended(runs), await ended(waits)];
    assert.deepEqual([first.state, first.error?.code, first.step], ['cancelled', 'cancelled', 'Create']);
    assert.deepEqual([second.state, second.started], ['cancelled', null]);
  });

  test('is refused of what is over or never was', async () => {
    const { make, ended, outcome } = with_(making([{ name: 'Create', run: async () => {} }]));
    const job = await ended(make());
    const cancel = (id: string) =>
      outcome({ action: 'cancel_job', target: undefined, input: { job: id } } as never);
    assert.equal((await cancel(job.id)).error?.code, 'job_over');
    assert.equal((await cancel('none')).error?.code, 'job_unknown');
  });
});
