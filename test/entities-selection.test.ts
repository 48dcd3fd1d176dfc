import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { selectionOf } from '../addon/src/entities/selection.ts';
import { aContainer, aHost, aStack } from './helpers/samples.ts';

const LAB = [aHost(), aStack(), aContainer()];

/** The names of what is published of a lab of “NAS”, “media” and “plex”. */
function published(include: readonly string[], exclude: readonly string[] = []): readonly string[] {
  return LAB.filter(selectionOf({ include, exclude })).map(({ name }) => name);
}

suite('selection', () => {
  test('is everything when nothing is said', () => {
    assert.deepEqual(published([]), ['NAS', 'media', 'plex']);
  });

  test('goes by the whole of an id or a name, in any case', () => {
    assert.deepEqual(published(['docker/nas/stack/*']), ['media']);
    assert.deepEqual(published(['nas', 'PL?X', 'ple']), ['NAS']);
    assert.deepEqual(published(['*LEX', 'm*a']), ['media', 'plex']);
  });

  test('leaves out what is excluded, even if it is included', () => {
    assert.deepEqual(published([], ['plex', 'docker/*/host/*']), ['media']);
    assert.deepEqual(published(['*'], ['docker/nas/container/*']), ['NAS', 'media']);
  });

  test('takes every other character as it is, and ends on hostile names', () => {
    const odd = aContainer({ name: 'a+b (c)\nd' });
    assert.equal(selectionOf({ include: ['a+b (c)*d'], exclude: [] })(odd), true);
    assert.equal(selectionOf({ include: ['a.b*'], exclude: [] })(odd), false);
    const long = aContainer({ name: 'a'.repeat(5_000) });
    assert.equal(selectionOf({ include: [`${'*'.repeat(50)}b`], exclude: [] })(long), false);
  });
});
