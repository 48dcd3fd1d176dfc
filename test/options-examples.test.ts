import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { optionsSchema } from '../addon/src/config/options.ts';
import { allSources } from '../scripts/generate/sources.ts';
import {
  documentedExamples,
  givenPaths,
  optionPaths,
  problems,
  releasedOptions,
  SOURCES,
} from './helpers/options.ts';

const known = optionPaths(optionsSchema(SOURCES));

test('the tests know every source that can be configured', async () => {
  assert.deepEqual(Object.keys(await allSources()), Object.keys(SOURCES));
});

suite('the examples in DOCS.md', () => {
  const examples = documentedExamples();

  test('are valid', () => {
    assert.equal(examples.length, 2);
    for (const example of examples) assert.deepEqual(problems(example), []);
  });

  test('have every option that there is', () => {
    const shown = examples.flatMap(givenPaths);
    assert.ok(known.length > 40);
    assert.deepEqual(
      known.filter((path) => !shown.includes(path)),
      [],
    );
  });
});

suite('what a released version accepted', () => {
  for (const [index, { version, options }] of releasedOptions().entries()) {
    test(`is still valid: ${version}, document ${index}`, () => assert.deepEqual(problems(options), []));
  }

  test('is still there', () => {
    const released = new Set(releasedOptions().flatMap(({ options }) => givenPaths(options)));
    assert.ok(released.size >= 20);
    for (const path of released)
      assert.ok(known.includes(path) || known.some((other) => other.startsWith(`${path}.`)), path);
  });
});
