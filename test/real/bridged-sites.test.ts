import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DockerEngine } from '../../simulators/docker/engine.ts';
import { type DockerSimulator, startDockerSimulator } from '../../simulators/docker/server.ts';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { eventually } from '../parts/process.ts';
import { startWorld, type World } from '../parts/world.ts';

const CRON = 'labkeeper_garage_docker_shed_container_cron';

describe('a second site, whose broker is bridged to the one of a real Home Assistant', {
  timeout: 300_000,
}, () => {
  const engine = new DockerEngine({ stopMs: 1, statsWaitMs: 1 });
  let world: World;
  let far: Mosquitto;
  let docker: DockerSimulator;
  let garage: Labkeeper;

  before(async () => {
    world = await startWorld();
    await world.dockerd.start('web');
    await world.labkeeper();
    docker = await startDockerSimulator({ engine });
    engine.create({ name: 'cron', image: 'cron:1', restart: 'always' });
    engine.start('cron');
    far = await startMosquitto({ bridgedTo: { port: world.mosquitto.port, site: 'garage' } });
    garage = await startLabkeeper({
      mqtt: { host: '127.0.0.1', port: far.port, link: 'link/garage' },
      docker: [{ id: 'shed', title: 'Shed', url: docker.url }],
      ...{ self: 'none', site: 'garage' },
    });
  });

  after(async () => {
    await garage?.stop();
    await far?.stop();
    await docker?.close();
    await world?.stop();
  });

  const power = (): Promise<string> => world.home.entityId(`${CRON}_power`);
  const own = (): Promise<string> => world.home.entityId('labkeeper_docker_nas_container_web_power');

  it('is there beside the first, each with its own devices', async () => {
    await world.home.until(await power(), 'on', 60_000);
    await world.home.until(await own(), 'on', 30_000);
  });

  it('is controlled across the bridge', async () => {
    await world.home.callAction('switch', 'turn_off', { entity_id: await power() });
    await eventually('it to be stopped', () => engine.containers.every(({ status }) => status === 'exited'));
    await world.home.until(await power(), 'off');
    await world.home.callAction('switch', 'turn_on', { entity_id: await power() });
    await world.home.until(await power(), 'on');
  });

  it('shows as unavailable while the bridge is broken, and the first is not concerned', async () => {
    await far.end();
    await world.home.until(await power(), 'unavailable', 60_000);
    assert.equal(world.home.states[await own()]?.state, 'on');
    await far.start();
    await world.home.until(await power(), 'on', 90_000);
    const connections = (): number => garage.running.output().split('mqtt: connected to').length - 1;
    await eventually('the app to be back at its broker', () => connections() === 2, 60_000);
    // It first looks whether another one is at work there.
    await sleep(5_000);
  });

  it('shows as unavailable while its Labkeeper is down', async () => {
    await garage.end();
    await world.home.until(await power(), 'unavailable', 30_000);
    await garage.start();
    await world.home.until(await power(), 'on', 60_000);
  });

  it('stays away when its user deletes it in Home Assistant', async () => {
    await world.home.deleteDevice(CRON);
    await eventually(
      'nothing of it at the far broker',
      async () => (await world.home.device(CRON)) === undefined,
      30_000,
    );
    await garage.end();
    await garage.start();
    await eventually('the app to be back', async () => (await fetch(`${garage.url}/health`)).ok, 30_000);
    await sleep(5_000);
    assert.equal(await world.home.device(CRON), undefined);
  });
});
