import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PollTask, Session, Watch } from '../addon/src/contract/source.ts';
import { LabError } from '../addon/src/core/errors.ts';
import { Instance } from '../addon/src/engine/instance.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { FakeClock, settled } from './helpers/fake-clock.ts';
import { aContainer, aHost, recordingLog } from './helpers/samples.ts';

const gone = (): LabError => new LabError('unreachable', 'docker/nas: the event stream broke');
const refused = (): LabError =>
  new LabError('credentials_refused', 'docker/nas: refused', { hint: 'check them' });

interface Run {
  /** The stream stands, and all was read. */
  ready(resources?: readonly LabResource[]): void;
  /** The stream is lost, with an error or without. */
  lose(error?: Error): Promise<void>;
}

/** A watch whose streams the test opens and cuts. */
class Streams implements Watch {
  readonly name: string;
  readonly runs: Run[] = [];

  constructor(name = 'events') {
    this.name = name;
  }

  run(signal: AbortSignal, ready: (resources: readonly LabResource[]) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => reject(signal.reason));
    const lose = (error?: Error): Promise<void> => {
      if (error === undefined) resolve();
      else reject(error);
      return settled();
    };
    this.runs.push({ ready: (resources = []) => ready(resources), lose });
    return promise;
  }

  /** The stream of now. */
  get last(): Run {
    const run = this.runs.at(-1);
    assert.ok(run, 'a stream was opened');
    return run;
  }
}

function bench({ watches, tasks = [] }: { watches: Watch[]; tasks?: PollTask[] }) {
  const clock = new FakeClock();
  const log = recordingLog();
  /** What was said of the system, in order. */
  const heard: string[] = [];
  const found: (readonly LabResource[])[] = [];
  let closed = 0;
  const session: Session = {
    watches,
    tasks,
    capabilities: {},
    refresh: () => {},
    close: async () => {
      closed += 1;
    },
  };
  const instance = new Instance({
    session,
    intervals: { fast: 30, slow: 60, rare: 600 },
    clock,
    // No jitter on intervals, three quarters of each backoff.
    random: () => 0.5,
    log,
    onWatching: (resources, reachable) => {
      found.push(resources);
      heard.push(reachable ? 'reachable' : 'not all of it');
    },
    onLost: () => heard.push('lost'),
  });
  instance.start();
  return { clock, log, heard, found, instance, closed: () => closed };
}

suite('a watched system', () => {
  test('counts as reachable once it was heard, with all that it has', () => {
    const events = new Streams();
    const { heard, found, log } = bench({ watches: [events] });
    assert.deepEqual(heard, []);
    const resources = [aHost(), aContainer()];
    events.last.ready(resources);
    assert.deepEqual(heard, ['reachable']);
    assert.deepEqual(found, [resources]);
    assert.equal(log.lines.length, 1);
    assert.match(log.lines[0] ?? '', /^info connected, 2 /);
  });

  test('whose stream is lost once is asked again at once, and nobody notices', async () => {
    const events = new Streams();
    const { heard, log, clock } = bench({ watches: [events] });
    events.last.ready();
    await events.last.lose(gone());
    assert.equal(events.runs.length, 2, 'without a wait');
    events.last.ready();
    await clock.advance(3_600_000);
    await events.last.lose();
    assert.equal(events.runs.length, 3, 'a stream that ends counts as lost, and the next loss as the first');
    assert.deepEqual(heard, ['reachable', 'reachable']);
    assert.equal(log.lines.length, 1);
  });

  test('that fails twice in a row is gone until it is back', async () => {
    const events = new Streams();
    const { clock, heard, log } = bench({ watches: [events] });
    events.last.ready();
    await events.last.lose(gone());
    await events.last.lose(gone());
    assert.deepEqual(heard.splice(0), ['reachable', 'lost']);
    assert.deepEqual(log.lines.splice(0).slice(1), ['warn docker/nas: the event stream broke']);
    assert.equal(events.runs.length, 2);
    await clock.advance(749);
    assert.equal(events.runs.length, 2);
    await clock.advance(1);
    await settled();
    assert.equal(events.runs.length, 3);
    events.last.ready();
    assert.deepEqual(heard, ['reachable']);
    assert.deepEqual(log.lines, ['info reachable again']);
    await events.last.lose(gone());
    assert.deepEqual(heard, ['reachable'], 'one loss after that is none again');
  });

  test('that was never there is said to be lost, once, and is asked less and less often', async () => {
    const events = new Streams();
    const { clock, heard, log } = bench({ watches: [events] });
    const waits: number[] = [];
    for (let tries = 1; tries <= 10; tries += 1) {
      const before = clock.elapsed();
      await events.last.lose(gone());
      while (events.runs.length === tries && clock.elapsed() - before < 100_000) {
        await clock.advance(50);
        await settled();
      }
      waits.push(clock.elapsed() - before);
    }
    assert.deepEqual(waits, [0, 750, 1_500, 3_000, 6_000, 12_000, 24_000, 45_000, 45_000, 45_000]);
    assert.deepEqual(heard, ['lost']);
    assert.equal(log.lines.length, 1);
  });

  test('that refuses our credentials is gone at once and left alone for long', async () => {
    const events = new Streams();
    const { clock, heard, log } = bench({ watches: [events] });
    events.last.ready();
    await events.last.lose(refused());
    assert.deepEqual(heard, ['reachable', 'lost']);
    assert.deepEqual(log.lines.slice(1), ['warn docker/nas: refused; check them']);
    // Said again by the stream that may have been opened at once.
    if (events.runs.length === 2) await events.last.lose(refused());
    const { length } = events.runs;
    await clock.advance(44_000);
    assert.equal(events.runs.length, length);
    await clock.advance(1_000);
    await settled();
    assert.equal(events.runs.length, length + 1);
    await events.last.lose(refused());
    await clock.advance(89_000);
    assert.equal(events.runs.length, length + 1);
  });

  test('is reachable only with all of its streams', async () => {
    const [events, tasks] = [new Streams('events'), new Streams('tasks')];
    const { clock, heard } = bench({ watches: [events, tasks] });
    events.last.ready();
    tasks.last.ready();
    assert.deepEqual(heard.splice(0), ['not all of it', 'reachable']);
    for (const stream of [events, tasks]) {
      await stream.last.lose(gone());
      await stream.last.lose(gone());
    }
    assert.deepEqual(heard.splice(0), ['lost']);
    await clock.advance(1_000);
    await settled();
    tasks.last.ready();
    events.last.ready();
    assert.deepEqual(heard, ['not all of it', 'reachable']);
  });
});

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
