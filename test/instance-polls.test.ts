import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PollTask } from '../addon/src/contract/source.ts';
import { LabError } from '../addon/src/core/errors.ts';
import type { FakeClock } from './helpers/fake-clock.ts';
import { bench, gone, Streams } from './helpers/instance.ts';

suite('a polled system', () => {
  /** A task that counts, with the times at which it ran in seconds. */
  function counter(clock: () => FakeClock, run: () => Promise<void> = async () => {}) {
    const times: number[] = [];
    const task: PollTask = {
      name: 'numbers',
      tier: 'fast',
      run: () => {
        times.push(clock().elapsed() / 1_000);
        return run();
      },
    };
    return { times, task };
  }

  test('is read twice soon after the start, then at its interval', async () => {
    const { times, task } = counter(() => clock);
    const events = new Streams();
    const { clock } = bench({ watches: [events], tasks: [task] });
    events.last.ready();
    await clock.advance(100_000);
    assert.deepEqual(times, [3, 6, 36, 66, 96]);
  });

  test('is left alone until it was first seen, and while it is gone', async () => {
    const { times, task } = counter(() => clock);
    const events = new Streams();
    const { clock } = bench({ watches: [events], tasks: [task] });
    await clock.advance(60_000);
    assert.deepEqual(times, []);
    events.last.ready();
    await clock.advance(40_000);
    assert.deepEqual(times, [63, 66, 96]);
    await events.last.lose(gone());
    await events.last.lose(gone());
    await clock.advance(200_000);
    assert.deepEqual(times.splice(0), [63, 66, 96]);
    events.last.ready();
    await clock.advance(30_000);
    assert.equal(times.length, 1);
  });

  test('goes on being read while a lost stream is opened again', async () => {
    const { times, task } = counter(() => clock);
    const events = new Streams();
    const { clock } = bench({ watches: [events], tasks: [task] });
    events.last.ready();
    await events.last.lose(gone());
    await clock.advance(3_000);
    assert.deepEqual(times, [3]);
  });

  test('whose reads fail is asked less often, complained of once, and stays reachable', async () => {
    let broken = true;
    const { times, task } = counter(
      () => clock,
      async () => {
        if (broken) throw new LabError('source_failed', 'no statistics');
      },
    );
    const events = new Streams();
    const { clock, log, heard } = bench({ watches: [events], tasks: [task] });
    events.last.ready();
    log.lines.length = 0;
    await clock.advance(20_000);
    assert.deepEqual(times, [3, 6.75, 11.25, 17.25]);
    assert.deepEqual(heard, ['reachable']);
    assert.deepEqual(
      log.lines.map((line) => line.split(' ')[0]),
      ['warn', 'debug', 'debug', 'debug'],
    );
    assert.equal(log.lines[0], 'warn numbers: no statistics');
    broken = false;
    await clock.advance(20_000);
    broken = true;
    log.lines.length = 0;
    await clock.advance(60_000);
    assert.equal(log.lines[0], 'warn numbers: no statistics', 'it is news again');
  });

  test('is never asked the same twice at a time', async () => {
    let answer = (): void => {};
    const { times, task } = counter(
      () => clock,
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const events = new Streams();
    const { clock } = bench({ watches: [events], tasks: [task] });
    events.last.ready();
    await clock.advance(300_000);
    assert.deepEqual(times, [3]);
    answer();
    await clock.advance(3_000);
    assert.deepEqual(times, [3, 303]);
  });

  test('is let go of at the end', async () => {
    const { times, task } = counter(() => clock);
    const events = new Streams();
    const { clock, instance, closed, heard } = bench({ watches: [events], tasks: [task] });
    events.last.ready();
    await instance.close();
    assert.equal(closed(), 1);
    assert.equal(clock.waiting, 0);
    await clock.advance(100_000);
    assert.deepEqual(times, []);
    assert.equal(events.runs.length, 1);
    assert.deepEqual(heard, ['reachable']);
  });
});
