import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, test } from 'node:test';
import type { CaptureHead, CaptureLine } from '../addon/src/record/capture.ts';
import { readCapture } from '../simulators/replay/capture-file.ts';
import { type ReplaySimulator, startReplay } from '../simulators/replay/server.ts';
import { FakeClock } from './helpers/fake-clock.ts';

const ORIGIN = 'unix:///var/run/docker.sock';
const HEAD: CaptureHead = {
  ...{ labkeeper_capture: 1, version: '0', seconds: 60, cut: false },
  systems: [
    { source: 'docker', id: 'docker1', options: { url: ORIGIN, identity_file: '/x', address: 'xababa' } },
    {
      source: 'pbs',
      id: 'pbs2',
      options: { url: 'https://xebaba:8007/', fingerprint: 'AB:CD', token_secret: 'dropped' },
    },
  ],
};

const line = (at: number, request: string, more: Partial<CaptureLine> = {}): CaptureLine => {
  const [method = '', asked = ''] = request.split(' ');
  return { ...{ system: 0, at, origin: ORIGIN, method, path: asked, status: 200, headers: {} }, ...more };
};

/** Plays these lines, and asks the first system. */
async function playing(
  lines: readonly CaptureLine[],
  test: (parts: {
    clock: FakeClock;
    replay: ReplaySimulator;
    ask: (path: string, method?: string) => Promise<Response>;
  }) => Promise<void>,
): Promise<void> {
  const clock = new FakeClock();
  const replay = await startReplay({ head: HEAD, lines }, { clock });
  const [{ url }] = replay.options.docker as unknown as readonly [{ url: string }];
  try {
    await test({ clock, replay, ask: (asked, method = 'GET') => fetch(`${url}${asked}`, { method }) });
  } finally {
    await replay.close();
  }
}

suite('a capture that is played', () => {
  test('answers as the system did at that time', async () => {
    const lines = [
      line(1_000, 'GET /info', { body: { n: 1 } }),
      line(30_000, 'GET /info', {
        body: { n: 2 },
        status: 203,
        statusText: 'Later',
        headers: { location: '/a' },
      }),
    ];
    await playing(lines, async ({ clock, ask }) => {
      assert.deepEqual(await (await ask('/info')).json(), { n: 1 }, 'the first one, before any was given');
      await clock.advance(29_999);
      assert.deepEqual(await (await ask('/info')).json(), { n: 1 });
      await clock.advance(1);
      const later = await ask('/info');
      assert.deepEqual([later.status, later.statusText, later.headers.get('location')], [203, 'Later', '/a']);
      assert.deepEqual(await later.json(), { n: 2 });
      await clock.advance(1_000_000);
      assert.equal((await ask('/info')).status, 203, 'and the last one for ever');
    });
  });

  test('finds what was asked by its path, however it is written, and by its query if it can', async () => {
    const lines = [
      line(0, 'GET /n/x%3Ay/list?content=a&since=1', { body: ['a'] }),
      line(0, 'GET /n/x%3Ay/list?content=b', { body: ['b'] }),
      line(0, 'POST /n/x', { status: 204 }),
    ];
    await playing(lines, async ({ ask, replay }) => {
      assert.deepEqual(await (await ask('/n/x:y/list?content=b')).json(), ['b']);
      assert.deepEqual(await (await ask('/n/x:y/list?since=1&content=%61')).json(), ['a']);
      assert.deepEqual(await (await ask('/n/x:y/list?since=2')).json(), ['a'], 'times differ');
      assert.equal((await ask('/n/x', 'POST')).status, 204);
      assert.equal((await ask('/n/x')).status, 501, 'another method is another question');
      assert.deepEqual([[...replay.unknown], replay.counts], [['GET /n/x'], { answered: 4, unknown: 1 }]);
    });
  });

  test('hangs up where no answer came, and tells streams as they went on', async () => {
    const { status: _, ...silent } = line(0, 'GET /gone');
    const lines = [
      silent,
      line(0, 'GET /events?filters=x', { piece: true }),
      line(5_000, 'GET /events', { piece: true, body: { Action: 'start' } }),
      line(9_000, 'GET /events', { piece: true, body: { Action: 'die' } }),
    ];
    await playing(lines, async ({ clock, ask }) => {
      await assert.rejects(ask('/gone'));
      await clock.advance(6_000);
      const answer = await ask('/events?filters=x&since=2');
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
      await clock.advance(3_000);
      const { value } = await reader.read();
      assert.equal(Buffer.from(value ?? []).toString(), '{"Action":"die"}\n', 'what came before is over');
      await reader.cancel();
    });
  });

  test('comes with options that lead there', async () => {
    const lines = [line(0, 'GET /info'), line(0, 'GET /', { system: 1, origin: 'https://xebaba:8007' })];
    await playing(lines, async ({ replay }) => {
      const { docker, pbs } = replay.options as Record<string, readonly [Record<string, unknown>]>;
      const url = docker?.[0].url;
      assert.match(String(url), /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.deepEqual(docker, [{ id: 'docker1', url, address: 'xababa', image_updates: false }]);
      const { url: secure, fingerprint, ...rest } = pbs?.[0] ?? {};
      assert.match(String(secure), /^https:\/\/127\.0\.0\.1:\d+\/$/);
      assert.match(String(fingerprint), /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
      assert.deepEqual(rest, { id: 'pbs2', token_secret: 'dropped' });
    });
  });

  test('has to be one', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-replay-'));
    try {
      const file = path.join(folder, 'x.jsonl');
      writeFileSync(file, `${JSON.stringify(HEAD)}\n${JSON.stringify(line(0, 'GET /info'))}\n`);
      assert.equal((await readCapture(file)).lines.length, 1);
      writeFileSync(file, '{"labkeeper_capture":2}\n');
      await assert.rejects(readCapture(file), /is no capture of Labkeeper’s, or of a newer one/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
