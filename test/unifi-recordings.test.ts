import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import Value from 'typebox/value';
import { KINDS } from '../addon/src/kinds/index.ts';
import { Picture } from '../addon/src/sources/unifi/picture.ts';
import { logEventOf } from '../addon/src/sources/unifi/system-log.ts';
import type { ClientRow, DeviceRow, LogRow, WlanRow } from '../addon/src/sources/unifi/wire.ts';
import { seededSite } from '../simulators/unifi/index.ts';
import { clientView, deviceView, eventViews, logViews, wlanViews } from '../simulators/unifi/views.ts';

/** Recordings of real networks; they are no part of the project. */
const FOLDER = `${import.meta.dirname}/../../shared/reference/recorded`;
const skip = existsSync(FOLDER) ? false : 'no recordings here';

function recorded<T>(name: string): readonly T[] {
  const value = JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8')) as
    | readonly T[]
    | { data: readonly T[] };
  return Array.isArray(value) ? value : (value as { data: readonly T[] }).data;
}

const NOW = Date.UTC(2020, 3, 29);

suite('a recorded network', { skip }, () => {
  const picture = new Picture('unifi/x', 'X', 'https://x', () => true);

  test('is read with all its devices and clients', () => {
    picture.saw(recorded<DeviceRow>('unifi-legacy__aiounifi__stat_device.json'), NOW);
    picture.met(recorded<ClientRow>('unifi-legacy__aiounifi__stat_sta.json'));
    picture.wlans = recorded<WlanRow>('unifi__aiounifi__wlans.json');
    const resources = picture.resources();
    assert.deepEqual(
      resources.map(({ kind, name }) => `${kind} ${name}`).slice(0, 7),
      ['site X', 'accesspoint ACCESS POINT AC PRO', 'gateway USG', 'switch Switch 16'].concat(
        resources.slice(4, 7).map(({ kind, name }) => `${kind} ${name}`),
      ),
    );
    assert.equal(new Set(resources.map(({ id }) => id)).size, resources.length);
    // Plugs call themselves access points.
    assert.equal(resources.filter(({ kind }) => kind === 'accesspoint').length, 1);
    for (const { kind, name, readings } of resources) {
      assert.deepEqual([...Value.Errors(KINDS[kind].readings, readings)], [], name);
    }
  });

  test('a USG tells its line and its temperature', () => {
    const gateway = picture.resources().find(({ kind }) => kind === 'gateway');
    assert.ok(gateway?.kind === 'gateway');
    const { readings } = gateway;
    assert.equal(readings.temperature, 66);
    assert.equal(readings.memory, 25);
    assert.equal(readings.internet, true);
    assert.equal(readings.active_wan, 'WAN');
    assert.equal(readings.wans?.[0]?.ip, '1.2.3.4');
    assert.ok((readings.wans?.[0]?.latency ?? 0) > 0);
    assert.equal(readings.latest_firmware, '4.4.50.5272448');
  });

  test('a switch tells its ports, and an access point the port that it hangs on', () => {
    const found = picture.resources().find(({ name }) => name === 'Switch 16');
    assert.ok(found?.kind === 'switch');
    assert.equal(found.readings.uplinks?.[0]?.key, 'port_1');
    assert.equal(found.readings.ports?.length, 17);
    assert.equal(found.readings.ports?.find(({ index }) => index === 3)?.poe_power, 3.24);
    const ap = picture.resources().find(({ kind }) => kind === 'accesspoint');
    assert.ok(ap?.kind === 'accesspoint');
    assert.match(ap.readings.uplink ?? '', / port 6$/);
  });

  test('tells nothing that is secret', () => {
    const text = JSON.stringify(picture.resources());
    for (const secret of ['345678976545678', 'password in clear text', '3456789098098769876543']) {
      assert.ok(!text.includes(secret));
    }
  });
});

/** Which kinds of values stand under each key. */
function shapeOf(rows: readonly object[], shape = new Map<string, Set<string>>(), path = ''): typeof shape {
  for (const row of rows) {
    for (const [key, value] of Object.entries(row)) {
      const where = `${path}${key}`;
      const what = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
      shape.set(where, (shape.get(where) ?? new Set()).add(what));
      const inner = Array.isArray(value) ? value : [value];
      shapeOf(inner.filter((one) => typeof one === 'object' && one !== null) as object[], shape, `${where}.`);
    }
  }
  return shape;
}

suite('the recorded log of a newer controller', { skip }, () => {
  test('is told with names put in, and without those who come and go', () => {
    const rows = recorded<LogRow>('unifi-os__sirkirby__system_log_events_response.json');
    const events = rows.flatMap((row) => logEventOf(row) ?? []);
    assert.deepEqual(
      events.map(({ event_type: type, message }) => [type, message]),
      [
        [
          'threat',
          'Lab-Camera was blocked from accessing 198.51.100.24 by the block cameras to external Firewall Policy.',
        ],
        ['threat', 'A network intrusion attempt from Lab-Host to 198.51.100.99 has been detected.'],
        ['threat', '{MYSTERY_ROLE} did something to 198.51.100.7.'],
      ],
    );
  });
});

suite('the simulated network', { skip }, () => {
  const site = seededSite();
  site.happened('EVT_WU_Connected', 'User[aa] has connected', 'wlan', { user: '3c:22:fb:5a:00:02' });
  for (const [what, rows, name, added] of [
    [
      'devices',
      site.devices.map((device) => deviceView(site, 'legacy', device)),
      'unifi-legacy__aiounifi__stat_device.json',
      /^(port_overrides\.(name|egress_rate_limit_kbps)|uplink\.comment|uptime_stats\.WAN2?\.(availability|latency_average|time_period))$/,
    ],
    [
      'clients',
      site.clients.map((client) => clientView(site, 'legacy', client)),
      'unifi-legacy__aiounifi__stat_sta.json',
      /^$/,
    ],
    [
      'events',
      eventViews(site, 'legacy', 'events'),
      'unifi__aiounifi__event_wireless_client_connected.json',
      /^$/,
    ],
    [
      'entries of the newer log',
      logViews(site, 'events'),
      'unifi-os__sirkirby__system_log_events_response.json',
      // Sparse: written by hand after real ones.
      /^(status|parameters\.DEVICE.*)$/,
    ],
    ['WLANs', wlanViews(site, 'legacy'), 'unifi__aiounifi__wlans.json', /^vlan(_enabled)?$/],
  ] as const) {
    test(`has ${what} with no field that real ones lack, and values of their types`, () => {
      const real = shapeOf(recorded<object>(name));
      for (const [field, kinds] of shapeOf(rows)) {
        if (added.test(field)) continue;
        const known = real.get(field);
        assert.ok(known, `no recorded ${field}`);
        for (const kind of kinds)
          assert.ok(known.has(kind), `${field} is a ${kind}, recorded: ${[...known]}`);
      }
    });
  }
});
