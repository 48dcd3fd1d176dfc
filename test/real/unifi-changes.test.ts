import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MAC } from '../../simulators/unifi/index.ts';
import { readCode } from '../helpers/qr.ts';
import { eventually } from '../parts/process.ts';
import { assertAsPublished } from '../parts/published.ts';
import { startUnifiWorld, type UnifiWorld } from '../parts/unifi-world.ts';
import type { World } from '../parts/world.ts';

const CORE = `unifi/house/switch/${MAC.core.replaceAll(':', '')}`;

for (const generation of ['legacy', 'os'] as const) {
  describe(`a UniFi network that is changed, in a real Home Assistant: ${generation}`, {
    timeout: 500_000,
  }, () => {
    let unifi: UnifiWorld;
    let world: World;
    before(async () => {
      unifi = await startUnifiWorld(generation);
      world = unifi.world;
    });
    after(() => unifi?.stop());
    const ask: UnifiWorld['ask'] = (action, body) => unifi.ask(action, body);

    it('shows every entity with the state, unit, class, category and device that we sent', async () => {
      const { entities } = await eventually(
        'entities as published',
        async () => {
          const compared = await assertAsPublished(world);
          assert.ok(compared.entities > 250, `${compared.entities} entities were compared`);
          return compared;
        },
        120_000,
      );
      assert.ok(entities > 250);
    });

    it('shows the code that lets a phone join, and no other', async () => {
      const codes = () => Object.keys(world.home.states).filter((id) => id.startsWith('image.'));
      await eventually('a code', () => codes().length > 0, 60_000);
      assert.deepEqual(codes(), ['image.guests_wlan_qr']);
      await world.home.until('image.guests_wlan_qr', ({ state }) => !Number.isNaN(Date.parse(state)), 60_000);
      const picture = world.home.states['image.guests_wlan_qr']?.attributes.entity_picture;
      const answer = await fetch(`${world.homeAssistant.url}${picture}`);
      assert.equal(answer.headers.get('content-type'), 'image/png');
      const png = Buffer.from(await answer.arrayBuffer()).toString('base64');
      assert.equal(readCode(png), 'WIFI:T:WPA;S:guests;P:be our guest;;');
    });

    it('gets a network, and a port in it, which shows, and loses it again', async () => {
      const wish = { name: 'Lab 2', vlan: 70, subnet: '192.168.70.1/24' };
      const made = await ask('create_network', { target: 'unifi/house/site/main', input: wish });
      assert.equal(made.state, 'succeeded', JSON.stringify(made));
      await world.home.until('sensor.lab_2_subnet', '192.168.70.1/24', 30_000);
      await world.home.until('sensor.lab_2_dhcp_range', '192.168.70.6 – 192.168.70.254');
      const set = await ask('set_port_vlan', { target: CORE, input: { item: 'port_6', vlan: 70 } });
      assert.equal(set.state, 'succeeded', JSON.stringify(set));
      await world.home.until('sensor.core_port_6_vlan', '70', 30_000);
      const network = { target: 'unifi/house/network/corporate-70', input: {}, confirm: 'Lab 2' };
      assert.equal((await ask('delete_network', network)).state, 'failed', 'it is in use');
      assert.equal(
        (await ask('set_port_vlan', { target: CORE, input: { item: 'port_6', vlan: 20 } })).state,
        'succeeded',
      );
      const gone = await ask('delete_network', network);
      assert.equal(gone.state, 'succeeded', JSON.stringify(gone));
      await eventually('it is gone', () => world.home.states['sensor.lab_2_subnet'] === undefined, 120_000);
    });

    it('left no word about itself in Home Assistant’s log', () => {
      const said = world.homeAssistant.log().split('\n');
      assert.deepEqual(
        said.filter((line) => /labkeeper|components\.(mqtt|sensor|image)|template/i.test(line)),
        [],
      );
    });
  });
}
