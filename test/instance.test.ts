import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LabError } from '../addon/src/core/errors.ts';
import { settled } from './helpers/fake-clock.ts';
import { bench, gone, Streams } from './helpers/instance.ts';
import { aContainer, aHost } from './helpers/samples.ts';

const refused = (): LabError =>
  new LabError('credentials_refused', 'docker/nas: refused', { hint: 'check them' });

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
    await clock.advance(60_000);
    await events.last.lose(gone());
    assert.deepEqual(heard, ['reachable'], 'one loss after that is none again');
  });

  test('whose streams break as soon as they stand is lost too, and not stormed', async () => {
    const events = new Streams();
    const { clock, heard } = bench({ watches: [events] });
    for (let tries = 1; tries <= 8; tries += 1) {
      events.last.ready();
      await events.last.lose(gone());
      if (events.runs.length === tries) await clock.advance(46_000);
      await settled();
    }
    assert.ok(clock.elapsed() > 60_000, 'it was given time');
    assert.ok(heard.includes('lost'));
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
