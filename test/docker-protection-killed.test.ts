import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { killAt, MOMENTS } from './helpers/kill-gate.ts';
import { CONTAINER, NEW, OLD, protectedEngine, STACK } from './helpers/protection-lab.ts';
import { Disk, startUpdates } from './helpers/update-lab.ts';
import { eventually } from './parts/process.ts';

const isChange = (method: string, path: string): boolean =>
  method !== 'GET' &&
  method !== 'HEAD' &&
  (path.startsWith('/volumes/') || !/\/(labkeeper|0{64})/.test(path));

suite('data that is copied for an update, when Labkeeper is killed', () => {
  let disk: Disk;
  let run: Awaited<ReturnType<typeof startUpdates>>;

  beforeEach(() => {
    disk = new Disk();
  });
  afterEach(async () => {
    await run.close();
    disk.remove();
  });

  // That a stack becomes well without a copy is tried at each call where there is none.
  for (const [target, isWell] of [
    [CONTAINER, true],
    [CONTAINER, false],
    [STACK, false],
  ] as const)
    for (const moment of MOMENTS)
      test(`just ${moment} any call of ${target.what} that gets ${isWell ? 'well' : 'ill'}, is whole`, async () => {
        const { spec, id } = target;
        for (let call = 1; ; call += 1) {
          const { engine, copier, there, data } = protectedEngine(target, isWell);
          const database = disk.open();
          const kill = killAt({ disk, database }, moment, call, isChange);
          run = await startUpdates(engine, database, kill.gate);
          await run.seen(id);
          const job = run.submit(id, { protection: 'copy' });
          const isThrough = !(await kill.reached(run.executor, job));
          await run.close();
          run = await startUpdates(engine, disk.open());
          if (isThrough) {
            assert.ok(call > 13, `${call} calls`);
            return;
          }
          const ended = await eventually(
            `what became of it after ${kill.seen}: ${there()}`,
            () => {
              const state = run.executor.job(job.id)?.state ?? '';
              return ['succeeded', 'failed'].includes(state) && copier.copies.size === 0 && state;
            },
            20_000,
          );
          const [age, image] = ended === 'succeeded' ? ['new', NEW] : ['old', OLD];
          if (!isWell) assert.equal(age, 'old', kill.seen);
          assert.deepEqual(there(), [`${spec.name} running ${image}`], kill.seen);
          assert.deepEqual([data(), copier.torn], [`${age} ${age}`, []], kill.seen);
          await run.close();
          disk.remove();
          disk = new Disk();
        }
      });
});
