import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { differences, topicsOf } from './chaos/oracle.ts';
import type { Pair } from './chaos/pair.ts';
import { halfOf, mistyped, shifted } from './chaos/spoil.ts';

suite('what npm run chaos compares', () => {
  const side = (messages: Readonly<Record<string, unknown>>) => ({
    broker: {
      messages: new Map(Object.entries(messages).map(([topic, value]) => [topic, JSON.stringify(value)])),
    },
  });
  const pair = (tried: Readonly<Record<string, unknown>>, reference: Readonly<Record<string, unknown>>) =>
    ({
      ...{ tried: side(tried), reference: side(reference) },
      lab: { straightened: (text: string) => text.replaceAll(':1111', ':2222') },
    }) as unknown as Pair;

  test('is the same where it is: addresses of ways, times that are near, fast numbers aside', () => {
    const ours = {
      'labkeeper/docker_lab_host_engine/state': {
        url: 'http://a:1111',
        started: '2026-11-05T10:00:00+00:00',
      },
      'labkeeper/docker_lab_host_engine/metrics': { cpu: 3 },
    };
    const theirs = {
      'labkeeper/docker_lab_host_engine/state': {
        url: 'http://a:2222',
        started: '2026-11-05T10:00:01+00:00',
      },
      'labkeeper/docker_lab_host_engine/metrics': { cpu: 4 },
    };
    assert.deepEqual(differences(pair(ours, theirs)), []);
  });

  test('is told apart: a ghost, what is missing, another value', () => {
    const ours = { 'labkeeper/a/state': { on: 'ON' }, 'labkeeper/b/availability': 'online' };
    const theirs = { 'labkeeper/a/state': { on: 'OFF' }, 'labkeeper/c/availability': 'online' };
    assert.deepEqual(differences(pair(ours, theirs)), [
      'labkeeper/a/state: on "ON" instead of "OFF"',
      'a ghost: labkeeper/b/availability',
      'missing: labkeeper/c/availability',
    ]);
    assert.deepEqual(differences(pair(ours, theirs), topicsOf('docker/lab')), []);
  });
});

suite('what npm run chaos makes of an answer', () => {
  const NOW = Date.parse('2026-11-05T10:00:00Z');
  const answer = JSON.stringify({ id: 'a', up: 7, on: true, at: NOW / 1_000, when: '2026-11-05T10:00:00Z' });

  test('half of it', () => assert.equal(halfOf('{"data":1}'), '{"dat'));

  test('the same keys with values of other types', () => {
    assert.deepEqual(JSON.parse(mistyped(answer)), { id: 42, up: 'many', on: [true], at: 'many', when: 42 });
    assert.equal(mistyped('<html>'), '<html>');
    assert.equal(mistyped('event: message\ndata: {"id":1}\n\n'), 'event: message\ndata: {"id":"many"}\n\n');
  });

  test('its times moved, and nothing else', () => {
    const moved = JSON.parse(shifted(answer, 3_600_000, NOW));
    assert.deepEqual(moved, {
      ...{ id: 'a', up: 7, on: true, at: NOW / 1_000 + 3_600, when: '2026-11-05T11:00:00.000Z' },
    });
  });
});
