import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { MAC } from '../simulators/unifi/index.ts';
import { OWNER, type UnifiLab, type UnifiLabOptions, unifiLab } from './helpers/unifi-lab.ts';

let lab: UnifiLab;
/** With its event socket, where it gets one. */
const begin = async (options?: UnifiLabOptions): Promise<UnifiLab> => {
  lab = await unifiLab(options);
  await lab.known();
  await lab.until('the socket', () => lab.simulator.sockets === 1);
  // Some is read twice at the start.
  await lab.pass(12);
  return lab;
};
const counted = (): number => lab.simulator.faults.count(/^GET/);
const logged = () => lab.events.filter(([, key]) => key === 'log').map(([, , event]) => event);

suite('what a UniFi controller tells by itself', () => {
  afterEach(() => lab.close());

  for (const generation of ['legacy', 'os'] as const) {
    test(`shows at once, with nothing asked: ${generation}`, async () => {
      await begin({ generation, options: () => ({ clients: ['Phone*'] }) });
      const before = counted();
      const core = lab.site.device(MAC.core);
      const ada = lab.site.clients.find(({ name }) => name === 'Phone of Ada');
      assert.ok(core && ada);
      core.cpu = 81;
      lab.site.changed(core);
      lab.site.connect(ada, false);
      await lab.until(
        'both',
        () => {
          const [shown] = lab.all('client');
          return lab.named('switch', 'Core')?.readings.cpu === 81 && shown?.readings.here === false;
        },
        3,
      );
      lab.site.connect(ada, true);
      await lab.until('it is back', () => lab.all('client')[0]?.readings.here === true, 3);
      assert.equal(counted(), before);
    });
  }

  for (const generation of ['legacy', 'os'] as const)
    test(`of what happens is told once, by socket and polls together: ${generation}`, async () => {
      await begin({ generation });
      lab.site.happened('EVT_SW_Disconnected', 'Switch[f0:9f] was disconnected');
      await lab.until('the event', () => logged().length === 1, 3);
      assert.deepEqual(logged()[0]?.event_type, 'device_lost');
      assert.equal(lab.events[0]?.[0], `${OWNER}/site/main`);
      await lab.pass(700);
      assert.equal(logged().length, 1);
    });

  test('leaves out who comes and goes, and who logs in', async () => {
    await begin();
    lab.site.happened('EVT_WU_Roam', 'User roams');
    lab.site.happened('EVT_AD_Login', 'Admin[labkeeper] log in');
    lab.site.happened('EVT_GW_WANTransition', 'Gateway WAN transition to state "failover"');
    await lab.until('the event', () => logged().length > 0, 3);
    assert.deepEqual(
      logged().map(({ event_type: type }) => type),
      ['wan_changed'],
    );
  });

  test('is found by the polls, too, where the socket cannot be had', async () => {
    lab = await unifiLab({
      before: ({ faults }) => void faults.inject({ method: 'SOCKET' }, { kind: 'reset' }),
    });
    await lab.known();
    await lab.pass(30);
    assert.equal(lab.engine.health()[0]?.reachable, true, 'it is reachable all the same');
    assert.equal(lab.simulator.sockets, 0);
    lab.site.happened('EVT_AP_Restarted', 'AP was restarted');
    lab.site.alarms.push({
      key: 'EVT_GW_Lost_Contact',
      message: 'Gateway lost',
      subsystem: 'wan',
      time: lab.clock.now(),
    });
    await lab.until('both', () => logged().length === 2, 400);
    assert.deepEqual(
      logged()
        .map(({ event_type: type }) => type)
        .sort(),
      ['alarm', 'device_restarted'],
    );
    assert.equal(lab.all('site')[0]?.readings.alarms, 1);
  });

  test('is found in the log of newer controllers, where the socket cannot be had', async () => {
    lab = await unifiLab({
      generation: 'os',
      before: ({ faults }) => void faults.inject({ method: 'SOCKET' }, { kind: 'reset' }),
    });
    await lab.known();
    await lab.pass(30);
    lab.site.happened('EVT_SW_Disconnected', 'Desk was disconnected');
    lab.site.happened('EVT_WU_Connected', 'somebody came', 'wlan', { user: '3c:22:fb:5a:00:02' });
    lab.site.alarms.push({ key: 'EVT_X', message: 'hot', subsystem: 'lan', time: lab.clock.now() });
    await lab.until('the event', () => logged().length > 0, 400);
    await lab.pass(400);
    assert.deepEqual(
      logged().map(({ event_type: type, message }) => [type, message]),
      [['device_lost', 'Home: Desk was disconnected']],
    );
    assert.equal(lab.all('site')[0]?.readings.alarms, 1);
  });

  test('goes on after the socket was cut', async () => {
    await begin();
    await lab.pass(40);
    lab.simulator.cutSockets();
    await lab.until('it is back', () => lab.simulator.sockets === 1, 20);
    await lab.pass(2);
    const core = lab.site.device(MAC.core);
    assert.ok(core);
    core.cpu = 9;
    lab.site.changed(core);
    await lab.until('what came after', () => lab.named('switch', 'Core')?.readings.cpu === 9, 3);
    assert.deepEqual(
      lab.log.lines.filter((line) => /event stream/.test(line) && /warn/i.test(line)),
      [],
    );
  });

  test('survives a handshake that takes too long', async () => {
    lab = await unifiLab({
      before: (simulator) => {
        simulator.handshakeMs = 60_000;
      },
    });
    await lab.known();
    await lab.until('a word about it', () => lab.log.lines.some((line) => /longer than 20 s/.test(line)));
    assert.equal(lab.engine.health()[0]?.reachable, true);
    lab.simulator.handshakeMs = 0;
    await lab.until('the socket', () => lab.simulator.sockets > 0, 180);
  });

  test('is believed only from the pinned certificate', async () => {
    lab = await unifiLab({ options: () => ({ fingerprint: 'AB'.repeat(32) }) });
    await lab.pass(20);
    assert.equal(lab.simulator.faults.count(), 0, 'nothing was sent');
    assert.equal(lab.simulator.sockets, 0);
  });

  test('of 2,000 clients at rest changes nothing that anybody would be told of', async () => {
    const clients = Array.from({ length: 2_000 }, (_, at) => ({
      mac: `3c:22:fb:00:${(at >> 8).toString(16).padStart(2, '0')}:${(at & 255).toString(16).padStart(2, '0')}`,
      ...{ name: `Client ${at}`, ip: `10.0.${at >> 8}.${at & 255}`, network: 'IoT', connected: true },
      wireless: { ap: MAC.ceiling, ssid: 'things', signal: -60 },
    }));
    await begin({ seed: { clients }, options: () => ({ clients: ['*'] }) });
    assert.equal(lab.all('client').length, 2_003);
    const before = new Set(lab.all('client'));
    await lab.pass(130);
    assert.equal(lab.all('client').filter((one) => !before.has(one)).length, 0);
  });

  test('that is no JSON, or has holes, harms nothing', async () => {
    await begin();
    for (const message of ['sta:sync', 'device:sync', 'events', '']) {
      lab.site.tell(message, [{}]);
    }
    lab.site.tell('alarm', [{}]);
    await lab.pass(3);
    assert.equal(lab.all('switch').length, 2);
    assert.equal(lab.engine.health()[0]?.reachable, true);
  });
});
