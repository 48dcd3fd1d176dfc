import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  type Generation,
  gatewayOf,
  type Site,
  seededSite,
  startUnifiSimulator,
  type UnifiSimulator,
} from '../../simulators/unifi/index.ts';
import type { Labkeeper } from '../parts/labkeeper.ts';
import { eventually } from '../parts/process.ts';
import { startWorld, type World } from '../parts/world.ts';

describe('a UniFi network in a real Home Assistant that moves from a CloudKey to a console', {
  timeout: 500_000,
}, () => {
  let world: World;
  let site: Site;
  let simulator: UnifiSimulator;
  let labkeeper: Labkeeper;

  before(async () => {
    site = seededSite();
    simulator = await startUnifiSimulator({ site });
    world = await startWorld();
    labkeeper = await world.labkeeper(options());
  });

  after(async () => {
    await world?.stop();
    await simulator?.close();
  });

  const options = () => ({
    ...{ entities: 'all', self: 'none', mqtt: { host: '127.0.0.1', port: world.mosquitto.port } },
    docker: [],
    unifi: [
      {
        ...{ id: 'house', title: 'House', url: simulator.url, fingerprint: simulator.fingerprint },
        ...{ username: simulator.username, password: simulator.password, clients: ['*', 'Phone of Bob'] },
      },
    ],
  });

  const own = async () =>
    (await world.home.entities()).filter(({ unique_id: id }) => id.startsWith('labkeeper_unifi_house_'));

  /** The controller goes, and another one takes over its site. */
  async function moveTo(generation: Generation): Promise<void> {
    await labkeeper.end();
    await simulator.close();
    site.devices = [
      gatewayOf(generation, site.clock),
      ...site.devices.filter(({ role }) => role !== 'gateway'),
    ];
    simulator = await startUnifiSimulator({ site, generation });
    await labkeeper.configure(options());
    await labkeeper.start();
  }

  it('shows trackers, and switches a WLAN and PoE', async () => {
    await eventually('its entities', async () => (await own()).length > 200, 60_000);
    await world.home.until('device_tracker.phone_of_bob_here', 'home', 30_000);
    const [wlan, poe] = ['switch.home_wlan_enabled', 'switch.core_port_6_poe'];
    await world.home.until(wlan, 'on', 30_000);
    await world.home.callAction('switch', 'turn_off', { entity_id: wlan });
    await world.home.until(wlan, 'off', 30_000);
    assert.equal(site.wlans.find(({ ssid }) => ssid === 'home')?.enabled, false);
    await world.home.until(poe, 'on', 30_000);
    await world.home.callAction('switch', 'turn_off', { entity_id: poe });
    await world.home.until(poe, 'off', 30_000);
  });

  it('keeps every entity, and what a user made of it', async () => {
    await world.home.connection.sendMessagePromise({
      ...{ type: 'config/entity_registry/update', entity_id: 'binary_sensor.core_connected' },
      new_entity_id: 'binary_sensor.switch_in_the_rack',
    });
    const before = new Map((await own()).map((entry) => [entry.unique_id, entry]));
    assert.ok(before.size > 200);
    await moveTo('os');
    await eventually(
      'the new gateway',
      async () => (await world.home.devices()).some(({ model }) => model === 'UDMPRO'),
      60_000,
    );
    await eventually(
      'everything as it was',
      async () => {
        const now = new Map((await own()).map((entry) => [entry.unique_id, entry]));
        for (const [uniqueId, entry] of before) {
          assert.equal(now.get(uniqueId)?.id, entry.id, uniqueId);
          assert.equal(now.get(uniqueId)?.entity_id, entry.entity_id);
        }
        const lost = [...now.values()].filter(
          ({ entity_id: id, disabled_by: disabled }) =>
            disabled === null && world.home.states[id]?.state === 'unavailable',
        );
        assert.deepEqual(
          lost.map(({ entity_id: id }) => id),
          [],
        );
        return true;
      },
      60_000,
    );
    await world.home.until('binary_sensor.switch_in_the_rack', 'on');
  });
});
