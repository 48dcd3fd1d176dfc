import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PollTask } from '../addon/src/contract/source.ts';
import { LabError } from '../addon/src/core/errors.ts';
import { type FakeClock, settled } from './helpers/fake-clock.ts';
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

  test('is read at the pace that it says itself, which may change', async () => {
    const { times, task } = counter(() => clock);
    const events = new Streams();
    let seconds = 300;
    const { clock } = bench({ watches: [events], tasks: [{ ...task, everySeconds: () => seconds }] });
    events.last.ready();
    await clock.advance(304_000);
    seconds = 5;
    await clock.advance(310_000);
    assert.deepEqual(times.slice(0, 5), [3, 303, 603, 608, 613], 'what is read seldom is read once at first');
  });

  test('says what was not read yet, or could not be read the last time', async () => {
    let fails = false;
    const { task } = counter(
      () => clock,
      async () => {
        if (fails) throw new LabError('source_failed', 'no');
      },
    );
    const events = new Streams();
    const endless: PollTask = { name: 'log', tier: 'fast', endless: true, run: () => new Promise(() => {}) };
    const { clock, instance } = bench({ watches: [events], tasks: [task, endless] });
    assert.deepEqual(instance.unread, ['events', 'numbers']);
    events.last.ready();
    assert.deepEqual(instance.unread, ['numbers']);
    await clock.advance(4_000);
    assert.deepEqual(instance.unread, []);
    fails = true;
    await clock.advance(3_000);
    assert.deepEqual([instance.unread, instance.failing], [[], ['numbers']]);
    fails = false;
    await clock.advance(60_000);
    assert.deepEqual(instance.failing, []);
  });

  test('is not waited for where a read fails again and again from the start', async () => {
    const { task } = counter(
      () => clock,
      async () => {
        throw new LabError('source_failed', 'no');
      },
    );
    const events = new Streams();
    const { clock, instance } = bench({ watches: [events], tasks: [task] });
    events.last.ready();
    await clock.advance(3_000);
    assert.deepEqual([instance.unread, instance.failing], [['numbers'], ['numbers']]);
    await clock.advance(60_000);
    assert.deepEqual([instance.unread, instance.failing], [[], ['numbers']]);
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

  test('whose answer makes no sense is told of with words for people, and what to look at', async () => {
    const { task } = counter(
      () => clock,
      async () => {
        throw new TypeError('name.replace is not a function');
      },
    );
    const events = new Streams();
    const { clock, log } = bench({ watches: [events], tasks: [task] });
    events.last.ready();
    log.lines.length = 0;
    await clock.advance(4_000);
    assert.deepEqual(log.lines, [
      'warn numbers: an answer is not as it should be (name.replace is not a function); is there a proxy or another ' +
        'service at that address, or a version that Labkeeper does not know yet?',
    ]);
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

suite('a system that is only polled', () => {
  /** A vital task whose reads fail as long as `failing` is set. */
  function vitalTask() {
    // The first read comes while the bench is still being put together.
    const since: { clock?: FakeClock } = {};
    const state = { failing: undefined as Error | undefined };
    const times: number[] = [];
    const task: PollTask = {
      name: 'everything',
      tier: 'fast',
      vital: true,
      run: async () => {
        times.push((since.clock?.elapsed() ?? 0) / 1_000);
        if (state.failing) throw state.failing;
      },
    };
    return { since, state, times, task };
  }

  test('is read at once, and counts as reachable when that succeeded', async () => {
    const { times, task } = vitalTask();
    const { clock, heard, instance } = bench({ tasks: [task] });
    await clock.advance(0);
    assert.deepEqual(times, [0]);
    assert.deepEqual(heard, ['reachable']);
    assert.equal(instance.reachable, true);
  });

  test('is asked again and again while it is gone, and found within a minute', async () => {
    const { state, times, task } = vitalTask();
    const { clock, heard, instance, log } = bench({ tasks: [task] });
    await clock.advance(100_000);
    state.failing = gone();
    await clock.advance(600_000);
    assert.deepEqual([...new Set(heard)], ['reachable', 'lost']);
    assert.equal(instance.reachable, false);
    assert.equal(
      log.lines.filter((line) => line.startsWith('warn')).length,
      2,
      'the first miss, and that it is gone',
    );
    const tries = times.length;
    state.failing = undefined;
    await clock.advance(61_000);
    assert.ok(times.length > tries);
    assert.equal(heard.at(-1), 'reachable');
    assert.equal(instance.reachable, true);
  });

  test('one missed read does not make it unavailable', async () => {
    const { state, task } = vitalTask();
    const { clock, heard } = bench({ tasks: [task] });
    await clock.advance(40_000);
    state.failing = gone();
    await clock.advance(23_000);
    state.failing = undefined;
    await clock.advance(60_000);
    assert.ok(!heard.includes('lost'), heard.join());
  });

  test('its other tasks wait until it was heard', async () => {
    const { state, task } = vitalTask();
    state.failing = gone();
    let reads = 0;
    const other: PollTask = {
      name: 'details',
      tier: 'fast',
      run: async () => {
        reads += 1;
      },
    };
    const { clock } = bench({ tasks: [task, other] });
    await clock.advance(120_000);
    assert.equal(reads, 0);
    state.failing = undefined;
    await clock.advance(120_000);
    assert.ok(reads > 0);
  });

  test('refused credentials are tried again after minutes only', async () => {
    const { since, state, times, task } = vitalTask();
    state.failing = new LabError('credentials_refused', 'proxmox/home: refused');
    const { clock, heard } = bench({ tasks: [task] });
    since.clock = clock;
    await clock.advance(44_000);
    assert.deepEqual(times, [0]);
    assert.deepEqual(heard, ['lost']);
  });
});

suite('a budget of calls', () => {
  test('stretches the interval of what takes more than its part of it', async () => {
    const times: number[] = [];
    const task: PollTask = {
      name: 'numbers',
      tier: 'fast',
      vital: true,
      run: async () => {
        times.push((parts?.clock.elapsed() ?? 0) / 1_000);
        for (let call = 0; call < 100; call += 1) parts?.meter.record(5);
      },
    };
    let parts: ReturnType<typeof bench> | undefined;
    parts = bench({ tasks: [task], budget: 50 });
    await parts.clock.advance(600_000);
    // Not yet in the first minute: what ran beside it may have been what took so much.
    assert.deepEqual(times, [0, 3, 33, 153, 273, 393, 513], '100 calls at 50 a minute are two minutes');
  });

  test('is one for all tasks: each waits longer by the same part', async () => {
    const times: Record<string, number[]> = { often: [], seldom: [] };
    let parts: ReturnType<typeof bench> | undefined;
    const task = (name: string, everySeconds: number, calls: number): PollTask => ({
      name,
      tier: 'fast',
      everySeconds,
      vital: true,
      run: async () => {
        times[name]?.push((parts?.clock.elapsed() ?? 0) / 1_000);
        for (let call = 0; call < calls; call += 1) parts?.meter.record(5);
      },
    });
    // 60 and 60 calls a minute.
    parts = bench({ tasks: [task('often', 10, 10), task('seldom', 60, 60)], budget: 40 });
    await parts.clock.advance(1_200_000);
    const gap = (name: string) => (times[name]?.at(-1) ?? 0) - (times[name]?.at(-2) ?? 0);
    assert.deepEqual([gap('often'), gap('seldom')], [30, 180]);
  });
});

suite('a system that is asked whether it answers now', () => {
  const never = new AbortController().signal;

  test('is read anew, and not while it is read already', async () => {
    let [begun, running, most] = [0, 0, 0];
    let fails = false;
    const task: PollTask = {
      ...{ name: 'it', tier: 'slow', vital: true },
      run: async () => {
        begun += 1;
        running += 1;
        most = Math.max(most, running);
        await settled();
        running -= 1;
        if (fails) throw gone();
      },
    };
    const { clock, instance } = bench({ tasks: [task] });
    await clock.advance(0);
    const before = begun;
    assert.deepEqual(await Promise.all([instance.answers(never), instance.answers(never)]), [true, true]);
    assert.equal(begun, before + 2);
    assert.equal(most, 1);
    fails = true;
    assert.equal(await instance.answers(never), false);
    assert.ok(instance.reachable, 'what was asked in between is no poll that failed');
  });

  test('says what keeps it away, and is read at once where it answers after all', async () => {
    let error: LabError | undefined = new LabError('credentials_refused', 'proxmox/home: refused');
    const task: PollTask = {
      ...{ name: 'it', tier: 'slow', vital: true },
      run: async () => {
        if (error) throw error;
      },
    };
    const { clock, instance } = bench({ tasks: [task] });
    await clock.advance(1_000);
    assert.deepEqual([instance.state, instance.trouble], ['lost', error]);
    assert.deepEqual(await instance.ask(never), { error });
    await clock.advance(1_000);
    assert.equal(instance.state, 'lost', 'a failure changes nothing');
    error = undefined;
    assert.deepEqual(await instance.ask(never), { error });
    await clock.advance(0);
    assert.deepEqual([instance.state, instance.trouble], ['reachable', undefined]);
  });

  test('counts as silent after 20 seconds, or when nobody waits any more', async () => {
    const told: AbortSignal[] = [];
    const ask = (signal: AbortSignal): Promise<void> => {
      told.push(signal);
      return new Promise(() => {});
    };
    const { clock, instance } = bench({ watches: [new Streams()], ask });
    const late = instance.answers(never);
    await clock.advance(20_000);
    assert.equal(await late, false);
    assert.ok(told[0]?.aborted, 'it is let go of');
    const leaving = new AbortController();
    const left = instance.answers(leaving.signal);
    leaving.abort();
    assert.equal(await left, false);
  });

  test('has its own question where it polls nothing vital, else is not asked', async () => {
    assert.equal(
      await bench({ watches: [new Streams()], ask: async () => {} }).instance.answers(never),
      true,
    );
    assert.equal(await bench({ watches: [new Streams()] }).instance.answers(never), undefined);
  });
});
