import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  bigCluster,
  bringToLife,
  type ProxmoxSimulator,
  startProxmoxSimulator,
} from '../../simulators/proxmox/index.ts';
import { ours } from '../parts/ours.ts';
import { eventually } from '../parts/process.ts';
import { assertAsPublished } from '../parts/published.ts';
import { proxmoxOptions, startWorld, type World } from '../parts/world.ts';

const GUESTS = 150;

describe('Home Assistant that restarts while devices are still coming in', { timeout: 600_000 }, () => {
  let world: World;
  let simulator: ProxmoxSimulator;
  let endLife: () => void;

  before(async () => {
    const cluster = bigCluster({ nodes: 3, guests: GUESTS });
    endLife = bringToLife(cluster);
    simulator = await startProxmoxSimulator({ cluster });
    world = await startWorld();
  });

  after(async () => {
    await world?.stop();
    endLife?.();
    await simulator?.close();
  });

  it('has all of them in the end, as they were published, and nothing else', async () => {
    const { broker, home, homeAssistant } = world;
    await world.labkeeper({ docker: [], proxmox: [proxmoxOptions(simulator)] });
    await eventually('the midst of it', () => broker.discoveries().length > GUESTS / 3, 60_000);
    await homeAssistant.end();
    const then = broker.discoveries().length;
    assert.ok(then < GUESTS, `${then} were there already: it was over`);
    await homeAssistant.start();
    await eventually('all devices to be published', () => broker.discoveries().length > GUESTS, 120_000);
    const { entities } = await eventually('all as published', () => assertAsPublished(world), 240_000);
    assert.ok(entities > GUESTS, `${entities} were compared`);
    const found = await ours(home);
    const ghosts = Object.entries(found.entities).filter(([, { life }]) => life === 'ghost');
    assert.deepEqual(ghosts, []);
    assert.equal(Object.keys(found.devices).length, broker.discoveries().length);
  });
});
