import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createLog, type Log, type LogLevel } from '../addon/src/core/log.ts';
import { Secrets } from '../addon/src/core/secrets.ts';

function logOf(level: LogLevel = 'info', ...secrets: string[]): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const known = new Secrets();
  for (const secret of secrets) known.add(secret);
  return { lines, log: createLog(level, (line) => lines.push(line), known) };
}

suite('log', () => {
  test('a line has the time, the level, the part and the fields', () => {
    const { log, lines } = logOf();
    log.child('docker').child('nas').warn('cannot reach it', { code: 'unreachable', tries: 3 });
    assert.equal(lines.length, 1);
    assert.match(
      lines[0] ?? '',
      /^\d\d:\d\d:\d\d WARN {2}docker\/nas: cannot reach it code=unreachable tries=3\n$/,
    );
  });

  test('a line without a part is the message alone', () => {
    const { log, lines } = logOf();
    log.error('broken');
    assert.match(lines[0] ?? '', /^\S+ ERROR broken\n$/);
  });

  test('less important lines than the level are left out, also by its children', () => {
    const { log, lines } = logOf('warn');
    const child = log.child('a');
    for (const each of [log, child]) {
      each.debug('d');
      each.info('i');
      each.warn('w');
      each.error('e');
    }
    assert.deepEqual(
      lines.map((line) => line.slice(9).trimEnd()),
      ['WARN  w', 'ERROR e', 'WARN  a: w', 'ERROR a: e'],
    );
  });

  test('secrets are in none of message, part, fields and errors', () => {
    const { log, lines } = logOf('info', 'hunter22');
    log.child('at hunter22').info('with hunter22', { password: 'hunter22', deep: { url: 'x://hunter22@y' } });
    log.warn('failed', { err: new Error('no hunter22') });
    assert.doesNotMatch(lines.join(''), /hunter22/);
    assert.match(lines[0] ?? '', /at \*\*\*: with \*\*\* password=\*\*\* deep=\{"url":"x:\/\/\*\*\*@y"\}/);
    assert.match(lines[1] ?? '', /no \*\*\*/);
  });

  test('control characters forge no line and drive no terminal', () => {
    const { log, lines } = logOf();
    const hostile = 'plex\n00:00:00 ERROR gone\u001b[2J\r\u0007\u009b31m';
    log.child(hostile).info(hostile, { name: hostile, deep: [hostile] });
    assert.equal(lines.length, 1);
    assert.doesNotMatch(lines[0]?.slice(0, -1) ?? '', /\p{Cc}/u);
    assert.match(lines[0] ?? '', /plex 00:00:00 ERROR gone/);
  });

  test('an error as a field shows where it was thrown', () => {
    const { log, lines } = logOf();
    log.warn('failed', { err: new Error('broken') });
    assert.match(lines[0] ?? '', /err=Error: broken\s+at .*log\.test\.ts/);
  });
});
