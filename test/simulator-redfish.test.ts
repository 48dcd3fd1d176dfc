import assert from 'node:assert/strict';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterEach, suite, test } from 'node:test';
import { type RedfishSimulator, r640, startRedfishSimulator } from '../simulators/redfish/index.ts';
import { FakeClock } from './helpers/fake-clock.ts';

const ROOT = '/redfish/v1';
const SYSTEM = `${ROOT}/Systems/System.Embedded.1`;
const SESSIONS = `${ROOT}/SessionService/Sessions`;

type Headers = Readonly<Record<string, string>>;
interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads of it is what it checks
  readonly body: any;
}

let simulator: RedfishSimulator;
let clock: FakeClock;

async function begin(seed: Parameters<typeof r640>[0] = {}): Promise<void> {
  clock = new FakeClock();
  simulator = await startRedfishSimulator({ machine: r640({ clock, ...seed }) });
}

async function ask(method: string, path: string, headers: Headers = {}, body?: object): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const sent = request(`${simulator.url}${path}`, { method, headers, rejectUnauthorized: false });
  sent.on('error', reject);
  sent.on('response', async (response) => {
    const content = await text(response);
    const status = response.statusCode ?? 0;
    resolve({ status, headers: response.headers, body: content === '' ? undefined : JSON.parse(content) });
  });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}

const logIn = (password = simulator.password): Promise<Reply> =>
  ask('POST', SESSIONS, {}, { UserName: simulator.username, Password: password });

async function letIn(): Promise<Headers> {
  const { headers } = await logIn();
  return { 'x-auth-token': String(headers['x-auth-token']) };
}

const why = ({ body }: Reply): string => body.error['@Message.ExtendedInfo'][0].MessageId;

suite('a simulated management controller', () => {
  afterEach(() => simulator.close());

  test('shows who is not let in its root, and nothing else', async () => {
    await begin();
    const root = await ask('GET', `${ROOT}/`);
    assert.equal(root.status, 200);
    assert.equal(root.body.Links.Sessions['@odata.id'], SESSIONS);
    assert.equal((await ask('GET', SYSTEM)).status, 401);
    assert.equal((await ask('GET', SYSTEM, { 'x-auth-token': 'made up' })).status, 401);
  });

  test('makes sessions, and ends them when told to or idle for half an hour', async () => {
    await begin();
    const made = await logIn();
    assert.equal(made.status, 201);
    assert.equal(made.headers.location, `${SESSIONS}/1`);
    assert.equal(made.body.Password, null);
    const headers = { 'x-auth-token': String(made.headers['x-auth-token']) };
    assert.equal((await ask('GET', SYSTEM, headers)).status, 200);
    assert.equal((await ask('DELETE', `${SESSIONS}/1`, headers)).status, 200);
    assert.equal((await ask('GET', SYSTEM, headers)).status, 401);

    const idle = await letIn();
    await clock.advance(29 * 60_000);
    assert.equal((await ask('GET', SYSTEM, idle)).status, 200);
    await clock.advance(31 * 60_000);
    assert.equal((await ask('GET', SYSTEM, idle)).status, 401);
  });

  test('has eight sessions', async () => {
    await begin();
    for (let count = 0; count < 8; count += 1) assert.equal((await logIn()).status, 201);
    const ninth = await logIn();
    assert.equal(ninth.status, 503);
    assert.equal(why(ninth), 'IDRAC.2.8.RAC0218');
  });

  test('shuts out who guesses, for a while even with the right password', async () => {
    await begin();
    for (let guess = 0; guess < 3; guess += 1) assert.equal((await logIn(`guess ${guess}`)).status, 401);
    assert.equal((await logIn()).status, 401);
    await clock.advance(61_000);
    assert.equal((await logIn()).status, 201);
  });

  test('takes changes by the ETag that it gave, and knows what did not change', async () => {
    await begin();
    const headers = await letIn();
    const { etag } = (await ask('GET', SYSTEM, headers)).headers;
    assert.equal((await ask('GET', SYSTEM, { ...headers, 'if-none-match': String(etag) })).status, 304);
    const change = { IndicatorLED: 'Blinking' };
    assert.equal((await ask('PATCH', SYSTEM, { ...headers, 'if-match': '"old"' }, change)).status, 412);
    assert.equal(simulator.machine.identify, false);
    assert.equal((await ask('PATCH', SYSTEM, { ...headers, 'if-match': String(etag) }, change)).status, 200);
    assert.equal(simulator.machine.identify, true);
    assert.notEqual((await ask('GET', SYSTEM, headers)).headers.etag, etag);
    assert.equal((await ask('PATCH', SYSTEM, headers, { IndicatorLED: 'Off' })).status, 400);
  });

  test('switches by its action, and refuses what is so already', async () => {
    await begin();
    const headers = await letIn();
    const reset = (type: string): Promise<Reply> =>
      ask('POST', `${SYSTEM}/Actions/ComputerSystem.Reset`, headers, { ResetType: type });
    assert.equal((await reset('On')).status, 409);
    assert.equal((await reset('GracefulShutdown')).status, 204);
    assert.equal((await ask('GET', SYSTEM, headers)).body.PowerState, 'PoweringOff');
    await clock.advance(12_000);
    assert.equal((await ask('GET', SYSTEM, headers)).body.PowerState, 'Off');
    assert.equal((await reset('Nonsense')).status, 400);
    assert.equal((await reset('On')).status, 204);
    await clock.advance(4_000);
    assert.equal((await ask('GET', SYSTEM, headers)).body.PowerState, 'On');
  });

  test('answers collections whole only where it can', async () => {
    await begin();
    const path = `${SYSTEM}/Memory?$expand=.($levels=1)`;
    const whole = await ask('GET', path, await letIn());
    assert.equal(whole.body.Members[0].CapacityMiB, 32_768);
    await simulator.close();
    await begin({ expands: false });
    const headers = await letIn();
    assert.equal((await ask('GET', path, headers)).status, 501);
    const bare = await ask('GET', `${SYSTEM}/Memory`, headers);
    assert.deepEqual(Object.keys(bare.body.Members[0]), ['@odata.id']);
  });

  test('shows its log in pages, newest first', async () => {
    await begin({ pageSize: 2 });
    for (const entry of [1, 2, 3]) simulator.machine.record('OK', `entry ${entry}`);
    const headers = await letIn();
    const path = `${ROOT}/Managers/iDRAC.Embedded.1/LogServices/Sel/Entries`;
    const { body } = await ask('GET', path, headers);
    assert.deepEqual(
      body.Members.map(({ Message }: { Message: string }) => Message),
      ['entry 3', 'entry 2'],
    );
    const next = await ask('GET', body['Members@odata.nextLink'], headers);
    assert.deepEqual(
      next.body.Members.map(({ Message }: { Message: string }) => Message),
      ['entry 1'],
    );
    assert.equal(next.body['Members@odata.nextLink'], undefined);
  });

  test('leads from its root to everything by links that exist', async () => {
    for (const seed of [
      {},
      { modern: true },
      { raid: true },
      { metrics: true, wwns: ['5002538e47076650'] },
      { licence: 'Basic' as const },
    ]) {
      await begin(seed);
      const headers = await letIn();
      const seen = new Set<string>();
      const missing: string[] = [];
      const walk = async (path: string): Promise<void> => {
        const plain = path.split('#')[0] ?? '';
        if (seen.has(plain)) return;
        seen.add(plain);
        const { status, body } = await ask('GET', plain, headers);
        if (status !== 200) {
          missing.push(plain.replace(/^.*\//, ''));
          return;
        }
        const links = [...JSON.stringify(body).matchAll(/"@odata\.id":"([^"]+)"/g)];
        for (const [, next = ''] of links) await walk(next);
      };
      await walk(ROOT);
      assert.ok(seen.size > 40, `${seen.size}`);
      const withheld = 'licence' in seed ? ['EnvironmentMetrics', 'Power', 'PowerSubsystem'] : [];
      assert.deepEqual(missing.sort(), withheld, JSON.stringify(seed));
      if ('licence' in seed) continue;
      await simulator.close();
    }
  });
});
