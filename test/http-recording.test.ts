import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Exchange } from '../addon/src/core/exchange.ts';
import { silentLog } from '../addon/src/core/log.ts';
import { Recordings } from '../addon/src/record/recordings.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { withServer } from './helpers/http.ts';

const exchange: Exchange = {
  origin: 'http://gartenlaube.lan:2375',
  method: 'GET',
  path: '/info',
  answer: { status: 200, statusText: 'OK', headers: {}, body: '{"Name":"gartenlaube","NCPU":4}' },
};

/** Recordings into a folder of its own, of one system that answers once. */
async function withRecordings(
  test: (parts: { recordings: Recordings; clock: FakeClock; folder: string }) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-recordings-'));
  const clock = new FakeClock();
  const systems = [{ source: 'docker', id: 'nas', options: { url: exchange.origin } }];
  const listen = (tell: (owner: string, exchange: Exchange) => void) => {
    tell('docker/nas', exchange);
    return { close: async () => {} };
  };
  const recordings = new Recordings({ version: '0', systems, listen, clock, folder }, silentLog);
  try {
    await test({ recordings, clock, folder });
  } finally {
    await recordings.close();
    rmSync(folder, { recursive: true });
  }
}

suite('a recording for a bug report', () => {
  test('is made and fetched over HTTP', async () => {
    await withRecordings(async ({ recordings, clock }) => {
      await withServer({ recordings, openOnLoopback: true }, async ({ ask, port }) => {
        assert.deepEqual((await ask('/api/recording')).json.recording, {
          until: null,
          error: null,
          file: null,
        });
        assert.deepEqual((await ask('/api/recording/file')).json.code, 'target_missing');

        const headers = { origin: `http://127.0.0.1:${port}` };
        const post = { method: 'POST', body: { seconds: 120 }, headers };
        const started = await ask('/api/recording', post);
        assert.equal(started.status, 202);
        assert.equal(started.json.recording.until, new Date(clock.now() + 120_000).toISOString());
        const again = await ask('/api/recording', post);
        assert.deepEqual([again.status, again.json.code], [409, 'target_busy']);

        await clock.advance(120_000);
        const { file } = await until(
          async () => (await ask('/api/recording')).json.recording,
          ({ file }) => file,
        );
        const answer = await fetch(`http://127.0.0.1:${port}/api/recording/file`);
        assert.match(answer.headers.get('content-disposition') ?? '', new RegExp(`filename="${file.name}"`));
        const bytes = Buffer.from(await answer.arrayBuffer());
        assert.equal(bytes.length, file.bytes);
        const [head, line] = gunzipSync(bytes)
          .toString('utf8')
          .trimEnd()
          .split('\n')
          .map((each) => JSON.parse(each));
        assert.equal(head.seconds, 120);
        assert.deepEqual([line.path, line.status, line.body.NCPU], ['/info', 200, 4]);
        assert.equal(new URL(line.origin).hostname.split('.')[0], line.body.Name, 'one name, one pseudonym');
        assert.doesNotMatch(JSON.stringify([head, line]), /gartenlaube/i);
      });
    });
  });

  test('is for administrators, and for tokens that may do more than look', async () => {
    await withRecordings(async ({ recordings }) => {
      const isAdministrator = async (id: string): Promise<boolean> => id === 'u1';
      const ingress = '127.0.0.2';
      await withServer({ recordings, ingress, isAdministrator }, async ({ ask, token, tokenFor }) => {
        const via = (id: string) => ({ from: ingress, headers: { 'x-remote-user-id': id } });
        assert.equal((await ask('/api/recording', via('u1'))).status, 200);
        const looker = tokenFor('looker', 'http', 'observe');
        for (const asked of ['/api/recording', '/api/recording/file']) {
          assert.equal((await ask(asked, via('u2'))).json.code, 'administrator_required');
          assert.equal((await ask(asked, { token: looker })).json.code, 'ceiling_exceeded');
        }
        const post = { method: 'POST', body: {} };
        assert.equal(
          (await ask('/api/recording', { ...post, ...via('u2') })).json.code,
          'administrator_required',
        );
        assert.equal((await ask('/api/recording', { ...post, token: looker })).json.code, 'ceiling_exceeded');
        assert.equal(recordings.state.until, undefined, 'nothing was begun');
        assert.equal((await ask('/api/recording', { ...post, token: token('http') })).status, 202);
      });
    });
  });

  test('takes the place of the one before, and leaves other files alone', async () => {
    await withRecordings(async ({ recordings, clock, folder }) => {
      writeFileSync(path.join(folder, 'labkeeper.db'), '');
      for (const _ of [1, 2]) {
        recordings.start(60);
        await clock.advance(60_000);
        await until(
          async () => recordings.state.until,
          (left) => left === undefined,
        );
      }
      assert.deepEqual(readdirSync(folder), [recordings.state.file?.name, 'labkeeper.db']);
    });
  });

  test('that is cut off by the end of Labkeeper is not kept', async () => {
    await withRecordings(async ({ recordings, folder }) => {
      recordings.start(60);
      await recordings.close();
      assert.deepEqual([recordings.state.until, recordings.state.error], [undefined, 'Labkeeper ends']);
      assert.deepEqual(readdirSync(folder), []);
    });
  });

  test('says what went wrong', async () => {
    await withRecordings(async ({ recordings, clock, folder }) => {
      rmSync(folder, { recursive: true });
      writeFileSync(folder, 'no folder');
      recordings.start(60);
      await clock.advance(60_000);
      await until(
        async () => recordings.state.error,
        (error) => error,
      );
      assert.match(recordings.state.error ?? '', /EEXIST|ENOTDIR/);
    });
  });
});

/** Asks until the answer suits: compressing and writing take real time. */
async function until<T>(ask: () => Promise<T>, suits: (answer: T) => unknown): Promise<T> {
  for (let step = 0; step < 200; step += 1) {
    const answer = await ask();
    if (suits(answer)) return answer;
    await sleep(10);
  }
  throw new Error('it did not come');
}
