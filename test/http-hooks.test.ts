import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Delivery } from '../addon/src/contract/hook.ts';
import { withServer } from './helpers/http.ts';

const SECRET = 'Zk3vQ9tR1xW7pL5mN8bH2cY6';
const POST = { method: 'POST', body: { alerts: [] } };

/** A server with one hook, at `/hooks/pulse/home`. */
const withHook = (
  test: (server: Parameters<Parameters<typeof withServer>[1]>[0], taken: Delivery[]) => Promise<void>,
) => {
  const taken: Delivery[] = [];
  const hook = { secret: SECRET, take: (delivery: Delivery) => void taken.push(delivery) };
  return withServer({ hookOf: (owner) => (owner === 'pulse/home' ? hook : undefined) }, (server) =>
    test(server, taken),
  );
};

suite('what systems send by themselves', () => {
  test('is taken where its secret is right, without a token, with its headers', async () => {
    await withHook(async ({ ask }, taken) => {
      const headers = { 'x-pulse-event-id': 'a:alert' };
      const answer = await ask(`/hooks/pulse/home/${SECRET}`, { ...POST, headers });
      assert.deepEqual([answer.status, answer.text], [204, '']);
      assert.deepEqual(taken[0]?.body, { alerts: [] });
      assert.equal(taken[0]?.headers['x-pulse-event-id'], 'a:alert');
    });
  });

  test('is taken nowhere else, and which part is wrong is told to nobody', async () => {
    await withHook(async ({ ask, log }, taken) => {
      const wrong = [
        `/hooks/pulse/home/${SECRET.slice(0, -1)}`,
        `/hooks/pulse/home/${SECRET}x`,
        `/hooks/pulse/home/${SECRET.toLowerCase()}`,
        '/hooks/pulse/home/undefined',
        `/hooks/pulse/other/${SECRET}`,
        `/hooks/docker/home/${SECRET}`,
      ];
      const told = new Set<string>();
      for (const path of wrong) {
        const answer = await ask(path, POST);
        assert.equal(answer.status, 404, path);
        told.add(answer.text);
      }
      assert.equal(told.size, 1, 'a guess is told nothing');
      assert.deepEqual(taken, []);
      for (const secret of [SECRET, SECRET.slice(0, -1)])
        assert.ok(!log.lines.join('\n').includes(secret), 'nor does the log say what was tried');
    });
  });

  test('makes who guesses wait, and nobody else', async () => {
    await withHook(async ({ ask }, taken) => {
      for (let count = 0; count < 20; count += 1)
        assert.equal((await ask(`/hooks/pulse/home/guess-${count}`, POST)).status, 404);
      const answer = await ask('/hooks/pulse/home/guess', POST);
      assert.deepEqual([answer.status, answer.json.code], [429, 'too_many_requests']);
      assert.ok(Number(answer.headers['retry-after']) > 0);
      assert.equal((await ask(`/hooks/pulse/home/${SECRET}`, POST)).status, 204, 'who knows it never waits');
      assert.equal((await ask('/hooks/pulse/home/x', { ...POST, from: '127.0.0.9' })).status, 404);
      assert.equal(taken.length, 1);
    });
  });

  test('is JSON of a size that can be taken, and is read only from who knows the secret', async () => {
    await withHook(async ({ ask }, taken) => {
      const path = `/hooks/pulse/home/${SECRET}`;
      const refused = async (where: string, asking: Parameters<typeof ask>[1]) => {
        const { status, json } = await ask(where, { method: 'POST', ...asking });
        return [status, json.code];
      };
      const large = JSON.stringify({ alerts: 'x'.repeat(300_000) });
      assert.deepEqual(await refused(path, { body: large }), [400, 'body_invalid']);
      assert.deepEqual(await refused(path, { body: '{"alerts": [' }), [400, 'body_invalid']);
      assert.deepEqual(await refused(path, { body: `${'['.repeat(40)}${']'.repeat(40)}` }), [
        400,
        'body_invalid',
      ]);
      assert.deepEqual(
        await refused(path, {
          body: 'a=1',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        }),
        [400, 'body_invalid'],
      );
      assert.deepEqual(await refused('/hooks/pulse/home/wrong', { body: large }), [404, 'route_unknown']);
      assert.deepEqual(taken, []);
    });
  });

  test('is not there for reading, nor where no system takes anything', async () => {
    await withHook(async ({ ask }) => {
      assert.equal((await ask(`/hooks/pulse/home/${SECRET}`)).status, 401);
    });
    await withServer({}, async ({ ask }) => {
      assert.equal((await ask(`/hooks/pulse/home/${SECRET}`, POST)).status, 404);
      assert.equal((await ask('/hooks/pulse/home/', POST)).status, 404);
    });
  });
});
