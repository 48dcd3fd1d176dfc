import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { waitAfter } from '../addon/src/core/backoff.ts';

const backoff = { first: 1_000, most: 60_000 };

suite('backoff', () => {
  test('doubles with each failure until the most', () => {
    const waits = [1, 2, 3, 6, 7, 8, 5_000].map((failures) => waitAfter(failures, backoff, 1));
    assert.deepEqual(waits, [1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test('is by half a matter of chance', () => {
    assert.equal(waitAfter(3, backoff, 0), 2_000);
    assert.equal(waitAfter(3, backoff, 0.5), 3_000);
    assert.equal(waitAfter(5_000, backoff, 0), 30_000);
  });
});
