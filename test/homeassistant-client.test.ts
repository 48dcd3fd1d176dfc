import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { HomeAssistantClient } from '../addon/src/homeassistant/client.ts';
import { homeAssistant } from '../addon/src/homeassistant/index.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { aUser, HomeAssistantServer } from './helpers/home-assistant-server.ts';
import { withServer } from './helpers/http.ts';
import { atEnd, until } from './helpers/observer.ts';
import { recordingLog } from './helpers/samples.ts';

const ADMINISTRATORS = ['system-admin'];
const USERS = [
  aUser('owner', { is_owner: true, group_ids: ADMINISTRATORS }),
  aUser('admin', { group_ids: ADMINISTRATORS }),
  aUser('child'),
  aUser('left', { group_ids: ADMINISTRATORS, is_active: false }),
];

async function bench(t: TestContext) {
  const server = new HomeAssistantServer();
  server.users = USERS;
  await server.listen();
  atEnd(t, () => server.close());
  const clock = new FakeClock();
  const log = recordingLog();
  let token = server.token;
  let tokensAsked = 0;
  const parts = {
    ...{ url: server.url, clock, log, random: () => 1 },
    token: async () => {
      tokensAsked += 1;
      return token;
    },
  };
  const home = homeAssistant(parts);
  atEnd(t, () => home.close());
  const client = new HomeAssistantClient(parts);
  atEnd(t, () => client.close());
  return {
    ...{ server, clock, log, home, client },
    tokens: () => tokensAsked,
    useToken: (other: string) => {
      token = other;
    },
    isAdministrator: (id: string) => home.isAdministrator(id),
  };
}

/** Waits until the code under test has set its timer, then passes the time. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  await sleep(50);
  await clock.advance(ms);
}

suite('administrators of Home Assistant', { concurrency: true }, () => {
  test('are its owner and the active ones of their group', async (t) => {
    const { isAdministrator, server, tokens } = await bench(t);
    assert.deepEqual([server.connections, tokens()], [0, 0], 'nobody has asked yet');
    const ids = ['owner', 'admin', 'child', 'left', 'nobody', ''];
    const answers = await Promise.all(ids.map(isAdministrator));
    assert.deepEqual(answers, [true, true, false, false, false, false]);
    assert.deepEqual([server.connections, server.asked.length], [1, 1], 'asked once for all');
  });

  test('are known for a minute', async (t) => {
    const { isAdministrator, server, clock } = await bench(t);
    assert.equal(await isAdministrator('child'), false);
    server.users = [aUser('child', { group_ids: ADMINISTRATORS })];
    await clock.advance(59_000);
    assert.equal(await isAdministrator('child'), false);
    await clock.advance(2_000);
    assert.equal(await isAdministrator('child'), true);
    assert.equal(await isAdministrator('admin'), false);
    assert.deepEqual([server.connections, server.asked.length], [1, 2], 'over the same connection');
  });

  test('are unknown while it is gone: one warning for an outage, and no try for each question', async (t) => {
    const { isAdministrator, server, clock, log } = await bench(t);
    await server.close();
    for (let count = 0; count < 5; count += 1) assert.equal(await isAdministrator('admin'), undefined);
    assert.equal(log.lines.length, 1);
    assert.match(log.lines[0] ?? '', /^warn Home Assistant does not answer at ws:.*no connection/);
    await server.listen();
    assert.equal(await isAdministrator('admin'), undefined, 'it is not tried again at once');
    assert.equal(server.connections, 0);
    await clock.advance(1_500);
    assert.equal(await isAdministrator('admin'), true);
    assert.match(log.lines[1] ?? '', /^info Home Assistant answers again/);
    await clock.advance(61_000);
    await server.close();
    await until('the loss to be noticed', () => server.connected === 0);
    await sleep(50);
    assert.equal(await isAdministrator('admin'), undefined, 'what was true before the outage counts no more');
    assert.equal(log.lines.length, 3);
  });

  test('are asked for again over a new connection after one was lost', async (t) => {
    const { isAdministrator, server, clock, log } = await bench(t);
    assert.equal(await isAdministrator('admin'), true);
    server.drop();
    await clock.advance(61_000);
    await sleep(100);
    assert.equal(server.connections, 1, 'nobody has asked');
    assert.equal(await isAdministrator('admin'), true);
    assert.deepEqual([server.connections, log.lines.length], [2, 0]);
  });

  test('are unknown with a token that is refused, which is tried again after minutes only', async (t) => {
    const { isAdministrator, server, clock, log, useToken } = await bench(t);
    useToken('secret-but-wrong');
    assert.equal(await isAdministrator('admin'), undefined);
    await clock.advance(240_000);
    assert.equal(await isAdministrator('admin'), undefined);
    assert.equal(server.connections, 1);
    assert.match(log.lines.join(), /refuses the token: Invalid access token.*homeassistant\.token_file/);
    assert.doesNotMatch(log.lines.join(), /secret-but-wrong/);
    useToken(server.token);
    await clock.advance(61_000);
    assert.equal(await isAdministrator('admin'), true, 'the new token was read');
  });

  test('make nobody an administrator by an answer that makes no sense', async (t) => {
    const { isAdministrator, server, clock } = await bench(t);
    const odd = [
      null,
      1,
      {},
      { id: 'admin', is_active: 'true', is_owner: 'true' },
      { id: 'x', group_ids: ADMINISTRATORS },
    ];
    for (const users of [odd, { admin: true }, null, 'admin']) {
      server.users = users as never;
      assert.equal(await isAdministrator('admin'), false);
      await clock.advance(61_000);
    }
  });
});

suite('connection to Home Assistant', { concurrency: true }, () => {
  test('is given up where nothing is said on it, before and after the login', async (t) => {
    const { client, server, clock, log } = await bench(t);
    const list = { type: 'config/auth/list' };
    server.manner = 'silent';
    const first = assert.rejects(client.ask(list), { code: 'deadline_passed' });
    await until('the connection', () => server.connected === 1);
    await pass(clock, 10_000);
    await first;
    await until('it to be closed', () => server.connected === 0);
    server.manner = 'deaf';
    await clock.advance(1_500);
    const second = assert.rejects(client.ask(list), { code: 'deadline_passed' });
    await until('the question', () => server.asked.includes('config/auth/list'));
    await pass(clock, 10_000);
    await second;
    await until('it to be closed', () => server.connected === 0);
    assert.equal(log.lines.length, 1, 'one outage');
    server.manner = 'good';
    assert.equal((await client.ask<unknown[]>(list)).length, USERS.length);
  });

  test('survives whatever comes over it', async (t) => {
    for (const manner of ['garbled', 'garbled later', 'closing'] as const) {
      const { client, server } = await bench(t);
      server.manner = manner;
      await assert.rejects(client.ask({ type: 'config/auth/list' }), { code: 'unreachable' }, manner);
      await until('it to be closed', () => server.connected === 0);
    }
    const { client } = await bench(t);
    await assert.rejects(client.ask({ type: 'supervisor/api' }), { code: 'source_refused' });
    assert.ok(await client.ask({ type: 'config/auth/list' }), 'what is refused costs no connection');
  });

  test('ends with the client, which then asks no more', async (t) => {
    const { client, server, log } = await bench(t);
    await client.ask({ type: 'config/auth/list' });
    assert.equal(server.connected, 1);
    server.manner = 'deaf';
    const cut = assert.rejects(client.ask({ type: 'config/auth/list' }), { code: 'shutting_down' });
    client.close();
    await cut;
    await until('it to be closed', () => server.connected === 0);
    await assert.rejects(client.ask({ type: 'config/auth/list' }), { code: 'shutting_down' });
    assert.deepEqual([server.connections, log.lines], [1, []]);
  });
});

test('administrators who come by ingress may do things, others look', async (t) => {
  const { isAdministrator, server, clock, log } = await bench(t);
  const ingress = '127.0.0.2';
  await withServer({ ingress, isAdministrator }, async ({ act, ask }) => {
    const by = (id: string) => ({
      ...{ from: ingress, token: undefined },
      headers: { 'x-remote-user-id': id, 'x-remote-user-display-name': id },
    });
    const target = 'docker/nas/container/media.plex.1';
    const statusFor = async (id: string): Promise<number> =>
      (await act('work', { target, wait_s: 5 }, by(id))).status;
    assert.equal(await statusFor('admin'), 200);
    assert.equal(await statusFor('child'), 403);
    assert.match((await ask('/api/tokens', by('admin'))).text, /lk_/);
    await clock.advance(61_000);
    await server.close();
    await until('the loss to be noticed', () => server.connected === 0);
    await sleep(50);
    for (let count = 0; count < 3; count += 1) assert.equal(await statusFor('admin'), 403);
    assert.equal((await ask('/api/lab', by('admin'))).status, 200);
    assert.equal(log.lines.length, 1);
  });
});
