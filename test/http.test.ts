import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, test } from 'node:test';
import { startHttp } from '../addon/src/http/server.ts';
import { plex, web } from './helpers/executor.ts';
import { settled } from './helpers/fake-clock.ts';
import { withServer } from './helpers/http.ts';
import { aFinding } from './helpers/samples.ts';

suite('routes', () => {
  test('health is told to anybody', async () => {
    await withServer({}, async ({ ask }) => {
      const { status, json, headers } = await ask('/health');
      assert.deepEqual([status, json], [200, { status: 'ok', version: '0.1.0', api: 1 }]);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.match(String(headers['content-security-policy']), /frame-ancestors 'self'/);
      assert.equal((await ask('/health', { method: 'HEAD' })).status, 200);
    });
  });

  test('the lab costs next to nothing while nothing changes', async () => {
    await withServer({}, async ({ get, store }) => {
      const first = await get('/api/lab');
      assert.equal(first.status, 200);
      assert.deepEqual(
        first.json.resources.map(({ id }: { id: string }) => id),
        [...store.all()].map(({ id }) => id),
      );
      assert.deepEqual(
        first.json.resources.find(({ id }: { id: string }) => id === plex.id).readings,
        plex.readings,
      );
      assert.deepEqual(first.json.doubts, []);
      const etag = first.headers.etag as string;
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
        const again = await get('/api/lab', { 'if-none-match': known });
        assert.deepEqual([again.status, again.text, again.headers.etag], [304, '', etag]);
      }
      store.setReachable('docker/nas', false);
      const later = await get('/api/lab', { 'if-none-match': etag });
      assert.equal(later.status, 200);
      assert.notEqual(later.headers.etag, etag);
      assert.equal(later.json.resources[0].available, false);
    });
  });

  test('the lab tells what needs attention, and is another one when that changes', async () => {
    const finding = aFinding({ remedy: 'Look.', commands: ['true'] });
    await withServer({ findings: [finding] }, async ({ get, findings }) => {
      const { json, headers } = await get('/api/lab');
      assert.deepEqual(json.findings, [{ ...finding, owner: 'docker/nas' }]);
      const etag = headers.etag as string;
      findings.report('docker/nas', [structuredClone(finding)]);
      assert.equal((await get('/api/lab', { 'if-none-match': etag })).status, 304);
      findings.report('docker/nas', []);
      const later = await get('/api/lab', { 'if-none-match': etag });
      assert.deepEqual([later.status, later.json.findings], [200, []]);
      const document = (await get('/openapi.json')).json;
      const schema = document.paths['/api/lab'].get.responses[200].content['application/json'].schema;
      const item = schema.properties.findings.items;
      assert.deepEqual(Object.keys(item.properties).sort(), Object.keys({ ...finding, owner: '' }).sort());
    });
  });

  test('what can be done comes with its input', async () => {
    await withServer({}, async ({ get }) => {
      const { json } = await get('/api/actions');
      const power = json.actions.find(({ id }: { id: string }) => id === 'set_power');
      assert.deepEqual([power.risk, power.title], ['operate', 'Set power']);
      assert.ok(power.kinds.includes('container'));
      assert.deepEqual(power.input.properties.power.enum, ['on', 'off']);
    });
  });

  test('an action answers the job when it is over, or at once', async () => {
    const gate = Promise.withResolvers<void>();
    await withServer({ steps: { Step: () => gate.promise } }, async ({ act, get, clock }) => {
      const early = await act('work', { target: plex.id, input: {} });
      assert.equal(early.status, 202);
      assert.equal(early.json.job.user, 'http');
      const waiting = act('work', { target: web.id, wait_s: 60 });
      while (clock.waiting === 0) await settled();
      gate.resolve();
      const done = await waiting;
      assert.deepEqual([done.status, done.json.job.state], [200, 'succeeded']);
      const { json } = await get(`/api/jobs/${done.json.job.id}`);
      assert.deepEqual(json.job, done.json.job);
      assert.deepEqual(
        json.log.map(({ text }: { text: string }) => text),
        ['Step'],
      );
      const list = await get('/api/jobs?limit=1');
      assert.deepEqual(list.json.jobs, [done.json.job]);
      const older = await get(`/api/jobs?before=${done.json.job.id}&target=${plex.id}&state=succeeded`);
      assert.deepEqual(
        older.json.jobs.map(({ id }: { id: string }) => id),
        [early.json.job.id],
      );
    });
  });

  test('an action waits no longer than it was told to', async () => {
    await withServer({ steps: { Step: () => new Promise(() => {}) } }, async ({ act, clock }) => {
      const waiting = act('work', { target: plex.id, wait_s: 5 });
      while (clock.waiting === 0) await settled();
      await clock.advance(5_000);
      const { status, json } = await waiting;
      assert.deepEqual([status, json.job.state], [202, 'running']);
    });
  });

  test('a dry run answers what would be done, and nothing is done', async () => {
    await withServer({ steps: { Step: () => assert.fail('it ran') } }, async ({ act, get, tokenFor }) => {
      const token = tokenFor('looker', 'http', 'observe');
      const { status, json } = await act('work', { target: plex.id, dry_run: true }, { token });
      assert.deepEqual([status, json.plan.steps, json.plan.target.name], [200, [{ name: 'Step' }], 'plex']);
      assert.match(json.plan.warnings[0], /observe/);
      assert.deepEqual((await get('/api/jobs')).json, { jobs: [] });
    });
  });

  test('the same request id is the same job', async () => {
    await withServer({}, async ({ act }) => {
      const body = { target: plex.id, request_id: 'r1', wait_s: 1 };
      const first = await act('work', body);
      const second = await act('work', body);
      assert.equal(first.json.job.request_id, 'r1');
      assert.deepEqual(second.json, first.json);
    });
  });

  test('the audit says who asked, to whoever may do more than look', async () => {
    await withServer({}, async ({ act, get, ask, token, tokenFor }) => {
      await act('work', { target: plex.id, input: { password: 'hunter22' }, wait_s: 1 });
      await act('work', { target: plex.id, input: { times: 'x' } });
      const { json, text } = await get('/api/audit');
      assert.deepEqual(
        json.entries.map((entry: Record<string, unknown>) => [entry.seq, entry.decision, entry.token]),
        [
          [2, 'refused', 'http'],
          [1, 'accepted', 'http'],
        ],
      );
      assert.doesNotMatch(text, /hunter22/);
      assert.equal((await get('/api/audit?before=2&limit=5')).json.entries.length, 1);
      const looker = await ask('/api/audit', { token: tokenFor('looker', 'http', 'observe') });
      assert.deepEqual([looker.status, looker.json.code], [403, 'ceiling_exceeded']);
      const home = (headers: Record<string, string>) =>
        ask('/api/audit', { token: token('homeassistant'), headers });
      assert.equal((await home({})).status, 200);
      assert.equal((await home({ 'x-labkeeper-user': 'anna' })).json.code, 'administrator_required');
      assert.equal(
        (await home({ 'x-labkeeper-user': 'anna', 'x-labkeeper-administrator': 'true' })).status,
        200,
      );
    });
  });

  test('what there is not is said so', async () => {
    await withServer({}, async ({ get, ask, token }) => {
      const job = await get('/api/jobs/none');
      assert.deepEqual([job.status, job.json.code], [404, 'job_unknown']);
      const route = await get('/api/nothing');
      assert.deepEqual([route.status, route.json.code], [404, 'route_unknown']);
      const method = await ask('/api/lab', { method: 'DELETE', token: token('http') });
      assert.equal(method.json.code, 'route_unknown');
      const query = await get('/api/jobs?limit=0');
      assert.deepEqual([query.status, query.json.code, query.json.path], [422, 'input_invalid', 'limit']);
      assert.equal((await get('/api/jobs?colour=red')).json.code, 'input_invalid');
    });
  });
});

test('a fault of ours is logged and not told', async () => {
  await withServer({}, async ({ get, database, log }) => {
    database.exec('DROP TABLE jobs');
    const { status, json, text } = await get('/api/jobs');
    assert.deepEqual([status, json.code], [500, 'internal']);
    assert.doesNotMatch(text, /table/);
    assert.ok(log.lines.some((line) => /GET \/api\/jobs: no such table/.test(line)));
  });
});

test('a taken port is said with its setting', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  await withServer({}, async (server) => {
    const { clock, log, store: lab, findings, executor, actions, tokens, buildOut } = server;
    const access = { tokens, openOnLoopback: false, ingress: undefined, log };
    const parts = { version: '0', lab, findings, buildOut, executor, actions, clock, log, access };
    const recipes = async () => ({ recipes: [], problems: [] });
    const own = { ownId: '', services: () => ({ body: '', etag: '' }), deviceOf: (id: string) => id };
    const none = { kinds: {} as never, systems: () => [], deleted: () => [], recipes, ...own };
    await assert.rejects(startHttp({ host: '127.0.0.1', port }, { ...parts, ...none }), {
      code: 'port_taken',
      message: new RegExp(String(port)),
      hint: /LABKEEPER_HTTP_PORT/,
    });
  });
  other.close();
});
