import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { DockerEngine } from '../../simulators/docker/engine.ts';
import { type DockerSimulator, startDockerSimulator } from '../../simulators/docker/server.ts';
import {
  gatewayOf,
  MAC,
  type Site,
  seededSite,
  startUnifiSimulator,
  type UnifiSimulator,
} from '../../simulators/unifi/index.ts';
import { readCode } from '../helpers/qr.ts';
import { startTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.ts';
import type { Labkeeper } from '../parts/labkeeper.ts';
import { eventually } from '../parts/process.ts';
import { assertAsPublished } from '../parts/published.ts';
import { startWorld, type World } from '../parts/world.ts';

const CORE = `unifi/house/switch/${MAC.core.replaceAll(':', '')}`;

for (const generation of ['legacy', 'os'] as const) {
  describe(`a UniFi network that is changed, in a real Home Assistant: ${generation}`, {
    timeout: 500_000,
  }, () => {
    let world: World;
    let site: Site;
    let simulator: UnifiSimulator;
    let docker: DockerSimulator;
    let wayToDocker: TcpProxy;
    let labkeeper: Labkeeper;

    before(async () => {
      site = seededSite();
      site.devices = [
        gatewayOf(generation, site.clock),
        ...site.devices.filter(({ role }) => role !== 'gateway'),
      ];
      simulator = await startUnifiSimulator({ site, generation });
      docker = await startDockerSimulator({ engine: new DockerEngine() });
      wayToDocker = await startTcpProxy(Number(new URL(docker.url).port));
      world = await startWorld();
      labkeeper = await world.labkeeper({
        ...{ entities: 'all', allow: 'destroy' },
        docker: [{ id: 'box', title: 'Box', url: `http://127.0.0.1:${wayToDocker.port}` }],
        unifi: [
          {
            ...{ id: 'house', title: 'House', url: simulator.url, fingerprint: simulator.fingerprint },
            ...{ username: simulator.username, password: simulator.password },
            ...{ clients: ['*'], qr_codes: ['guests'] },
          },
        ],
      });
    });

    after(async () => {
      await world?.stop();
      await wayToDocker?.close();
      await docker?.close();
      await simulator?.close();
    });

    /** What became of an action. */
    async function ask(action: string, body: object): Promise<{ state?: string; error?: { hint?: string } }> {
      const tokens = await readFile(path.join(labkeeper.folder, 'token'), 'utf8');
      const answer = await fetch(`${labkeeper.url}/api/actions/${action}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${tokens.match(/^http (\S+)$/m)?.[1]}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ ...body, wait_s: 0 }),
      });
      const { job, ...refusal } = (await answer.json()) as { job?: { id: string } };
      assert.ok(job, JSON.stringify(refusal));
      return eventually(
        `${action} to end`,
        async () => {
          const own = await fetch(`${labkeeper.url}/api/jobs/${job.id}`, {
            headers: { authorization: `Bearer ${tokens.match(/^http (\S+)$/m)?.[1]}` },
          });
          const { job: now } = (await own.json()) as { job: { state: string } };
          return ['queued', 'running'].includes(now.state) ? undefined : now;
        },
        240_000,
      );
    }

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

    it('gets back what it was where a change cuts off a system that nobody thought of', async () => {
      const core = site.device(MAC.core);
      assert.ok(core);
      const before = structuredClone(core.overrides);
      const { provision } = site;
      site.provision = (device) => {
        provision.call(site, device);
        if (isDeepStrictEqual(core.overrides, before)) wayToDocker.unblock();
        else wayToDocker.cut(true);
      };
      const cut = await ask('set_port_vlan', { target: CORE, input: { item: 'port_7', vlan: 30 } });
      site.provision = provision;
      assert.equal(cut.state, 'failed');
      assert.match(JSON.stringify(cut.error), /since then Box did not answer for 120 s.*it was taken back/);
      assert.deepEqual(core.overrides, before);
      await world.home.until('sensor.core_port_7_vlan', '1', 30_000);
      await world.home.until('binary_sensor.box_connection', 'on', 60_000);
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
