import assert from 'node:assert/strict';
import { test } from 'node:test';
import { naturalOrder } from '../addon/src/core/natural-order.ts';

test('names are in the order that people expect, by the numbers in them, regardless of case', () => {
  const ordered = [
    '',
    '8',
    'disk',
    'disk 2',
    'Disk 9',
    'disk 10',
    'disk 10b',
    'eth0',
    'eth007',
    'eth11',
    'Übung',
  ];
  for (const shuffled of [ordered.toReversed(), [...ordered.slice(5), ...ordered.slice(0, 5)]])
    assert.deepEqual(shuffled.toSorted(naturalOrder), ordered);
  assert.equal(naturalOrder('web', 'web'), 0);
  for (const [one, other] of [
    ['web', 'Web'],
    ['a1', 'a01'],
  ] as const)
    assert.equal(naturalOrder(one, other), -naturalOrder(other, one), `${one} and ${other}`);
  assert.notEqual(naturalOrder('web', 'Web'), 0);
});
