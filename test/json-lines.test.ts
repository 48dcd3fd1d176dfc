import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { linesOf } from '../addon/src/sources/docker/json-lines.ts';

async function* stream(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

async function linesIn(...chunks: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(stream(...chunks))) lines.push(line);
  return lines;
}

suite('lines of a stream', () => {
  test('are whole, however the chunks were cut', async () => {
    const bytes = Buffer.from('{"a":"ä€😀"}\n{"b":2}\n');
    const expected = ['{"a":"ä€😀"}', '{"b":2}'];
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      assert.deepEqual(await linesIn(bytes.subarray(0, cut), bytes.subarray(cut)), expected, `cut at ${cut}`);
    }
    assert.deepEqual(
      await linesIn(...[...bytes].map((byte) => Uint8Array.of(byte))),
      expected,
      'byte by byte',
    );
  });

  test('come as soon as they are complete', async () => {
    let told = (): void => {};
    const rest = new Promise<void>((resolve) => {
      told = resolve;
    });
    const lines = linesOf(
      (async function* () {
        yield Buffer.from('{"a":1}\n{"b"');
        await rest;
        yield Buffer.from(':2}\n');
      })(),
    );
    assert.deepEqual(await lines.next(), { done: false, value: '{"a":1}' });
    told();
    assert.deepEqual(await lines.next(), { done: false, value: '{"b":2}' });
    assert.equal((await lines.next()).done, true);
  });

  test('are given without empty ones, and the last even without an end', async () => {
    assert.deepEqual(await linesIn('\n\n{"a":1}\r\n \n', '', '\n{"b":2}'), ['{"a":1}\r', '{"b":2}']);
    assert.deepEqual(await linesIn(), []);
  });

  test('a stream that breaks breaks them, after what came before', async () => {
    const lines = linesOf(
      (async function* () {
        yield Buffer.from('{"a":1}\n');
        throw new Error('cut');
      })(),
    );
    assert.equal((await lines.next()).value, '{"a":1}');
    await assert.rejects(lines.next(), /cut/);
  });
});
