import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { discoveryOf } from '../addon/src/entities/discovery.ts';
import { defaultSettings } from '../addon/src/entities/settings.ts';
import { statesOf } from '../addon/src/entities/states.ts';
import { joinText } from '../addon/src/sources/unifi/qr.ts';
import { readCode } from './helpers/qr.ts';
import { type UnifiLab, type UnifiLabOptions, unifiLab } from './helpers/unifi-lab.ts';

let lab: UnifiLab;
const begin = async (options?: UnifiLabOptions): Promise<UnifiLab> => {
  lab = await unifiLab(options);
  await lab.known();
  return lab;
};
const codeOf = (name: string): string | undefined =>
  lab.named('wlan', `${name} (WLAN)`)?.readings.qr ?? undefined;

suite('what a QR code says', () => {
  test('is what phones read, whatever name and passphrase hold', () => {
    const row = { name: 'home', security: 'wpapsk', x_passphrase: 'correct horse' };
    assert.equal(joinText(row), 'WIFI:T:WPA;S:home;P:correct horse;;');
    assert.equal(joinText({ ...row, hide_ssid: true }), 'WIFI:T:WPA;S:home;P:correct horse;H:true;;');
    assert.equal(
      joinText({ ...row, name: 'a;b', x_passphrase: '\\",:;x' }),
      'WIFI:T:WPA;S:a\\;b;P:\\\\\\"\\,\\:\\;x;;',
    );
    assert.equal(joinText({ name: 'cafe', security: 'open' }), 'WIFI:T:nopass;S:cafe;;');
  });

  test('is nothing where everybody has a login of their own, or the passphrase is not shown', () => {
    assert.equal(joinText({ name: 'work', security: 'wpaeap', x_passphrase: 'x' }), undefined);
    assert.equal(joinText({ name: 'home', security: 'wpapsk' }), undefined);
    assert.equal(joinText({ security: 'open' }), undefined);
  });
});

suite('the QR code of a WLAN', () => {
  afterEach(() => lab.close());

  test('is there for those that are named, and can be read', async () => {
    await begin({ options: () => ({ qr_codes: ['guest*', 'HOME'] }) });
    assert.equal(readCode(codeOf('guests')), 'WIFI:T:WPA;S:guests;P:be our guest;;');
    assert.equal(readCode(codeOf('home')), 'WIFI:T:WPA;S:home;P:correct horse battery;;');
    assert.equal(codeOf('things'), undefined);
    const said = JSON.stringify([...lab.store.all()]) + lab.log.lines.join();
    for (const secret of ['staple of things', 'correct horse battery', 'be our guest']) {
      assert.ok(!said.includes(secret), 'in a picture only');
    }
  });

  test('is not there unless somebody wants it', async () => {
    await begin();
    assert.deepEqual(
      lab.all('wlan').flatMap(({ readings }) => ('qr' in readings ? [readings] : [])),
      [],
    );
  });

  test('is one message of its own, and taken back when nobody wants it any more', async () => {
    await begin({ options: () => ({ qr_codes: ['guests'] }) });
    const wlan = lab.named('wlan', 'guests (WLAN)');
    assert.ok(wlan);
    const settings = defaultSettings;
    const { components } = discoveryOf(wlan, { name: wlan.name, parent: undefined }, settings);
    const { qr } = components;
    assert.deepEqual(
      [qr?.platform, qr?.image_encoding, qr?.content_type, qr?.default_entity_id],
      ['image', 'b64', 'image/png', 'image.guests_wlan_qr'],
    );
    const states = statesOf(wlan, settings);
    assert.equal(states.get(String(qr?.image_topic)), wlan.readings.qr);
    for (const [topic, payload] of states) {
      if (topic !== qr?.image_topic) assert.ok(!payload.includes(String(wlan.readings.qr)), topic);
    }
    const { qr: _, ...without } = wlan.readings;
    assert.ok(!statesOf({ ...wlan, readings: without }, settings).has(String(qr?.image_topic)));
  });
});
