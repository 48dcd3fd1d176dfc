import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Secrets } from '../addon/src/core/secrets.ts';

function secretsOf(...values: (string | undefined)[]): Secrets {
  const secrets = new Secrets();
  for (const value of values) secrets.add(value);
  return secrets;
}

suite('secrets', () => {
  test('are taken out wherever they stand', () => {
    const secrets = secretsOf('hunter22', 'token-1');
    assert.equal(secrets.redact('hunter22 and token-1, hunter22'), '*** and ***, ***');
  });

  test('are known in a URL and in JSON too', () => {
    const value = 'p@ss/"wörd"';
    const secrets = secretsOf(value);
    assert.equal(secrets.redact(`https://me:${encodeURIComponent(value)}@nas/`), 'https://me:***@nas/');
    assert.equal(secrets.redact(JSON.stringify({ value })), '{"value":"***"}');
  });

  test('are not taken for patterns', () => {
    assert.equal(secretsOf('a.*b').redact('axxb a.*b $&'), 'axxb *** $&');
  });

  test('that are too short or missing blank nothing', () => {
    assert.equal(secretsOf('abc', '', undefined).redact('abcdef'), 'abcdef');
  });
});
