import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { BuildOutView } from '../../addon/src/contract/build-out.ts';
import {
  type ProxmoxSimulator,
  seededCluster,
  startProxmoxSimulator,
} from '../../simulators/proxmox/index.ts';
import { WELL_BEHAVED } from '../parts/dockerd.ts';
import type { Labkeeper } from '../parts/labkeeper.ts';
import { proxmoxOptions, startWorld, type World } from '../parts/world.ts';

const SELF = 'labkeeper_labkeeper_self_app_main';
/** Labkeeper tells of itself once a minute. */
const SOON = 90_000;

describe('the build-out, with a real engine in a real Home Assistant', { timeout: 600_000 }, () => {
  let world: World;
  let labkeeper: Labkeeper;
  let pve: ProxmoxSimulator;
  let percent: string;
  let next: string;

  before(async () => {
    pve = await startProxmoxSimulator({ cluster: seededCluster() });
    world = await startWorld();
    labkeeper = await world.labkeeper({
      proxmox: [proxmoxOptions(pve)],
      docker: { guest: 'proxmox/home/guest/101' },
    });
    percent = await world.home.entityId(`${SELF}_build_out`);
    next = await world.home.entityId(`${SELF}_build_out_next`);
  });

  after(async () => {
    await world?.stop();
    await pve?.close();
  });

  it('is a percentage and the next item, on Labkeeper’s device', async () => {
    // Foundation, Pulse, the Docker host and Home Assistant, of 16.
    await world.home.until(percent, '43', SOON);
    await world.home.until(next, 'Portainer', SOON);
    const { attributes } = world.home.states[percent] ?? {};
    assert.equal(attributes?.unit_of_measurement, '%');
    assert.equal(attributes?.state_class, 'measurement');
    const device = await world.home.device(SELF);
    const entities = (await world.home.entities()).filter(({ device_id }) => device_id === device?.id);
    assert.ok([percent, next].every((id) => entities.some(({ entity_id }) => entity_id === id)));
  });

  it('goes up when the engine runs what was missing, and down when that is gone', async () => {
    const container = await world.dockerd.start('chatterbox', { Cmd: WELL_BEHAVED });
    await world.home.until(percent, '50', SOON);
    await container.stop();
    await world.home.until(percent, '43', SOON);
  });

  it('is unknown while a system is down, and what may be done is not the next item', async () => {
    await world.dockerd.running.stop(20_000);
    await world.home.until(percent, 'unknown', SOON);
    await world.home.until(next, 'Graphics card', SOON);
    const host = (await shown()).phases[1]?.items.find(({ id }) => id === 'docker_host');
    assert.deepEqual([host?.state, host?.in_doubt], ['unknown', true]);
    await world.dockerd.restart();
    await world.home.until(percent, '43', SOON);
    await world.home.until(next, 'Portainer', SOON);
  });

  async function shown(): Promise<BuildOutView> {
    const token = (await readFile(path.join(labkeeper.folder, 'token'), 'utf8')).match(/^http (\S+)$/m)?.[1];
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${labkeeper.url}/api/build-out`, { headers })).json() as Promise<BuildOutView>;
  }
});
