import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  type ProxmoxCluster,
  type ProxmoxSimulator,
  seededCluster,
  startProxmoxSimulator,
} from '../../simulators/proxmox/index.ts';
import { eventually } from '../parts/process.ts';
import { composeLabels, proxmoxOptions, startWorld, type World } from '../parts/world.ts';

const NODE = 'labkeeper_proxmox_home_node_pve1';
const GUEST = 'labkeeper_proxmox_home_guest_101';
const HOST = 'labkeeper_docker_nas_host_engine';
const STACK = 'labkeeper_docker_nas_stack_media';

describe('a node, its guests and a real engine in one of them, in a real Home Assistant', {
  timeout: 600_000,
}, () => {
  let world: World;
  let cluster: ProxmoxCluster;
  let simulator: ProxmoxSimulator;

  before(async () => {
    cluster = seededCluster();
    simulator = await startProxmoxSimulator({ cluster });
    world = await startWorld();
    await world.dockerd.start('media-web-1', { Labels: composeLabels('media', 'web') });
    await world.labkeeper({
      docker: { guest: 'proxmox/home/guest/101' },
      proxmox: [proxmoxOptions(simulator)],
    });
  });

  after(async () => {
    await world?.stop();
    await simulator?.close();
  });

  it('hangs container, stack, host, guest and node under each other', async () => {
    await eventually(
      'the chain',
      async () => {
        const [node, guest, host, stack] = await Promise.all(
          [NODE, GUEST, HOST, STACK].map((identifier) => world.home.device(identifier)),
        );
        assert.ok(node && guest && host && stack, 'all of them are there');
        assert.equal(stack.via_device_id, host.id);
        assert.equal(host.via_device_id, guest.id);
        assert.equal(guest.via_device_id, node.id);
        return true;
      },
      30_000,
    );
    const nameless = (await world.home.devices()).filter(
      ({ name, identifiers }) => !name && identifiers.some(([, id]) => id.startsWith('labkeeper_')),
    );
    assert.deepEqual(nameless, []);
  });

  it('shuts a guest down when it is switched off, and the switch stays off', async () => {
    const power = await world.home.entityId(`${GUEST}_power`);
    await world.home.until(power, 'on');
    const seen: string[] = [];
    const stop = world.home.onStates((states) => {
      const state = states[power]?.state;
      if (state !== undefined && state !== seen.at(-1)) seen.push(state);
    });
    await world.home.callAction('switch', 'turn_off', { entity_id: power });
    await world.home.until(power, 'off', 90_000);
    assert.equal(cluster.guest(101)?.status, 'stopped');
    // The list of the cluster is ten seconds old, and read every thirty.
    await new Promise((resolve) => setTimeout(resolve, 35_000));
    stop();
    assert.deepEqual(seen.slice(seen.indexOf('off') + 1), [], seen.join());
    assert.equal(world.home.states[power]?.state, 'off');
  });

  it('shows what each system costs on the device of Labkeeper', async () => {
    const connected = await world.home.entityId('labkeeper_labkeeper_self_app_main_version');
    assert.match(world.home.states[connected]?.state ?? '', /^\d+\.\d+\.\d+/);
  });

  it('lets a guest go that was deleted', async () => {
    cluster.remove(102);
    await eventually(
      'its end',
      async () => (await world.home.device('labkeeper_proxmox_home_guest_102')) === undefined,
      60_000,
    );
  });
});
