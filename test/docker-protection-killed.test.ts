import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { CONTAINER, NEW, OLD, protectedEngine, STACK } from './helpers/protection-lab.ts';
import { Disk, type Gate, startUpdates } from './helpers/update-lab.ts';
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
    for (const moment of ['before', 'after'] as const)
      test(`just ${moment} any call of ${target.what} that gets ${isWell ? 'well' : 'ill'}, is whole`, async () => {
        const { spec, id } = target;
        for (let call = 1; ; call += 1) {
          const { engine, copier, there, data } = protectedEngine(target, isWell);
          let count = 0;
          let seen = '';
          const killed = Promise.withResolvers<void>();
          const database = disk.open();
          const gate: Gate = (method, path) => {
            if (!isChange(method, path)) return undefined;
            count += 1;
            if (count < call) return undefined;
            if (count > call) return new Promise(() => {});
            seen = `${call}: ${method} ${path}`;
            disk.freeze(database);
            killed.resolve();
            return moment === 'before' ? new Promise(() => {}) : undefined;
          };
          run = await startUpdates(engine, database, gate);
          await run.seen(id);
          const job = run.submit(id, { protection: 'copy' });
          await Promise.race([killed.promise, run.executor.ended(job.id)]);
          const isThrough = count < call;
          await new Promise((done) => setTimeout(done, 20));
          await run.close();
          run = await startUpdates(engine, disk.open());
          if (isThrough) {
            assert.ok(call > 13, `${call} calls`);
            return;
          }
          const ended = await eventually(
            `what became of it after ${seen}: ${there()}`,
            () => {
              const state = run.executor.job(job.id)?.state ?? '';
              return ['succeeded', 'failed'].includes(state) && copier.copies.size === 0 && state;
            },
            20_000,
          );
          const [age, image] = ended === 'succeeded' ? ['new', NEW] : ['old', OLD];
          if (!isWell) assert.equal(age, 'old', seen);
          assert.deepEqual(there(), [`${spec.name} running ${image}`], seen);
          assert.deepEqual([data(), copier.torn], [`${age} ${age}`, []], seen);
          await run.close();
          disk.remove();
          disk = new Disk();
        }
      });
});
