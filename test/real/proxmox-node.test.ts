import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { backup } from '../../simulators/proxmox/backup.ts';
import {
  type ProxmoxCluster,
  type ProxmoxSimulator,
  startProxmoxSimulator,
  threeNodeCluster,
} from '../../simulators/proxmox/index.ts';
import { proxmoxOptions, startWorld, type World } from '../parts/world.ts';

const NODE = (name: string): string => `labkeeper_proxmox_home_node_${name}`;
const CLUSTER = 'labkeeper_proxmox_home_cluster_cluster';

describe('nodes and a cluster of Proxmox VE, in a real Home Assistant', { timeout: 600_000 }, () => {
  let world: World;
  let cluster: ProxmoxCluster;
  let simulator: ProxmoxSimulator;

  before(async () => {
    cluster = threeNodeCluster();
    const { condition } = cluster.node('pve1');
    condition.pending = [{ name: 'curl', title: 'curl', from: '8.14.0', to: '8.14.1', origin: 'Debian' }];
    cluster.configure(121, { disk: 2 ** 30 });
    for (const node of cluster.nodes) node.bootMs = 2_000;
    simulator = await startProxmoxSimulator({ cluster });
    world = await startWorld();
    await world.labkeeper({ proxmox: [proxmoxOptions(simulator)] });
  });

  after(async () => {
    await world?.stop();
    await simulator?.close();
  });

  it('takes packages for something newer, and their end for the end of it', async () => {
    const updates = await world.home.entityId(`${NODE('pve1')}_updates`);
    await world.home.until(updates, 'on', 60_000);
    const attributes = world.home.states[updates]?.attributes;
    assert.equal(attributes?.installed_version, '9.1.1');
    assert.equal(attributes?.latest_version, '9.1.1 (1 package)');
    assert.equal(attributes?.release_summary, 'curl 8.14.1');
    const none = await world.home.entityId(`${NODE('pve2')}_updates`);
    await world.home.until(none, 'off', 60_000);
  });

  it('tells a task that failed as an event, with its words', async () => {
    const failure = await world.home.entityId(`${CLUSTER}_failure`);
    await world.home.until(failure, 'unknown', 60_000);
    backup(cluster, {
      node: 'pve2',
      user: 'root@pam',
      storage: 'backup',
      vmid: 121,
      failure: () => 'no space left on device',
    });
    await world.home.until(failure, ({ attributes }) => attributes.event_type === 'failed', 90_000);
    const { text, guest, task } = world.home.states[failure]?.attributes ?? {};
    assert.deepEqual(
      [text, guest, task],
      ['Backup of CT 121 failed - no space left on device', 121, 'vzdump 121'],
    );
  });

  it('lets a node be woken that is off, and of it nothing else be done', async () => {
    cluster.cut('pve3');
    const wake = await world.home.entityId(`${NODE('pve3')}_wake`);
    const startAll = await world.home.entityId(`${NODE('pve3')}_start_all`);
    await world.home.until(startAll, 'unavailable', 90_000);
    assert.notEqual(world.home.states[wake]?.state, 'unavailable');
    await world.home.callAction('button', 'press', { entity_id: wake });
    await world.home.until(startAll, ({ state }) => state !== 'unavailable', 120_000);
    assert.equal(cluster.node('pve3').online, true);
  });
});
