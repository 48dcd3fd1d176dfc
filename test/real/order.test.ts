import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ProxmoxCluster,
  type ProxmoxSimulator,
  seededCluster,
  startProxmoxSimulator,
} from '../../simulators/proxmox/index.ts';
import type { Labkeeper } from '../parts/labkeeper.ts';
import { ours } from '../parts/ours.ts';
import { eventually } from '../parts/process.ts';
import { composeLabels, proxmoxOptions, startWorld, type World } from '../parts/world.ts';

const NODE = 'labkeeper_proxmox_home_node_pve1';
const GUEST = 'labkeeper_proxmox_home_guest_101';
const HOST = 'labkeeper_docker_nas_host_engine';
const STACK = 'labkeeper_docker_nas_stack_media';

/** Names that people really give, and worse. */
const NAMES = [
  'plex',
  'Anna’s “NAS”',
  "O'Brien",
  '{{ states("sun.sun") }}',
  '{% raw %}',
  '🎬 Kino',
  'a/b/c',
  '<b>bold</b>',
  'Größe & Maß #1+',
  '\\n\\u0000',
];

describe('pieces that come in any order, and names', { timeout: 900_000 }, () => {
  let world: World;
  let cluster: ProxmoxCluster;
  let simulator: ProxmoxSimulator;

  before(async () => {
    cluster = seededCluster();
    simulator = await startProxmoxSimulator({ cluster });
    world = await startWorld();
    await world.dockerd.start('media-web-1', { Labels: composeLabels('media', 'web') });
  });

  after(async () => {
    await world?.stop();
    await simulator?.close();
  });

  const options = (more: object = {}) => ({
    docker: { guest: 'proxmox/home/guest/101' },
    proxmox: [proxmoxOptions(simulator)],
    ...more,
  });

  /** Home Assistant knows nothing of us any more, and the broker neither. */
  async function fromNothing(labkeeper: Labkeeper): Promise<void> {
    await labkeeper.stop();
    // Taken away while Home Assistant still makes it, a device would stay.
    await eventually(
      'all of it',
      async () => {
        const { entities } = await ours(world.home);
        const components = world.broker.discoveries().flatMap((each) => Object.values(each.components));
        return components.every(({ unique_id = '' }) => (entities[unique_id]?.life ?? 'ghost') !== 'ghost');
      },
      60_000,
    );
    await sleep(2_000);
    const empty = async (start: string): Promise<void> => {
      for (const topic of [...world.broker.messages.keys()].filter((each) => each.startsWith(start))) {
        await world.broker.client.publishAsync(topic, '', { retain: true, qos: 1 });
      }
    };
    await empty('homeassistant/device/');
    const left = async (): Promise<readonly string[]> => Object.keys((await ours(world.home)).devices);
    for (let tries = 0; tries < 100 && (await left()).length > 0; tries += 1) await sleep(100);
    // What Home Assistant was still busy with when it was taken away stays: that is its way, and not what is tried here.
    for (const identifier of await left()) await world.home.deleteDevice(identifier);
    await eventually('nothing of ours', async () => (await left()).length === 0);
    await empty('labkeeper/');
  }

  /** Each device's identifier with that of the one it hangs on; nameless devices throw. */
  async function tree(): Promise<Record<string, string | null>> {
    const { devices } = await ours(world.home);
    const byId = Object.fromEntries(Object.entries(devices).map(([identifier, id]) => [id, identifier]));
    const all = await world.home.devices();
    return Object.fromEntries(
      all.flatMap(({ id, via_device_id: via }) => {
        const identifier = byId[id];
        return identifier === undefined ? [] : [[identifier, via === null ? null : (byId[via] ?? 'unknown')]];
      }),
    );
  }

  const whole = (): Promise<boolean> =>
    eventually(
      'the chain',
      async () => {
        const found = await tree();
        const web = Object.keys(found).find((id) =>
          id.startsWith('labkeeper_docker_nas_container_media-web'),
        );
        assert.equal(found[web ?? ''], STACK);
        assert.equal(found[STACK], HOST);
        assert.equal(found[HOST], GUEST);
        assert.equal(found[GUEST], NODE);
        return true;
      },
      90_000,
    );

  it('the engine is there before the cluster', async () => {
    cluster.cut('pve1');
    await simulator.settled();
    const labkeeper = await world.labkeeper(options());
    await eventually('the host alone', async () => (await tree())[HOST] === null);
    cluster.restore('pve1');
    await simulator.settled();
    await whole();
    await fromNothing(labkeeper);
  });

  it('the cluster is there before the engine', async () => {
    const labkeeper = await world.labkeeper(options({ exclude: ['docker/*'] }));
    await eventually('the guest', async () => (await tree())[GUEST] === NODE);
    await labkeeper.end();
    await labkeeper.configure({
      mqtt: { host: '127.0.0.1', port: world.mosquitto.port },
      docker: [{ id: 'nas', title: 'NAS', url: world.dockerd.url, guest: 'proxmox/home/guest/101' }],
      proxmox: [proxmoxOptions(simulator)],
    });
    await labkeeper.start();
    await whole();
    await fromNothing(labkeeper);
  });

  it('discovery arrives in random order, as from a broker that tells what it kept', async () => {
    const labkeeper = await world.labkeeper(options());
    await whole();
    const kept = [...world.broker.messages].filter(([topic]) => topic.startsWith('homeassistant/device/'));
    await world.homeAssistant.end();
    await labkeeper.end();
    // Written anew, each goes to the end of what the broker tells.
    for (const [topic, payload] of kept.toSorted(() => Math.random() - 0.5)) {
      await world.broker.client.publishAsync(topic, '', { retain: true, qos: 1 });
      await world.broker.client.publishAsync(topic, payload, { retain: true, qos: 1 });
    }
    await world.homeAssistant.start();
    await eventually('Home Assistant to be up', () => world.home.isRunning(), 60_000);
    await whole();
    await fromNothing(labkeeper);
  });

  for (const [excluded, above] of [
    ['proxmox/home/guest/101', NODE],
    ['proxmox/*', null],
  ] as const) {
    it(`${excluded} is excluded: what hangs on it goes one up`, async () => {
      const labkeeper = await world.labkeeper(options({ exclude: [excluded] }));
      await eventually('the host', async () => (await tree())[HOST] === above, 60_000);
      assert.equal((await tree())[GUEST], undefined);
      await fromNothing(labkeeper);
    });
  }

  it('names come through whatever is in them, and two of a name are told apart', async () => {
    const [, ...others] = NAMES;
    const spec = cluster.find(102).spec;
    NAMES.forEach((name, index) => {
      cluster.create({ ...spec, vmid: 200 + index, name });
    });
    cluster.create({ ...spec, vmid: 250, name: 'plex', node: 'pve1' });
    await world.labkeeper(options());
    const nameOf = async (vmid: number): Promise<string | null | undefined> =>
      (await world.home.device(`labkeeper_proxmox_home_guest_${vmid}`))?.name;
    await eventually('all of them', async () => (await nameOf(250)) !== undefined && nameOf(209), 60_000);
    for (const [index, name] of others.entries()) assert.equal(await nameOf(201 + index), name);
    const twins = [await nameOf(200), await nameOf(250)];
    assert.equal(new Set(twins).size, 2, twins.join());
    for (const twin of twins) assert.match(twin ?? '', /^plex \(.+\)$/);
    for (const index of NAMES.keys()) {
      const power = await world.home.entityId(`labkeeper_proxmox_home_guest_${200 + index}_power`);
      // The cluster's list says nothing yet of a guest that was just made.
      await world.home.until(power, 'on', 45_000);
    }
  });

  it('a rename changes the name and no entity id', async () => {
    const unique = 'labkeeper_proxmox_home_guest_201_power';
    const before = await world.home.entityId(unique);
    cluster.configure(201, { name: '"{}' });
    await eventually(
      'the new name',
      async () => (await world.home.device('labkeeper_proxmox_home_guest_201'))?.name === '"{}',
      90_000,
    );
    assert.equal(await world.home.entityId(unique), before);
    await world.home.until(before, 'on');
  });

  it('left no word about itself in Home Assistant’s log', () => {
    const said = world.homeAssistant.log().split('\n');
    assert.deepEqual(
      said.filter((line) => /labkeeper|components\.mqtt|template|plex|docker-host|media/i.test(line)),
      [],
    );
  });
});
