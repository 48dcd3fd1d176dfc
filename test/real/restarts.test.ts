import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
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

/** Some things are read a minute after a start, such as what disks say of their health. */
const WITHIN_MS = 240_000;
/** A disk that turns and is in no pool is not asked: that would wake it. */
const SLEEPING = 'labkeeper_proxmox_home_disk_z30pve17k-6f81763f';

describe('restarts of Home Assistant, the broker and Labkeeper', { timeout: 1_200_000 }, () => {
  let world: World;
  let cluster: ProxmoxCluster;
  let simulator: ProxmoxSimulator;
  let labkeeper: Labkeeper;
  let whole: Ours;

  before(async () => {
    cluster = seededCluster();
    simulator = await startProxmoxSimulator({ cluster });
    world = await startWorld();
    await world.dockerd.start('media-web-1', { Labels: composeLabels('media', 'web') });
    await world.dockerd.start('solo');
    labkeeper = await world.labkeeper({
      docker: { guest: 'proxmox/home/guest/101' },
      proxmox: [proxmoxOptions(simulator)],
    });
    // What the disks say of their health is read last of all, up to a minute after a start.
    whole = await eventually(
      'the health of the disks',
      async () => {
        const found = await settled();
        assert.deepEqual(disksWithoutHealth(found), [SLEEPING]);
        return found;
      },
      WITHIN_MS,
    );
    assert.ok(Object.keys(whole.devices).length >= 13);
  });

  after(async () => {
    await world?.stop();
    await simulator?.close();
  });

  /** What Home Assistant has once nothing of what is published is missing, and nothing a ghost. */
  async function settled(): Promise<Ours> {
    return eventually(
      'living devices',
      async () => {
        assert.ok(await world.home.isRunning());
        const found = await ours(world.home);
        const names = Object.keys(found.devices);
        assert.ok(names.length > 0);
        const discovered = world.broker.discoveries();
        assert.deepEqual(discovered.map(({ device }) => device.identifiers[0]).toSorted(), names.toSorted());
        const promised = discovered.flatMap(({ components }) => Object.values(components));
        assert.deepEqual(
          Object.keys(found.entities).toSorted(),
          promised.flatMap(({ unique_id }) => unique_id ?? []).toSorted(),
        );
        const lifeless = Object.values(found.entities).filter(
          ({ life }) => life === 'ghost' || life === 'unavailable',
        );
        assert.deepEqual(
          lifeless.map(({ entityId, life }) => `${entityId} is ${life}`),
          [],
        );
        return found;
      },
      WITHIN_MS,
    );
  }

  async function allUnavailable(): Promise<void> {
    await eventually('everything to be unavailable', async () => {
      const { entities } = await ours(world.home);
      return Object.values(entities).every(({ life }) => life === 'unavailable' || life === 'disabled');
    });
  }

  /** Ends all of them, then starts all of them, at once. */
  async function restart(
    ...parts: ('homeAssistant' | 'mosquitto' | 'labkeeper' | 'emptied')[]
  ): Promise<void> {
    const { homeAssistant, mosquitto } = world;
    const named = { homeAssistant, mosquitto, emptied: mosquitto, labkeeper };
    const chosen = parts.map((part) => named[part]);
    await Promise.all(chosen.map((part) => part.end()));
    if (!parts.includes('homeAssistant')) await allUnavailable();
    if (parts.includes('emptied')) {
      await mosquitto.forget();
      world.broker.messages.clear();
    }
    await Promise.all(chosen.map((part) => part.start()));
  }

  for (const parts of [
    ['labkeeper'],
    ['mosquitto'],
    ['emptied'],
    ['homeAssistant'],
    ['homeAssistant', 'labkeeper'],
    ['homeAssistant', 'emptied'],
    ['mosquitto', 'labkeeper'],
    ['emptied', 'labkeeper'],
    ['homeAssistant', 'mosquitto', 'labkeeper'],
    ['homeAssistant', 'emptied', 'labkeeper'],
  ] as const) {
    it(`brings the same entities back after a restart of: ${parts.join(', ')}`, async () => {
      await restart(...parts);
      const after = await eventually(
        'the same as before',
        async () => {
          const found = await settled();
          assert.deepEqual(found, whole);
          return found;
        },
        WITHIN_MS,
      );
      assert.deepEqual(after, whole);
    });
  }

  it('left no word about itself in Home Assistant’s log', () => {
    const said = world.homeAssistant.log().split('\n');
    // That the broker was away is for Home Assistant to say.
    const ours = said.filter((line) => /labkeeper|discovery|template|pulse|docker-host/i.test(line));
    assert.deepEqual(ours, []);
  });
});

function disksWithoutHealth({ devices, entities }: Ours): readonly string[] {
  const disks = Object.keys(devices).filter((id) => /^labkeeper_proxmox_home_disk_/.test(id));
  assert.ok(disks.length > 0);
  return disks.filter((id) => entities[`${id}_temperature`] === undefined);
}
