import assert from 'node:assert/strict';
import { readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { TokenBook } from '../addon/src/http/tokens.ts';
import { plex } from './helpers/executor.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { type Answer, withServer } from './helpers/http.ts';

const refused = ({ status, json }: Answer, expected: number, code: string): void => {
  assert.deepEqual([status, json.code], [expected, code], JSON.stringify(json));
  assert.ok(json.message);
};

const ROUTES = [
  ...['/', '/metrics', '/openapi.json', '/api/lab', '/api/actions', '/api/jobs', '/api/jobs/x'],
  ...['/api/audit', '/api/events', '/api/build-out', '/api/nothing'],
  ...['/api/recording', '/api/recording/file', '/api/systems', '/api/me', '/api/tokens', '/api/deleted'],
  ...['/api/app/log', '/api/diagnostics', '/api/files', '/api/files/text'],
];

suite('tokens', () => {
  test('are asked for by every route but health', async () => {
    await withServer({}, async ({ ask, act }) => {
      for (const path of ROUTES) {
        const answer = await ask(path);
        refused(answer, 401, 'token_missing');
        assert.match(answer.headers['www-authenticate'] ?? '', /^Basic realm=/, 'a browser asks for it');
        assert.match(answer.json.hint, /Bearer/);
      }
      refused(await act('work', { target: plex.id }, { token: undefined }), 401, 'token_missing');
    });
  });

  test('that are wrong are refused, and after many of them the address has to wait', async () => {
    await withServer({}, async ({ ask, get, log }) => {
      const wrong = 'lk_wrong-wrong-wrong';
      for (const authorization of [
        `Bearer ${wrong}`,
        `Basic ${btoa(`x:${wrong}`)}`,
        wrong,
        'Bearer',
        'Basic ===',
      ]) {
        refused(await ask('/api/lab', { headers: { authorization } }), 401, 'token_invalid');
      }
      assert.doesNotMatch(log.lines.join('\n'), /lk_wrong/, 'a token with a slip is nearly one');
      for (let count = 5; count < 20; count += 1) {
        refused(await ask('/api/lab', { token: wrong }), 401, 'token_invalid');
      }
      const answer = await ask('/api/lab', { token: wrong });
      refused(answer, 429, 'too_many_requests');
      assert.ok(Number(answer.headers['retry-after']) > 0);
      assert.equal((await get('/api/lab')).status, 200, 'a valid one is never kept waiting');
      refused(await ask('/api/lab', { token: wrong, from: '127.0.0.9' }), 401, 'token_invalid');
    });
  });

  test('may come as a password, as browsers send them', async () => {
    await withServer({}, async ({ ask, token }) => {
      const authorization = `Basic ${btoa(`anybody:${token('http')}`)}`;
      assert.equal((await ask('/api/me', { headers: { authorization } })).status, 200);
    });
  });

  test('let through no more than their ceiling and the option do', async () => {
    await withServer({}, async ({ act, tokenFor }) => {
      const token = tokenFor('looker', 'http', 'observe');
      const answer = await act('work', { target: plex.id }, { token });
      refused(answer, 403, 'ceiling_exceeded');
      assert.match(answer.json.message, /looker/);
    });
    await withServer({ risk: 'destroy' }, async ({ act }) => {
      refused(await act('work', { target: plex.id, confirm: 'plex' }), 403, 'ceiling_exceeded');
    });
    await withServer({ risk: 'destroy', allow: 'destroy' }, async ({ act }) => {
      refused(await act('work', { target: plex.id, confirm: true }), 409, 'confirm_missing');
      assert.equal((await act('work', { target: plex.id, confirm: 'plex', wait_s: 1 })).status, 200);
    });
    await withServer({ risk: 'disrupt' }, async ({ act }) => {
      refused(await act('work', { target: plex.id }), 409, 'confirm_missing');
      assert.equal((await act('work', { target: plex.id, confirm: true, wait_s: 1 })).status, 200);
    });
  });

  test('are kept in a file that nobody else may read, and only as a hash in the database', async () => {
    await withServer({}, async ({ folder, token, database, secrets, clock, get }) => {
      const file = join(folder, 'token');
      assert.equal(statSync(file).mode & 0o777, 0o600);
      const lines = readFileSync(file, 'utf8');
      assert.equal(lines, `homeassistant ${token('homeassistant')}\nhttp ${token('http')}\n`);
      assert.match(token('http'), /^lk_[\w-]{43}$/);
      await get('/api/lab');
      const rows = database.prepare('SELECT * FROM tokens ORDER BY name').all();
      assert.doesNotMatch(JSON.stringify(rows), new RegExp(token('http')));
      assert.deepEqual(
        rows.map(({ name, last_used }) => [name, last_used]),
        [
          ['homeassistant', null],
          ['http', new Date(clock.now()).toISOString()],
        ],
      );
      assert.equal(secrets.redact(`a ${token('http')}`), 'a ***');
    });
  });

  test('outlive a restart, a lost database and a deleted file', async () => {
    await withServer({}, async ({ folder, token, database }) => {
      const http = token('http');
      const book = (from = database): TokenBook => {
        const made = new TokenBook({
          database: from,
          dataFolder: folder,
          clock: new FakeClock(),
          hide: () => {},
        });
        made.ensure('http', 'http', 'destroy');
        return made;
      };
      assert.equal(book().find(http)?.name, 'http');
      assert.equal(book(memoryDatabase()).find(http)?.name, 'http');
      unlinkSync(join(folder, 'token'));
      const later = book();
      assert.equal(later.find(http)?.name, 'http');
      assert.equal(later.reveal('http'), undefined);
      writeFileSync(join(folder, 'token'), 'nonsense\n\nhttp short\n');
      assert.equal(book().reveal('http'), undefined);
    });
  });
});

suite('on whose behalf', () => {
  test('only Home Assistant may say', async () => {
    await withServer({ risk: 'disrupt' }, async ({ act, token }) => {
      const asHome = async (headers: Record<string, string>): Promise<Answer> =>
        act('work', { target: plex.id, wait_s: 1 }, { token: token('homeassistant'), headers });
      const user = async (headers: Record<string, string>): Promise<string> =>
        (await asHome(headers)).json.job?.user;
      const administrator = { 'x-labkeeper-administrator': 'true' };
      assert.equal(await user({ 'x-labkeeper-user': 'J%C3%B6rg', ...administrator }), 'Jörg');
      assert.equal(await user({ 'x-labkeeper-user': '100%', ...administrator }), '100%');
      assert.equal(
        await user({ 'x-labkeeper-user': `a%0Ab${'c'.repeat(200)}`, ...administrator }),
        `a b${'c'.repeat(97)}`,
      );
      assert.equal(await user({}), 'automation');
      refused(await asHome({ 'x-labkeeper-user': 'anna' }), 403, 'administrator_required');
      refused(
        await asHome({ 'x-labkeeper-user': '', 'x-labkeeper-administrator': 'false' }),
        403,
        'administrator_required',
      );
      refused(await asHome({ 'x-labkeeper-administrator': 'false' }), 403, 'administrator_required');
      refused(await asHome({ 'x-labkeeper-administrator': 'yes' }), 422, 'input_invalid');
      for (const header of ['x-labkeeper-user', 'x-labkeeper-administrator']) {
        const headers = { [header]: 'true' };
        refused(await act('work', { target: plex.id }, { headers }), 403, 'user_refused');
        refused(await act('work', { target: plex.id }, { headers, token: undefined }), 403, 'user_refused');
      }
    });
  });
});

suite('ingress', () => {
  const ingress = '127.0.0.2';
  const anna = {
    'x-remote-user-id': 'u1',
    'x-remote-user-name': 'anna',
    'x-remote-user-display-name': 'Anna',
  };
  const via = { from: ingress, token: undefined, headers: anna };

  test('lets everybody look, and administrators do', async () => {
    const isAdministrator = async (id: string): Promise<boolean> => id === 'u1';
    await withServer({ ingress, isAdministrator, risk: 'destroy' }, async ({ act, ask }) => {
      const body = { target: plex.id, confirm: 'plex', wait_s: 1 };
      const { json } = await act('work', body, via);
      assert.deepEqual(
        [json.job.door, json.job.user, json.job.state],
        ['homeassistant', 'Anna', 'succeeded'],
      );
      const other = { ...via, headers: { ...anna, 'x-remote-user-id': 'u2' } };
      assert.equal((await ask('/api/lab', other)).status, 200);
      refused(await act('work', body, other), 403, 'ceiling_exceeded');
      refused(await ask('/api/audit', other), 403, 'administrator_required');
      const nobody = { ...via, headers: {} };
      assert.equal((await ask('/api/lab', nobody)).status, 200);
      refused(await act('work', body, nobody), 403, 'ceiling_exceeded');
    });
  });

  test('makes nobody an administrator where that cannot be asked', async () => {
    for (const isAdministrator of [undefined, async () => undefined]) {
      await withServer({ ingress, ...(isAdministrator && { isAdministrator }) }, async ({ act, ask }) => {
        assert.equal((await ask('/api/lab', via)).status, 200);
        refused(await act('work', { target: plex.id }, via), 403, 'ceiling_exceeded');
      });
    }
  });

  test('is known by the socket’s address alone', async () => {
    const isAdministrator = async (): Promise<boolean> => true;
    await withServer({ ingress, isAdministrator }, async ({ ask }) => {
      const headers = {
        ...anna,
        'x-forwarded-for': ingress,
        'x-real-ip': ingress,
        forwarded: `for=${ingress}`,
      };
      refused(await ask('/api/lab', { headers, from: '127.0.0.3' }), 401, 'token_missing');
    });
    await withServer({ isAdministrator }, async ({ ask }) => {
      refused(await ask('/api/lab', via), 401, 'token_missing');
    });
  });

  test('passes on what its own page sends, not what another does', async () => {
    const isAdministrator = async (): Promise<boolean> => true;
    await withServer({ ingress, isAdministrator }, async ({ act }) => {
      const answer = (more: Record<string, string>): Promise<Answer> =>
        act('work', { target: plex.id, wait_s: 1 }, { ...via, headers: { ...anna, ...more } });
      const origin = 'https://home.example';
      const forwarded = { 'x-forwarded-host': 'home.example', host: '172.30.33.5:8099' };
      assert.equal((await answer({ origin, ...forwarded })).status, 200);
      assert.equal((await answer({ origin, host: 'x', 'sec-fetch-site': 'same-origin' })).status, 200);
      refused(await answer({ origin: 'https://evil.example', ...forwarded }), 403, 'origin_refused');
      refused(await answer({ origin, ...forwarded, 'sec-fetch-site': 'cross-site' }), 403, 'origin_refused');
    });
  });
});

suite('without a token on this machine', () => {
  const openOnLoopback = true;
  const local = { token: undefined };

  test('everything that the option allows can be done', async () => {
    await withServer({ openOnLoopback }, async ({ ask, act, port }) => {
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'LOCALHOST']) {
        assert.equal((await ask('/api/lab', { headers: { host } })).status, 200, host);
      }
      const { json } = await act('work', { target: plex.id, wait_s: 1 }, local);
      assert.deepEqual([json.job.door, json.job.user], ['http', 'local']);
    });
    await withServer({ openOnLoopback, risk: 'provision' }, async ({ act }) => {
      refused(await act('work', { target: plex.id }, local), 403, 'ceiling_exceeded');
    });
  });

  test('nothing is told under another name: it may lead here', async () => {
    await withServer({ openOnLoopback }, async ({ ask, get, port }) => {
      for (const host of [
        'evil.example',
        `evil.example:${port}`,
        '127.0.0.1.evil.example',
        'x@127.0.0.1.evil',
      ]) {
        refused(await ask('/api/lab', { headers: { host } }), 403, 'origin_refused');
      }
      assert.equal((await get('/api/lab', { host: 'labkeeper.lan' })).status, 200, 'with a token it is fine');
    });
  });

  test('nothing is done for another page', async () => {
    await withServer({ openOnLoopback }, async ({ act, port }) => {
      const host = `127.0.0.1:${port}`;
      const from = (headers: Record<string, string>): Promise<Answer> =>
        act('work', { target: plex.id, wait_s: 1 }, { ...local, headers: { host, ...headers } });
      assert.equal((await from({ origin: `http://${host}` })).status, 200);
      for (const origin of [
        'https://evil.example',
        'null',
        'http://127.0.0.1:1',
        `http://evil.example:${port}`,
      ]) {
        refused(await from({ origin }), 403, 'origin_refused');
      }
      refused(await from({ 'sec-fetch-site': 'cross-site' }), 403, 'origin_refused');
      refused(await from({ 'sec-fetch-site': 'same-site' }), 403, 'origin_refused');
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
        refused(await from({ 'content-type': type }), 400, 'body_invalid');
      }
    });
  });
});

suite('bodies', () => {
  test('that are no JSON, too large or too deep are refused', async () => {
    await withServer({ steps: { Step: () => assert.fail('it ran') } }, async ({ act }) => {
      const deep = (levels: number): string => `{"input":${'['.repeat(levels)}${']'.repeat(levels)}}`;
      for (const body of ['', '{', 'nonsense', '{"target":1,}', deep(40), deep(100_000)]) {
        refused(await act('work', body), 400, 'body_invalid');
      }
      refused(await act('work', '{"__proto__":{"target":"x"}}'), 400, 'body_invalid');
      const large = JSON.stringify({ target: 'x'.repeat(270_000) });
      const answer = await act('work', large);
      refused(answer, 400, 'body_invalid');
      assert.match(answer.json.message, /256 KiB/);
      refused(await act('work', `{"target":"${'[{'.repeat(40)}"}`), 404, 'target_unknown');
    });
  });

  test('say which field is wrong', async () => {
    await withServer({}, async ({ act }) => {
      const wrong: [unknown, string][] = [
        [{ target: 1 }, 'target'],
        [{ target: '' }, 'target'],
        [{ target: 'x'.repeat(301) }, 'target'],
        [{ targt: plex.id }, 'targt'],
        [{ wait_s: 61 }, 'wait_s'],
        [{ wait_s: '5' }, 'wait_s'],
        [{ dry_run: 'true' }, 'dry_run'],
        [{ request_id: '' }, 'request_id'],
        [{ input: [] }, 'input'],
        [{ target: plex.id, input: { times: 'x' } }, 'input.times'],
      ];
      for (const [body, path] of wrong) {
        const answer = await act('work', body);
        refused(answer, 422, 'input_invalid');
        assert.equal(answer.json.path, path);
      }
      refused(await act('work', []), 422, 'input_invalid');
      refused(await act('explode', {}), 404, 'action_unknown');
      refused(await act('x'.repeat(201), {}), 404, 'route_unknown');
      refused(await act('work', { target: 'docker/nas/container/gone' }), 404, 'target_unknown');
      refused(await act('work', {}), 422, 'target_missing');
    });
  });

  test('that cannot be read as HTTP at all end the connection', async () => {
    await withServer({}, async ({ port, ask }) => {
      const answer = await new Promise<string>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
        let text = '';
        socket.on('data', (chunk) => {
          text += chunk;
        });
        socket.on('close', () => resolve(text));
      });
      assert.match(answer, /^HTTP\/1\.1 400 /);
      const headers = { 'x-large': 'x'.repeat(20_000) };
      assert.equal((await ask('/health', { headers })).status, 431);
    });
  });
});

test('no answer holds a secret', async () => {
  await withServer({ openOnLoopback: false }, async ({ get, token, log }) => {
    for (const path of [...ROUTES.filter((route) => route !== '/api/events'), '/health']) {
      const { text } = await get(path);
      assert.doesNotMatch(text, new RegExp(`${token('http')}|${token('homeassistant')}`), path);
    }
    assert.equal(log.lines.join().includes(token('http')), false);
  });
});
