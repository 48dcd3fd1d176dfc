import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { brokerOf } from '../addon/src/app/broker.ts';
import { supervisorOf } from '../addon/src/app/supervisor.ts';
import type { Memory } from '../addon/src/contract/source.ts';
import { silentLog } from '../addon/src/core/log.ts';
import { Secrets } from '../addon/src/core/secrets.ts';
import type { BrokerAddress } from '../addon/src/mqtt/connection.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { atEnd, until } from './helpers/observer.ts';
import { recordingLog } from './helpers/samples.ts';
import { SupervisorServer } from './helpers/supervisor-server.ts';

const CONFIG = parse(readFileSync(new URL('../addon/config.yaml', import.meta.url), 'utf8'));
const MOSQUITTO = {
  ...{ host: 'core-mosquitto', port: 1883, ssl: false },
  ...{ username: 'addons', password: 'made by the app' },
};

async function bench(t: TestContext, change: { readonly app?: object; readonly token?: string } = {}) {
  const server = new SupervisorServer({ ...CONFIG, ...change.app });
  await server.listen();
  atEnd(t, () => server.close());
  const clock = new FakeClock();
  const log = recordingLog();
  const secrets = new Secrets();
  const settings = { supervisorToken: change.token ?? server.token, httpPort: 8099 };
  const link = await supervisorOf(settings, { clock, log, secrets, url: server.url });
  assert.ok(link);
  atEnd(t, () => link.close());
  const addresses: BrokerAddress[] = [];
  const broker = await brokerOf({}, { mqttPort: 0 }, silentLog, link);
  return { server, clock, log, secrets, link, broker, addresses };
}

type Bench = Awaited<ReturnType<typeof bench>>;

const follow = ({ broker, addresses }: Bench): void => broker.follow((address) => addresses.push(address));
const asked = ({ server }: Bench, what: string): number =>
  server.asked.filter((line) => line === what).length;

/** Waits until it was asked so often, then passes the time. */
async function afterAsking(of: Bench, what: string, times: number, ms: number): Promise<void> {
  await until(`${what} for the ${times}. time`, () => asked(of, what) === times);
  await sleep(30);
  await of.clock.advance(ms);
}

const SERVICE = 'GET /services/mqtt';
const DISCOVERY = 'POST /discovery';

suite('the broker that Home Assistant offers', { concurrency: true }, () => {
  test('is used as soon as it is offered, and its absence is said once', async (t) => {
    const of = await bench(t);
    follow(of);
    assert.equal(of.broker.address, undefined);
    await afterAsking(of, SERVICE, 1, 2_000);
    await afterAsking(of, SERVICE, 2, 4_000);
    of.server.broker = MOSQUITTO;
    await afterAsking(of, SERVICE, 3, 8_000);
    await until('the address', () => of.addresses.length === 1);
    const { host, port, username, password } = MOSQUITTO;
    assert.deepEqual(of.addresses, [{ host, port, tls: false, username, password }]);
    assert.equal(of.log.lines.filter((line) => line.includes('offers no MQTT broker yet')).length, 1);
    assert.equal(of.secrets.redact(`x ${MOSQUITTO.password} x`).includes(MOSQUITTO.password), false);
  });

  test('is looked at again when it refuses us, and only another one is told', async (t) => {
    const of = await bench(t);
    of.server.broker = MOSQUITTO;
    follow(of);
    await until('the address', () => of.addresses.length === 1);
    of.broker.doubt();
    await sleep(50);
    assert.equal(asked(of, SERVICE), 1, 'it was asked a moment ago');
    await of.clock.advance(10_000);
    of.broker.doubt();
    await until('another look', () => asked(of, SERVICE) === 2);
    await sleep(50);
    assert.equal(of.addresses.length, 1, 'nothing is new');
    await of.clock.advance(10_000);
    of.server.broker = { ...MOSQUITTO, password: 'another', ssl: true };
    of.broker.doubt();
    await until('the other one', () => of.addresses.length === 2);
    assert.deepEqual([of.addresses[1]?.password, of.addresses[1]?.tls], ['another', true]);
  });

  test('is not asked for where the options name one, or say where our own listens', async (t) => {
    const of = await bench(t);
    const named = await brokerOf({ host: 'broker.lan' }, { mqttPort: 0 }, silentLog, of.link);
    assert.equal(named.address?.host, 'broker.lan');
    const own = await brokerOf({ listen: '127.0.0.1' }, { mqttPort: 0 }, silentLog, of.link);
    atEnd(t, () => own.close());
    assert.equal(own.address?.host, '127.0.0.1');
    await sleep(50);
    assert.deepEqual(of.server.asked, []);
  });

  test('is waited for where the Supervisor fails, refuses us or answers nonsense, and why is said', async (t) => {
    for (const [change, line] of [
      [{ token: 'another' }, /GET \/services\/mqtt is refused \(401: Unauthorized\)/],
      [{ app: { services: [] } }, /is refused \(403: No access to mqtt service!\); .*config\.yaml/],
    ] as const) {
      const of = await bench(t, change);
      follow(of);
      await until(String(line), () => of.log.lines.some((said) => line.test(said)));
    }
    const of = await bench(t);
    of.server.failing = 1;
    of.server.broker = { ...MOSQUITTO, port: '1883' as unknown as number };
    follow(of);
    await afterAsking(of, SERVICE, 1, 2_000);
    await afterAsking(of, SERVICE, 2, 4_000);
    of.server.broker = MOSQUITTO;
    await afterAsking(of, SERVICE, 3, 8_000);
    await until('the address', () => of.addresses.length === 1);
    assert.ok(of.log.lines.some((said) => said.includes('failed (500: Unknown error')));
    assert.ok(of.log.lines.some((said) => said.includes('has no host and port')));
  });
});

suite('our integration', { concurrency: true }, () => {
  test('is offered to Home Assistant with what it needs to come in', async (t) => {
    const of = await bench(t);
    of.link.announce('0.1.0', 'lk_secret', 'c0ffee');
    await until('the message', () => of.server.pushed.length === 1);
    assert.deepEqual(of.server.pushed[0]?.service, 'labkeeper');
    assert.deepEqual(of.server.pushed[0]?.config, {
      ...{ host: hostname(), port: 8099, token: 'lk_secret', id: 'c0ffee' },
      ...{ version: '0.1.0', api: 1 },
    });
  });

  test('is offered anew after an update, and not after a mere restart', async (t) => {
    const of = await bench(t);
    for (const version of ['0.1.0', '0.1.0', '0.2.0']) {
      const before = asked(of, DISCOVERY);
      of.link.announce(version, 'lk_secret', 'c0ffee');
      await until('the message', () => asked(of, DISCOVERY) === before + 1);
      await sleep(30);
    }
    assert.deepEqual(
      of.server.pushed.map(({ uuid, config }) => [uuid, config.version]),
      [
        ['uuid-0', '0.1.0'],
        ['uuid-0', '0.2.0'],
      ],
    );
  });

  test('is offered until the Supervisor has taken it', async (t) => {
    const of = await bench(t);
    of.server.failing = 2;
    of.link.announce('0.1.0', 'lk_secret', 'c0ffee');
    await afterAsking(of, DISCOVERY, 1, 2_000);
    await afterAsking(of, DISCOVERY, 2, 4_000);
    await until('the message', () => of.server.pushed.length === 1);
    assert.ok(of.log.lines.every((line) => !line.includes('lk_secret')));
  });
});

suite('our voice', { concurrency: true }, () => {
  const memory = (): Memory => {
    const kept = new Map<string, string>();
    return { get: (key) => kept.get(key), put: (key, value) => void kept.set(key, value) };
  };

  test('is offered once it is there, once, and withdrawn when it goes, even after a restart', async (t) => {
    const of = await bench(t);
    const kept = memory();
    for (const port of [undefined, 10_200, 10_200]) of.link.offerVoice(port, kept);
    await until('the message', () => of.server.pushed.length === 1);
    const { service, config } = of.server.pushed[0] ?? {};
    assert.deepEqual([service, config], ['wyoming', { uri: `tcp://${hostname()}:10200` }]);
    await until('that it is kept', () => kept.get('discovery') === 'uuid-0');
    assert.equal(asked(of, DISCOVERY), 1);
    const settings = { supervisorToken: of.server.token, httpPort: 8099 };
    const again = await supervisorOf(settings, { ...of, url: of.server.url });
    atEnd(t, () => again?.close());
    again?.offerVoice(undefined, kept);
    await until('the withdrawal', () => of.server.withdrawn.length === 1);
    await until('that it is kept', () => kept.get('discovery') === '');
  });

  test('is withdrawn although the Supervisor knows nothing of it any more', async (t) => {
    const of = await bench(t);
    const kept = memory();
    kept.put('discovery', 'of an older one');
    of.link.offerVoice(undefined, kept);
    await until('the question', () => kept.get('discovery') === '');
    assert.deepEqual(of.server.withdrawn, []);
  });

  test('is offered until the Supervisor has taken it', async (t) => {
    const of = await bench(t);
    of.server.failing = 1;
    of.link.offerVoice(10_200, memory());
    await afterAsking(of, DISCOVERY, 1, 2_000);
    await until('the message', () => of.server.pushed.length === 1);
  });
});

test('without a Supervisor nothing is asked', async () => {
  const settings = { supervisorToken: undefined, httpPort: 8099 };
  const parts = { clock: new FakeClock(), log: silentLog, secrets: new Secrets() };
  assert.equal(await supervisorOf(settings, parts), undefined);
});
