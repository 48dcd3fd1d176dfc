import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ProxmoxCluster,
  type ProxmoxSimulator,
  seededCluster,
  startProxmoxSimulator,
} from '../../simulators/proxmox/index.ts';
import type { Labkeeper } from '../parts/labkeeper.ts';
import { type Ours, ours } from '../parts/ours.ts';
import { eventually } from '../parts/process.ts';
import { composeLabels, proxmoxOptions, startWorld, type World } from '../parts/world.ts';

const GUEST = 'labkeeper_proxmox_home_guest_102';
const PARENT = 'labkeeper_proxmox_home_guest_101';
const HOST = 'labkeeper_docker_nas_host_engine';
const NODE = 'labkeeper_proxmox_home_node_pve1';
const PULSE = 'labkeeper_proxmox_home_guest_110';

describe('what is deleted, in the lab or in Home Assistant', { timeout: 600_000 }, () => {
  let world: World;
  let cluster: ProxmoxCluster;
  let simulator: ProxmoxSimulator;
  let labkeeper: Labkeeper;

  before(async () => {
    cluster = seededCluster();
    simulator = await startProxmoxSimulator({ cluster });
    world = await startWorld();
    await world.dockerd.start('media-web-1', { Labels: composeLabels('media', 'web') });
    labkeeper = await world.labkeeper({
      docker: { guest: 'proxmox/home/guest/101' },
      proxmox: [proxmoxOptions(simulator)],
    });
    await until('the host to hang on its guest', async () => {
      const [host, parent] = await Promise.all([HOST, PARENT].map((id) => world.home.device(id)));
      return parent !== undefined && host?.via_device_id === parent.id;
    });
    await present(GUEST, PULSE);
  });

  after(async () => {
    await world?.stop();
    await simulator?.close();
  });

  const until = (what: string, check: () => Promise<boolean>): Promise<boolean> =>
    eventually(what, check, 90_000);

  const known = async (): Promise<Ours> => ours(world.home);

  const present = (...devices: string[]): Promise<boolean> =>
    until(`${devices} to be there`, async () => {
      const found = await known();
      return devices.every((device) => found.devices[device] !== undefined);
    });

  const absent = (...devices: string[]): Promise<boolean> =>
    until(`${devices} to be gone`, async () => {
      const found = await known();
      return devices.every((device) => found.devices[device] === undefined);
    });

  /** Topics that the broker still holds of a device. */
  const left = (device: string): string[] =>
    [...world.broker.messages.keys()].filter((topic) => topic.includes(device.replace('labkeeper_', '')));

  async function deleteInHomeAssistant(identifier: string): Promise<void> {
    await world.home.deleteDevice(identifier);
    await absent(identifier);
  }

  it('a guest that went while Labkeeper was down goes at its start, and nothing of it stays', async () => {
    await labkeeper.end();
    cluster.remove(102);
    await labkeeper.start();
    await absent(GUEST);
    await until('nothing of it to be left', async () => left(GUEST).length === 0);
  });

  it('what hung on a guest that went stays, with its entities', async () => {
    const before = await known();
    await labkeeper.end();
    cluster.remove(101);
    await labkeeper.start();
    await absent(PARENT);
    const after = await known();
    assert.equal(after.devices[HOST], before.devices[HOST]);
    const ofHost = ({ entities }: Ours): string[] =>
      Object.entries(entities).flatMap(([uniqueId, { id }]) => (uniqueId.startsWith(HOST) ? [id] : []));
    assert.deepEqual(ofHost(after), ofHost(before));
    const via = (await world.home.device(HOST))?.via_device_id;
    assert.ok(via === null || via === undefined || via === (await world.home.device(NODE))?.id, `${via}`);
  });

  it('a device deleted in Home Assistant stays away, whatever restarts', async () => {
    await deleteInHomeAssistant(PULSE);
    // Its system is read every thirty seconds.
    await sleep(35_000);
    assert.equal((await known()).devices[PULSE], undefined);
    await labkeeper.end();
    await labkeeper.start();
    await until('Labkeeper to be up', async () => {
      const { status } = await fetch(`${labkeeper.url}/health`).catch(() => ({ status: 0 }));
      return status === 200;
    });
    await sleep(5_000);
    await world.homeAssistant.end();
    await world.homeAssistant.start();
    await until('Home Assistant to be up', () => world.home.isRunning());
    await sleep(5_000);
    assert.equal((await known()).devices[PULSE], undefined);
    assert.deepEqual(left(PULSE), []);
    assert.ok((await known()).devices[HOST], 'the others are there');
  });

  it('a device deleted in Home Assistant while Labkeeper was down stays away', async () => {
    await labkeeper.end();
    await deleteInHomeAssistant(HOST);
    await labkeeper.start();
    await until('nothing of it to be left', async () => left(HOST).length === 0);
    await sleep(5_000);
    assert.equal((await known()).devices[HOST], undefined);
    assert.deepEqual(left(HOST), []);
  });

  it('comes back when asked to, as it was', async () => {
    const token = (await readFile(path.join(labkeeper.folder, 'token'), 'utf8')).match(/^http (\S+)$/m)?.[1];
    const answer = await fetch(`${labkeeper.url}/api/actions/bring_back`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ target: 'proxmox/home/guest/110', input: {}, wait_s: 5 }),
    });
    assert.equal(answer.status, 200, await answer.text());
    await present(PULSE);
    await world.home.until(await world.home.entityId(`${PULSE}_power`), 'on');
  });

  it('left no word about itself in Home Assistant’s log', () => {
    // Of each device deleted there, its own empty messages come back to it.
    const said = world.homeAssistant
      .log()
      .split('\n')
      .filter((line) => !line.includes('No device components to cleanup'));
    assert.deepEqual(
      said.filter((line) => /labkeeper|components\.mqtt|pulse|docker-host|media/i.test(line)),
      [],
    );
  });
});
