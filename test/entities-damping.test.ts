import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { damp, type Told } from '../addon/src/entities/damping.ts';
import type { Damping } from '../addon/src/kinds/rows.ts';

/** What is told of values that come one second after the other. */
function told(damping: Damping | undefined, ...values: readonly unknown[]): readonly unknown[] {
  let last: Told | undefined;
  return values.map((value, second) => {
    last = damp(damping, last, value, second * 1_000);
    return last.value;
  });
}

suite('damping', () => {
  test('holds back what changes less than the least', () => {
    assert.deepEqual(told({ least: 1 }, 3.1, 3.2, 4, 4.1, 3.2, 3.1), [3.1, 3.1, 3.1, 4.1, 4.1, 3.1]);
  });

  test('adds small changes up', () => {
    assert.deepEqual(told({ least: 1 }, 10, 10.4, 10.8, 11.2), [10, 10, 10, 11.2]);
  });

  test('holds back what changes by less than its share, of what was told', () => {
    assert.deepEqual(told({ share: 0.1 }, 100, 109, 110, 120, 121), [100, 100, 110, 110, 121]);
    assert.deepEqual(told({ share: 0.1 }, -100, -109, -110), [-100, -100, -110]);
  });

  test('counts the larger of the two', () => {
    const both: Damping = { least: 1, share: 0.1 };
    assert.deepEqual(told(both, 2, 2.5, 3), [2, 2, 3], 'the least');
    assert.deepEqual(told(both, 50, 54, 55), [50, 50, 55], 'the share');
  });

  test('holds back what comes too soon', () => {
    assert.deepEqual(told({ seconds: 3 }, 1, 2, 3, 4, 5), [1, 1, 1, 4, 4]);
  });

  test('always tells a change to and from unknown or nothing', () => {
    const strict: Damping = { least: 10, seconds: 60 };
    assert.deepEqual(told(strict, 1, 0, 2, null, 3, null, 0), [1, 0, 2, null, 3, null, 0]);
  });

  test('leaves alone what is no number, and rows without it', () => {
    assert.deepEqual(told({ least: 1, seconds: 9 }, 'a', 'b', 'ON'), ['a', 'b', 'ON']);
    assert.deepEqual(told(undefined, 1, 1.01, 1.02), [1, 1.01, 1.02]);
  });

  test('does not start the time anew with what was not told', () => {
    const first = damp({ seconds: 3 }, undefined, 1, 0);
    assert.equal(damp({ seconds: 3 }, first, 2, 2_999), first);
    assert.deepEqual(damp({ seconds: 3 }, first, 2, 3_000), { value: 2, at: 3_000 });
  });
});
