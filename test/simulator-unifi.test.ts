import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { systemClock } from '../addon/src/core/clock.ts';
import { Meter } from '../addon/src/core/meter.ts';
import { type HttpAnswer, HttpClient, type HttpRequest } from '../addon/src/net/http-client.ts';
import {
  type Generation,
  MAC,
  seededSite,
  startUnifiSimulator,
  type UnifiSimulator,
} from '../simulators/unifi/index.ts';

let simulator: UnifiSimulator;
let http: HttpClient;

async function begin(generation: Generation): Promise<void> {
  simulator = await startUnifiSimulator({ site: seededSite(), generation });
  const { url, fingerprint } = simulator;
  http = new HttpClient({
    url,
    name: 'x',
    trust: { fingerprint },
    clock: systemClock,
    meter: new Meter(systemClock),
  });
}

const json = ({ body }: HttpAnswer) => JSON.parse(body);
const post = (path: string, body: object, headers: HttpRequest['headers'] = {}) =>
  http.write({ path, body: JSON.stringify(body), headers });
const cookieOf = ({ headers }: HttpAnswer): string =>
  [headers['set-cookie'] ?? []]
    .flat()
    .map((line) => line.split(';')[0])
    .join('; ');
const login = (password = simulator.password) =>
  post(simulator.generation === 'legacy' ? '/api/login' : '/api/auth/login', {
    username: simulator.username,
    password,
  });

suite('the simulated UniFi controllers', () => {
  afterEach(async () => {
    await http.close();
    await simulator.close();
  });

  test('greet by their generation', async () => {
    await begin('legacy');
    assert.equal((await http.read({ path: '/' })).status, 302);
    await http.close();
    await simulator.close();
    await begin('os');
    assert.equal((await http.read({ path: '/' })).status, 200);
  });

  test('a controller of its own refuses in its words, and shows nothing without a session', async () => {
    await begin('legacy');
    const path = '/api/s/default/stat/device';
    assert.deepEqual(json(await http.read({ path })).meta, { rc: 'error', msg: 'api.err.LoginRequired' });
    const wrong = await login('wrong');
    assert.equal(wrong.status, 400);
    assert.equal(json(wrong).meta.msg, 'api.err.Invalid');
    const headers = { cookie: cookieOf(await login()) };
    assert.equal(json(await http.read({ path, headers })).data.length, 5);
    await post('/api/logout', {}, headers);
    assert.equal((await http.read({ path, headers })).status, 401);
  });

  test('a console wants its token with each change, and answers 429 to many logins', async () => {
    await begin('os');
    const entered = await login();
    const cookie = cookieOf(entered);
    const path = '/proxy/network/api/s/default/cmd/devmgr';
    const body = { cmd: 'power-cycle', mac: MAC.core, port_idx: 5 };
    assert.equal((await post(path, body, { cookie })).status, 403);
    const token = String(entered.headers['x-csrf-token']);
    assert.equal((await post(path, body, { cookie, 'x-csrf-token': token })).status, 200);
    assert.deepEqual(simulator.site.cycled, [`${MAC.core}/5`]);
    for (let tried = 0; tried < 5; tried += 1) await login('wrong');
    const limited = await login();
    assert.equal(limited.status, 429);
    assert.ok(Number(limited.headers['retry-after']) > 0);
  });

  test('a console lets a key in, and no other', async () => {
    await begin('os');
    const path = '/proxy/network/api/self/sites';
    const as = (key: string) => http.read({ path, headers: { 'x-api-key': key } });
    assert.equal((await as(simulator.apiKey)).status, 200);
    assert.equal((await as('another')).status, 401);
  });

  test('take a list of ports as a whole: what it leaves out is gone', async () => {
    await begin('legacy');
    const headers = { cookie: cookieOf(await login()) };
    const devices = json(await http.read({ path: '/api/s/default/stat/device', headers })).data;
    const { _id: id } = devices.find(({ mac }: { mac: string }) => mac === MAC.core);
    await http.write({
      ...{ method: 'PUT', path: `/api/s/default/rest/device/${id}`, headers },
      body: JSON.stringify({ port_overrides: [{ port_idx: 6, poe_mode: 'off' }] }),
    });
    assert.deepEqual(simulator.site.device(MAC.core)?.overrides, [{ port_idx: 6, poe_mode: 'off' }]);
  });

  test('differ in ids, in how a WLAN names its network, and in how VLANs are written', async () => {
    const shown: { ids: string[]; wlan: object; vlan: unknown }[] = [];
    for (const generation of ['legacy', 'os'] as const) {
      if (shown.length > 0) {
        await http.close();
        await simulator.close();
      }
      await begin(generation);
      const prefix = generation === 'legacy' ? '' : '/proxy/network';
      const headers = { cookie: cookieOf(await login()) };
      const list = async (what: string) =>
        json(await http.read({ path: `${prefix}/api/s/default/rest/${what}`, headers })).data;
      const networks = await list('networkconf');
      const wlans = await list('wlanconf');
      shown.push({
        ids: networks.map(({ _id: id }: { _id: string }) => id),
        wlan: wlans[1],
        vlan: networks.find(({ name }: { name: string }) => name === 'IoT').vlan,
      });
    }
    const [legacy, os] = shown;
    assert.ok(legacy && os && !legacy.ids.some((id) => os.ids.includes(id)));
    assert.deepEqual([legacy.vlan, os.vlan], ['30', 30]);
    assert.ok('vlan' in legacy.wlan && !('networkconf_id' in legacy.wlan));
    assert.ok('networkconf_id' in os.wlan && !('vlan' in os.wlan));
  });
});
