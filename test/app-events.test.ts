import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { patient } from '../addon/src/app/events.ts';
import { FakeClock } from './helpers/fake-clock.ts';

/** A desk before devices of which some are published. */
function desk() {
  const clock = new FakeClock();
  const published = new Set<string>();
  const told: string[] = [];
  const { tell, close } = patient((id, _, { event_type }) => {
    if (!published.has(id)) return false;
    told.push(`${id} ${event_type}`);
    return true;
  }, clock);
  return {
    clock,
    published,
    told,
    close,
    tell: (id: string, type: string) => tell(id, 'x', { event_type: type }),
  };
}

suite('an event', () => {
  test('is told at once where its device is published', () => {
    const { published, told, tell, clock } = desk();
    published.add('a');
    tell('a', 'one');
    assert.deepEqual([told, clock.waiting], [['a one'], 0]);
  });

  test('waits for its device, in its order, and keeps no other waiting', async () => {
    const { published, told, tell, clock } = desk();
    tell('a', 'one');
    tell('b', 'one');
    published.add('b');
    await clock.advance(2_000);
    assert.deepEqual(told, ['b one']);
    published.add('a');
    tell('a', 'two');
    tell('b', 'two');
    await clock.advance(2_000);
    assert.deepEqual(told, ['b one', 'b two', 'a one', 'a two']);
    assert.equal(clock.waiting, 0);
  });

  test('does not wait for ever, nor in any number', async () => {
    const { published, told, tell, clock } = desk();
    for (let count = 0; count < 1_000; count += 1) tell('a', `${count}`);
    for (let count = 0; count < 2_000; count += 1) tell(`c${count}`, 'one');
    await clock.advance(5_000);
    published.add('a');
    await clock.advance(2_000);
    assert.equal(told.length, 20);
    for (let count = 0; count < 2_000; count += 1) published.add(`c${count}`);
    await clock.advance(2_000);
    assert.equal(told.length, 1_000);
    tell('b', 'one');
    await clock.advance(61_000);
    published.add('b');
    await clock.advance(5_000);
    assert.equal(told.length, 1_000);
    assert.equal(clock.waiting, 0);
  });

  test('waits no longer than the app runs', () => {
    const { tell, clock, close } = desk();
    tell('a', 'one');
    close();
    tell('b', 'one');
    assert.equal(clock.waiting, 0);
  });
});
