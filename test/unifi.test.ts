import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import Value from 'typebox/value';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { objectId } from '../addon/src/core/ids.ts';
import { publishedRows } from '../addon/src/entities/published-rows.ts';
import { KINDS, type LabResource } from '../addon/src/kinds/index.ts';
import { dialectOf } from '../addon/src/sources/unifi/login.ts';
import { MAC } from '../simulators/unifi/index.ts';
import { OWNER, type UnifiLab, type UnifiLabOptions, unifiLab } from './helpers/unifi-lab.ts';

let lab: UnifiLab;
const begin = async (options?: UnifiLabOptions): Promise<UnifiLab> => {
  lab = await unifiLab(options);
  return lab;
};
const plain = (mac: string): string => mac.replaceAll(':', '');
const ALL_CLIENTS = { clients: ['*'] };

/** Every unique id that Home Assistant gets. */
function uniqueIds(): readonly string[] {
  return [...lab.store.all()]
    .flatMap((resource: LabResource) =>
      publishedRows(resource, { level: 'all', levels: new Map() }).map(
        ({ key }) => `${objectId(resource.id)}_${key}`,
      ),
    )
    .sort();
}

suite('what answers at an address', () => {
  test('is told by its first page', () => {
    assert.equal(dialectOf(302, '/manage')?.generation, 'legacy');
    assert.equal(dialectOf(302, 'https://cloudkey.lan:8443/manage/account/login')?.generation, 'legacy');
    assert.equal(dialectOf(200, undefined)?.generation, 'os');
    assert.equal(dialectOf(302, '/login?redirect=%2F')?.generation, 'os');
    assert.equal(dialectOf(404, undefined), undefined);
    assert.equal(dialectOf(502, undefined), undefined);
  });
});

suite('a network by its UniFi controller', () => {
  afterEach(() => lab.close());

  for (const generation of ['legacy', 'os'] as const) {
    test(`is shown with all that makes it: ${generation}`, async () => {
      await begin({ generation, options: () => ALL_CLIENTS });
      await lab.known();
      const gateway = lab.gateway();
      assert.equal(gateway?.id, `${OWNER}/gateway/main`);
      assert.equal(gateway.readings.connected, true);
      assert.equal(gateway.readings.internet, true);
      assert.equal(gateway.readings.active_wan, 'WAN');
      assert.match(gateway.readings.started ?? '', /^2025-12-29T00:00:0/);
      assert.deepEqual(gateway.readings.wans, [
        {
          ...{ key: 'wan', title: 'WAN', up: true, ip: '203.0.113.24', latency: 9, availability: 100 },
          ...{ received: 19.2, sent: 2.48 },
        },
        {
          ...{ key: 'wan2', title: 'WAN2', up: false, ip: null, latency: null, availability: 0 },
          ...{ received: 0, sent: 0 },
        },
      ]);
      const core = lab.named('switch', 'Core');
      assert.equal(core?.id, `${OWNER}/switch/${plain(MAC.core)}`);
      assert.equal(core.parent, gateway.id);
      assert.equal(core.readings.cpu, 12.5);
      assert.equal(core.readings.memory, 44);
      assert.equal(core.readings.temperature, 52);
      assert.equal(core.readings.poe_power?.toFixed(3), '15.100');
      assert.equal(core.readings.firmware, '5.76.7.13442');
      assert.equal(core.readings.latest_firmware, '6.6.65.15248');
      assert.deepEqual(
        core.readings.uplinks?.map(({ key }) => key),
        ['port_1'],
      );
      assert.equal(core.readings.ports?.length, 17);
      assert.deepEqual(
        core.readings.ports?.find(({ index }) => index === 5),
        {
          ...{ key: 'port_5', title: 'Ceiling', index: 5, link: true, enabled: true, speed: 1_000 },
          ...{ received: 0.5, sent: 1, clients: 0, profile: null, vlan: null, poe: true, poe_power: 6.4 },
        },
      );
      assert.equal(core.readings.ports?.find(({ index }) => index === 2)?.clients, 1);
      const ceiling = lab.named('accesspoint', 'Ceiling');
      assert.equal(ceiling?.readings.uplink, 'Core port 5');
      assert.deepEqual(ceiling.links, [
        { type: 'attached_to', to: core.id },
        { type: 'carries', to: lab.named('accesspoint', 'Garage')?.id },
      ]);
      assert.equal(ceiling.readings.clients, 2);
      assert.equal(lab.named('accesspoint', 'Garage')?.readings.uplink, 'Ceiling by radio');
      assert.deepEqual(
        lab
          .all('network')
          .map(({ id, name, readings }) => [id, name, readings.vlan, readings.clients])
          .sort(),
        [
          [`${OWNER}/network/corporate-1`, 'Management', 1, 2],
          [`${OWNER}/network/corporate-20`, 'Server', 20, 1],
          [`${OWNER}/network/corporate-30`, 'IoT', 30, 1],
          [`${OWNER}/network/guest-50`, 'Guests', 50, 0],
          [`${OWNER}/network/remote-user-vpn-l2tp-server-On%20the%20road`, 'On the road', undefined, 0],
          [`${OWNER}/network/vlan-only-40`, 'Lab', 40, 0],
        ],
      );
      assert.equal(lab.named('network', 'Management')?.readings.dhcp_use, 2);
      assert.deepEqual(
        lab
          .all('wlan')
          .map(({ id, name, readings }) => [id, name, readings.on, readings.clients, readings.network])
          .sort(),
        [
          [`${OWNER}/wlan/guests-50`, 'guests (WLAN)', false, 0, 'Guests'],
          [`${OWNER}/wlan/home-1`, 'home (WLAN)', true, 2, 'Management'],
          [`${OWNER}/wlan/things-30`, 'things (WLAN)', true, 1, 'IoT'],
        ],
      );
      assert.deepEqual(lab.named('client', 'NAS')?.readings, {
        ...{ here: true, at: 'Core port 2', ip: '192.168.20.10', network: 'Server' },
      });
      for (const { kind, readings } of lab.store.all()) {
        assert.deepEqual([...Value.Errors(KINDS[kind].readings, readings)], [], kind);
      }
    });
  }

  test('keeps every entity when it moves from a CloudKey to a console', async () => {
    await begin({ database: memoryDatabase(), options: () => ALL_CLIENTS });
    const logIsRead = () => lab.all('site')[0]?.readings.alarms !== undefined;
    await lab.known();
    await lab.until('its log', logIsRead);
    const before = uniqueIds();
    const uuid = lab.simulator.uuid;
    await lab.move('os');
    await lab.known();
    await lab.until('its log', logIsRead);
    assert.notEqual(lab.simulator.uuid, uuid);
    assert.ok(before.length > 150, `${before.length} entities`);
    const after = new Set(uniqueIds());
    assert.deepEqual(
      before.filter((id) => !after.has(id)),
      [],
    );
    const added = [...after].filter((id) => !before.includes(id));
    // A Dream Machine has switched ports, which a USG has not.
    assert.ok(
      added.every((id) => /^unifi_house_gateway_main_port_\d+_/.test(id)),
      added.join(),
    );
    assert.equal(lab.gateway()?.name, 'Dream Machine');
  });

  test('is asked for one thing at a time, with one session', async () => {
    await begin();
    await lab.known();
    await lab.pass(700);
    assert.equal(lab.simulator.mostAtOnce, 1);
    assert.equal(lab.simulator.sessions.made, 1);
    const { faults } = lab.simulator;
    assert.ok(faults.count(/stat\/device$/) >= 21 && faults.count(/stat\/device$/) <= 32);
    assert.ok(faults.count(/stat\/sta$/) >= 10 && faults.count(/stat\/sta$/) <= 15);
    assert.ok(faults.count(/rest\/networkconf$/) <= 3);
    await lab.engine.close();
    assert.equal(lab.simulator.sessions.open, 0, 'the session is ended');
  });

  test('is logged in to again when the session has expired', async () => {
    await begin({ generation: 'os' });
    await lab.known();
    lab.simulator.sessions.clear();
    const core = lab.site.device(MAC.core);
    assert.ok(core);
    core.cpu = 77;
    await lab.until('another value', () => lab.named('switch', 'Core')?.readings.cpu === 77);
    assert.equal(lab.simulator.sessions.made, 2);
    assert.equal(lab.engine.health()[0]?.reachable, true);
  });

  test('is read with an API key and no login', async () => {
    await begin({ generation: 'os', options: ({ apiKey }) => ({ api_key: apiKey }) });
    await lab.known();
    assert.equal(lab.simulator.sessions.made, 0);
    assert.equal(lab.all('switch').length, 2);
  });

  test('that answers 429 is left alone for as long as it says', async () => {
    await begin({ generation: 'os' });
    await lab.known();
    const { faults } = lab.simulator;
    faults.inject({}, { kind: 'answer', status: 429, body: '{}' });
    await lab.pass(40);
    faults.clear();
    faults.resetCounts();
    await lab.pass(15);
    assert.equal(faults.count(), 0, 'nothing is asked');
    await lab.pass(90);
    assert.ok(faults.count() > 0);
    await lab.until('it is back', () => lab.engine.health()[0]?.reachable);
    assert.equal(lab.simulator.sessions.made, 1);
  });

  for (const [what, spoil, words] of [
    ['a wrong password', { password: 'wrong' }, /login was refused.*local user/],
    ['a site that is not there', { site: 'garden' }, /shows no site “garden”.*default \(Home\)/],
    [
      'a certificate that nobody vouches for',
      { fingerprint: undefined },
      /self-signed certificate.*fingerprint/,
    ],
    ['another certificate', { fingerprint: 'AB'.repeat(32) }, /another certificate/],
  ] as const) {
    test(`says what is wrong with ${what}`, async () => {
      await begin({ options: () => spoil });
      await lab.until('a word about it', () => lab.log.lines.some((line) => words.test(line)));
      assert.equal(lab.engine.health()[0]?.reachable, false);
      assert.ok(!lab.log.lines.join('\n').includes('unified theory'));
    });
  }

  test('says what is wrong with a key that is not known', async () => {
    await begin({ generation: 'os', options: () => ({ api_key: 'another key' }) });
    await lab.until('a word about it', () =>
      lab.log.lines.some((line) => /the API key was refused/.test(line)),
    );
    assert.ok(!lab.log.lines.join().includes('another key'));
    await lab.pass(200);
    assert.ok(lab.simulator.faults.count() <= 2, 'it is not tried again and again');
  });

  test('has names of any kind, each with an id of its own', async () => {
    const names = ['a/b', 'a-b', '../..', '', '%2F', '\ud800', '{{ states }}', '<b>'];
    const wlans = names.map((ssid) => ({ ssid, network: 'IoT', enabled: true, passphrase: 'x' }));
    await begin({ seed: { wlans } });
    await lab.known();
    const ids = lab.all('wlan').map(({ id }) => id);
    assert.equal(new Set(ids.map((id) => objectId(id))).size, names.length);
    for (const id of ids) assert.match(id, /^unifi\/house\/wlan\/[^/\s]+$/);
  });

  for (const [generation, trouble, words] of [
    ['legacy', 'mfa', /second factor/],
    ['os', 'mfa', /second factor/],
    ['legacy', 'locked', /the user is locked/],
  ] as const) {
    test(`says so when the login wants more: ${generation}, ${trouble}`, async () => {
      await begin({
        generation,
        before: ({ sessions }) => {
          sessions.trouble = trouble;
        },
      });
      await lab.until('a word about it', () => lab.log.lines.some((line) => words.test(line)));
      await lab.pass(200);
      // Logging in again and again would lock the user.
      assert.equal(lab.simulator.faults.count(/login$/), 1);
    });
  }

  test('shows clients that are wanted, those with made-up addresses only by name', async () => {
    await begin({ options: () => ({ clients: ['Phone*', '5c-cf-7f-5a-00-03'] }) });
    await lab.known();
    assert.deepEqual(
      lab
        .all('client')
        .map(({ name }) => name)
        .sort(),
      ['Phone of Ada', 'plug-3'],
    );
    await lab.close();
    await begin({ options: () => ({ clients: ['Phone of Bob'] }) });
    await lab.known();
    assert.deepEqual(
      lab.all('client').map(({ name }) => name),
      ['Phone of Bob'],
    );
    const bob = lab.site.clients.find(({ name }) => name === 'Phone of Bob');
    assert.ok(bob);
    lab.site.connect(bob, false);
    await lab.until('it is away', () => lab.named('client', 'Phone of Bob')?.readings.here === false, 90);
    assert.equal(lab.named('client', 'Phone of Bob')?.readings.at, null);
  });

  test('shows wanted clients that are away, those of long ago only by name', async () => {
    const away = (name: string, mac: string, days: number) => ({
      ...{
        mac,
        name,
        ip: '',
        network: 'IoT',
        connected: false,
        left: Date.UTC(2026, 0, 1) - days * 86_400_000,
      },
    });
    const seed = {
      clients: [
        away('Scooter', '3c:22:fb:5a:01:01', 2),
        away('Scanner', '3c:22:fb:5a:01:02', 90),
        away('Speaker', '3c:22:fb:5a:01:03', 90),
      ],
    };
    await begin({ seed, options: () => ({ clients: ['S*', 'Speaker'] }) });
    await lab.until('those away', () => lab.all('client').length > 0);
    const shown = lab.all('client').map(({ name, readings }) => [name, readings.here]);
    assert.deepEqual(shown.sort(), [
      ['Scooter', false],
      ['Speaker', false],
    ]);
  });

  test('without any wanted shows no clients', async () => {
    await begin();
    await lab.known();
    assert.equal(lab.all('client').length, 0);
    assert.equal(lab.simulator.faults.count(/rest\/user$/), 0);
  });

  test('tells a device that is gone as gone, with no old numbers', async () => {
    await begin();
    await lab.known();
    const desk = lab.site.device(MAC.desk);
    assert.ok(desk);
    desk.state = 0;
    await lab.until('it is gone', () => lab.named('switch', 'Desk')?.readings.connected === false);
    const { readings } = lab.named('switch', 'Desk') ?? {};
    assert.deepEqual([readings?.cpu, readings?.started, readings?.received], [null, null, null]);
  });

  test('does not fail where an old version lacks something', async () => {
    await begin({ before: ({ lacking }) => void lacking.add('rest/portconf').add('rest/wlanconf') });
    await lab.until('its networks', () => lab.all('network').length === 6);
    assert.equal(lab.all('wlan').length, 0);
    assert.deepEqual(
      lab.log.lines.filter((line) => /warn/i.test(line)),
      [],
    );
  });

  test('keeps two of one name apart, and says so', async () => {
    await begin({
      seed: {
        wlans: [
          { ssid: 'twin', network: 'IoT', enabled: true, passphrase: 'one' },
          { ssid: 'twin', network: 'IoT', enabled: false, passphrase: 'two' },
        ],
      },
    });
    await lab.known();
    const ids = lab.all('wlan').map(({ id }) => id);
    assert.equal(new Set(ids).size, 2);
    assert.ok(ids.includes(`${OWNER}/wlan/twin-30`));
    await lab.until('a word about it', () => lab.log.lines.some((line) => /two of “twin”/.test(line)));
  });
});
