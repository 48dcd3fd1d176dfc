import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  MAC,
  type SimClient,
  type Site,
  seededSite,
  startUnifiSimulator,
  type UnifiSimulator,
} from '../../simulators/unifi/index.ts';
import { eventually } from '../parts/process.ts';
import { assertAsPublished } from '../parts/published.ts';
import { startWorld, type World } from '../parts/world.ts';

const CLIENTS = 2_000;
/** Milliseconds at rest. */
const REST_MS = 150_000;

describe('a UniFi network of 2,000 clients in a real Home Assistant', { timeout: 1_500_000 }, () => {
  let world: World;
  let site: Site;
  let simulator: UnifiSimulator;

  before(async () => {
    site = seededSite({ clients: manyClients() });
    simulator = await startUnifiSimulator({ site, generation: 'legacy' });
    world = await startWorld();
    await world.labkeeper({
      ...{ entities: 'all', docker: [] },
      unifi: [
        {
          ...{ id: 'house', title: 'House', url: simulator.url, fingerprint: simulator.fingerprint },
          ...{ username: simulator.username, password: simulator.password },
          clients: ['*'],
        },
      ],
    });
  });

  after(async () => {
    await world?.stop();
    await simulator?.close();
  });

  const clientDevices = () =>
    world.broker
      .discoveries()
      .filter(({ device }) => device.identifiers[0].startsWith('labkeeper_unifi_house_client_'));

  it('shows every entity of gateway, switches, access points, WLANs, networks and clients as we sent it', async () => {
    await eventually('all clients', () => clientDevices().length >= CLIENTS, 300_000);
    const { entities } = await eventually('entities as published', () => assertAsPublished(world), 600_000);
    assert.ok(entities > 5 * CLIENTS, `only ${entities} entities were compared`);
  });

  it('is told no more than one message a client and minute while they are at rest', async () => {
    const messages = new Map<string, number[]>();
    const count = (topic: string): void => {
      const [, client] = /^labkeeper\/(unifi_house_client_[^/]+)\//.exec(topic) ?? [];
      if (client !== undefined) messages.set(client, [...(messages.get(client) ?? []), performance.now()]);
    };
    world.broker.client.on('message', count);
    // At rest, too, the strength of a signal is never the same twice; it is pushed all the time.
    const end = performance.now() + REST_MS;
    for (let round = 0; performance.now() < end; round += 1) {
      for (const [at, { wireless, mac }] of site.clients.entries()) {
        if (wireless === undefined) continue;
        wireless.signal = -60 - ((at + round * 5) % 13);
        if (at % 20 === round % 20) site.tell('sta:sync', [{ mac }]);
      }
      await sleep(3_000);
    }
    world.broker.client.off('message', count);
    const total = [...messages.values()].reduce((sum, times) => sum + times.length, 0);
    const minutes = REST_MS / 60_000;
    assert.ok(total > 0, 'signals are told at all');
    assert.ok(total <= CLIENTS * minutes, `${total} messages in ${minutes} minutes`);
    for (const [client, times] of messages) {
      // Each of a client's, and the next but one: no minute holds more than one.
      const close = times.filter((time, at) => at > 0 && time - (times[at - 1] ?? 0) < 55_000);
      assert.deepEqual(close, [], `${client}: ${times.map((time) => Math.round(time / 1_000))}`);
    }
  });

  it('left no word about itself in Home Assistant’s log', () => {
    const said = world.homeAssistant.log().split('\n');
    assert.deepEqual(
      said.filter((line) => /labkeeper|components\.(mqtt|sensor|image)|template/i.test(line)),
      [],
    );
  });
});

function manyClients(): readonly SimClient[] {
  const hex = (number: number): string => number.toString(16).padStart(2, '0');
  return Array.from({ length: CLIENTS }, (_, at) => ({
    ...{ mac: `3c:22:fb:00:${hex(at >> 8)}:${hex(at & 255)}`, name: `Client ${at}` },
    ...{ ip: `10.0.${at >> 8}.${at & 255}`, network: 'IoT', connected: true },
    wireless: { ap: MAC.ceiling, ssid: 'things', signal: -60 },
  }));
}
