import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback } from '../addon/src/core/loopback.ts';

test('what only this machine reaches', () => {
  for (const host of [
    '127.0.0.1',
    '127.255.0.3',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    'localhost',
    'LOCALHOST',
  ])
    assert.equal(isLoopback(host), true, host);
});

test('what others may reach, too', () => {
  const others = [
    '0.0.0.0',
    '::',
    '128.0.0.1',
    '::ffff:10.0.0.1',
    'fe80::1',
    '',
    'nas',
    'localhost.example.org',
  ];
  for (const host of [...others, '127.1', '127.0.0.1.nip.io']) assert.equal(isLoopback(host), false, host);
});
