import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Executor } from '../addon/src/actions/executor.ts';
import { withOwn } from '../addon/src/app/capabilities.ts';
import { labViewOf } from '../addon/src/app/lab-view.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import type { LabResource, LabResourceOf } from '../addon/src/kinds/index.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { lifelineGuard } from '../addon/src/lab/lifeline.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { aContainer, recordingLog } from './helpers/samples.ts';

const GPU = 'gpu/rack/gpu/GPU-1';
const container = (name: string): LabResourceOf<'container'> =>
  aContainer({ id: `docker/ai/container/${name}`, name });
const process = (name: string, vram: number, inContainer = true) => ({
  ...{ key: name, title: `/usr/bin/${name}`, pid: 1, vram },
  ...(inContainer && { container: `docker/ai/container/${name}` }),
});

/** A 24 GB card with 4 GiB free, and what computes on it. What is ended gives its memory back. */
function bench({ self = 'none', freed = true }: { self?: string; freed?: boolean } = {}) {
  const clock = new FakeClock();
  const all = new Map<string, LabResource>();
  const ended: string[] = [];
  let processes = [process('tts', 6), process('lora', 9), process('small', 3), process('game', 2, false)];
  const show = (): void => {
    const used = processes.reduce((sum, { vram }) => sum + vram, 0);
    all.set(GPU, {
      ...{ id: GPU, kind: 'gpu', name: 'RTX 3090', available: true, facts: {} },
      readings: { vram_total: 24, vram_free: 24 - used, processes },
    } as unknown as LabResource);
  };
  show();
  for (const name of ['tts', 'lora', 'small']) all.set(container(name).id, container(name));
  const lab = { all: () => all.values(), get: (id: string) => all.get(id) };
  const place = { lab, self, own: () => assert.fail('it is said where we run') };
  const power = {
    stop: async (id: string) => {
      ended.push(id);
      const name = id.split('/').at(-1);
      const one = all.get(id) as LabResourceOf<'container'>;
      all.set(id, { ...one, readings: { ...one.readings, on: false } } as LabResource);
      if (freed) processes = processes.filter(({ key }) => key !== name);
      show();
    },
  };
  const executor: Executor = new Executor({
    ...{
      actions: ACTIONS,
      resource: lab.get,
      self: 'labkeeper',
      allow: 'destroy',
      database: memoryDatabase(),
    },
    capabilities: withOwn(
      {
        lab: labViewOf({
          ...{ ...place, executor: () => executor, bootedAt: () => 0, clock },
          ...{ powerProfiles: async () => [], recipes: undefined as never },
        }),
      },
      { for: (_, capability) => (capability === 'power' ? power : undefined) as never },
    ),
    ...{ refresh: () => {}, guard: lifelineGuard(place), clock, log: recordingLog() },
  });
  const asked = (memory: number) => ({
    ...{ action: 'make_room', target: GPU, input: { memory }, door: 'homeassistant' as const, user: 'anna' },
    administrator: true,
  });
  return {
    ended,
    plan: (memory: number) => executor.plan(asked(memory)),
    async run(memory: number) {
      const { id } = executor.submit(asked(memory));
      for (let step = 0; step < 200; step += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        const job = executor.job(id);
        if (job !== undefined && !['queued', 'running'].includes(job.state)) return job;
        await clock.advance(1_000);
      }
      return assert.fail('it did not end');
    },
  };
}

suite('making room on a card', () => {
  test('ends the smallest container that is enough', async () => {
    const { plan, run, ended } = bench();
    const { steps, checks } = await plan(10);
    assert.deepEqual(steps[0], { name: 'End tts', calls: ['end docker/ai/container/tts'] });
    assert.equal(checks?.[0]?.message, '4 GiB of 24 GiB are free, 9.3 GiB are wanted');
    assert.deepEqual(ended, [], 'a dry run ends nothing');
    const job = await run(10);
    assert.deepEqual([job.state, job.error, ended], ['succeeded', undefined, ['docker/ai/container/tts']]);
    assert.equal(job.result?.free, 10);
  });

  test('ends the largest first where one is not enough', async () => {
    const { run, ended } = bench();
    assert.equal((await run(20)).state, 'succeeded');
    assert.deepEqual(ended.toSorted(), ['docker/ai/container/lora', 'docker/ai/container/tts']);
  });

  test('ends nothing where there is room, the card is too small, or only others use it', async () => {
    const { plan, run, ended } = bench();
    assert.deepEqual((await plan(4)).warnings, ['there is room already: nothing is ended']);
    assert.equal((await run(4)).state, 'succeeded');
    assert.match((await run(30)).error?.hint ?? '', /the card has not that much/);
    assert.match(
      (await run(25)).error?.hint ?? '',
      /only containers are ended; what else uses it: \/usr\/bin\/game/,
    );
    assert.deepEqual(ended, []);
  });

  test('never ends the container that Labkeeper runs in', async () => {
    const { run, ended } = bench({ self: 'docker/ai/container/tts' });
    assert.equal((await run(10)).state, 'succeeded');
    assert.deepEqual(ended, ['docker/ai/container/lora']);
  });

  test('ends nothing where it is not known what Labkeeper runs on', async () => {
    const { run, ended } = bench({ self: 'docker/ai/container/other' });
    const { error } = await run(10);
    assert.equal(error?.code, 'check_failed');
    assert.deepEqual(ended, []);
  });

  test('says so where what was ended gave nothing back', async () => {
    const { run } = bench({ freed: false });
    const { state, error } = await run(10);
    assert.equal(error?.code, 'deadline_passed');
    assert.equal(state, 'unknown');
    assert.match(error?.message ?? '', /RTX 3090 has 4 GiB free after a minute/);
  });
});
