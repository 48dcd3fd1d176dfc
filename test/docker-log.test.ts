import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { logsOf } from '../addon/src/app/logs.ts';
import type { Capabilities } from '../addon/src/contract/capabilities.ts';
import { systemClock } from '../addon/src/core/clock.ts';
import { Meter } from '../addon/src/core/meter.ts';
import { Secrets } from '../addon/src/core/secrets.ts';
import { DockerClient } from '../addon/src/sources/docker/client.ts';
import { tailOf } from '../addon/src/sources/docker/log-tail.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { startDockerSimulator } from '../simulators/docker/server.ts';
import { plex } from './helpers/executor.ts';
import { withServer } from './helpers/http.ts';

async function* chunksOf(...chunks: readonly (string | Buffer)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

function frame(text: string | Buffer, stream = 1): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

suite('the end of a log', () => {
  const raw = async (text: string | Buffer, lines = 200) => tailOf(chunksOf(text), true, lines);

  test('comes out of frames of both streams, wherever the chunks were cut', async () => {
    const bytes = Buffer.concat([
      frame('one\n'),
      frame('oh no ü\n', 2),
      frame(''),
      frame('th'),
      frame('ree\n'),
    ]);
    for (let size = 1; size <= bytes.length; size += 1) {
      const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      const { text, isCut } = await tailOf(chunksOf(...parts), false, 200);
      assert.equal(text, 'one\noh no ü\nthree', `${size}`);
      assert.equal(isCut, false);
    }
  });

  test('of a terminal is as it was written, without what only a terminal understands', async () => {
    const written =
      '\u001b[1;31mred\u001b[0m\r\n\u001b]0;title\u0007plain\r\n10 %\r100 %\r\n\u202Eevil\u0000\tend\u200B';
    assert.equal((await raw(written)).text, 'red\nplain\n100 %\nevil\tend');
  });

  test('is no more lines than were asked for, and none where there are none', async () => {
    assert.deepEqual(await raw('1\n2\n3\n', 2), { text: '2\n3', isCut: false });
    assert.deepEqual(await raw(''), { text: '', isCut: false });
    assert.deepEqual(await tailOf(chunksOf(), false, 5), { text: '', isCut: false });
  });

  test('is no more than 64 KiB, whole lines where they fit', async () => {
    const many = await raw(`${'x'.repeat(1_000)}\n`.repeat(200));
    assert.equal(many.isCut, true);
    assert.ok(many.text.length <= 65_536 && many.text.length > 60_000);
    assert.ok(many.text.split('\n').every((line) => line.length === 1_000));
    const one = await raw(`start${'ü'.repeat(200_000)}end`);
    assert.equal(one.isCut, true);
    assert.ok(
      Buffer.byteLength(one.text) <= 65_536 && one.text.endsWith('üend') && !one.text.includes('\uFFFD'),
    );
  });

  test('ends with a log that does not end', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let at = 0; ; at += 1) yield frame(`line ${at} ${'y'.repeat(60_000)}\n`);
    }
    const { text, isCut } = await tailOf(endless(), false, 200);
    assert.ok(isCut && Buffer.byteLength(text) <= 65_536 && text.includes('yyy'));
  });

  test('survives bytes that are no text, and frames that lie', async () => {
    assert.match((await raw(Buffer.from([0xff, 0xfe, 0x41, 0x0a]))).text, /A/);
    const lie = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x41]);
    assert.equal((await tailOf(chunksOf(lie), false, 200)).text, 'A');
  });
});

suite('the log of a container', () => {
  test('is read from the engine, with a terminal and without', async () => {
    const engine = new DockerEngine();
    for (const tty of [true, false]) {
      const name = tty ? 'with' : 'without';
      engine.create({ name, image: 'x:1', tty });
      engine.start(name);
      for (let at = 1; at <= 5; at += 1)
        engine.write(name, `line ${at}\n`, at % 2 === 0 ? 'stderr' : 'stdout');
    }
    const server = await startDockerSimulator({ engine });
    const client = new DockerClient({ url: server.url }, 'docker/nas', systemClock, new Meter(systemClock));
    const signal = AbortSignal.timeout(5_000);
    for (const name of ['with', 'without']) {
      const { text, isCut } = await client.log(engine.find(name).id, 3, signal);
      const lines = text.split('\n');
      assert.deepEqual(
        lines.map((line) => line.replace(/^\S+ /, '')),
        ['line 3', 'line 4', 'line 5'],
        name,
      );
      assert.ok(lines.every((line) => /^20\d\d-\S+Z /.test(line)));
      assert.equal(isCut, false);
    }
    await assert.rejects(client.log('f'.repeat(64), 3, signal), { code: 'target_unknown' });
    await server.close();
  });

  test('is shown over HTTP to whoever may look, without known secrets', async () => {
    const secrets = new Secrets();
    secrets.add('hunter2');
    const asked: unknown[] = [];
    const logs: Capabilities['logs'] = {
      tail: async (id, lines) => {
        asked.push([id, lines]);
        return { text: 'login with hunter2\n<script>', isCut: true };
      },
    };
    const finder = {
      for: (id: string, name: string) => (name === 'logs' && id === plex.id ? logs : undefined),
    };
    const logOf = logsOf(finder as never, (text) => secrets.redact(text));
    await withServer({ logOf }, async ({ ask, get, tokenFor }) => {
      const token = tokenFor('viewer', 'http', 'observe');
      const path = `/api/log?id=${encodeURIComponent(plex.id)}`;
      const { status, text, headers } = await ask(`${path}&lines=20`, { token });
      assert.deepEqual([status, text, headers['x-log-cut']], [200, 'login with ***\n<script>', '1']);
      assert.match(headers['content-type'] ?? '', /^text\/plain/);
      assert.equal((await get(path)).status, 200);
      assert.deepEqual(asked, [
        [plex.id, 20],
        [plex.id, 200],
      ]);
      assert.equal((await ask(path)).status, 401);
      assert.equal((await get('/api/log?id=docker/nas/container/none')).json.code, 'target_unknown');
      assert.equal((await get('/api/log?id=docker/nas/host/engine')).json.code, 'target_unsuitable');
      for (const lines of ['0', '201', '1e9', '-1', '']) {
        assert.equal((await get(`${path}&lines=${lines}`)).status, 422, lines);
      }
    });
  });
});
