import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type DemoLab, startDemoLab } from '../../simulators/demo/lab.ts';
import { Home } from '../parts/home.ts';
import { type HomeAssistant, startHomeAssistant } from '../parts/homeassistant.ts';
import { act, copyIntegration, setUpIntegration } from '../parts/integration.ts';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { eventually, freePort } from '../parts/process.ts';

describe('the integration in a real Home Assistant', { timeout: 600_000 }, () => {
  let folder: string;
  let lab: DemoLab;
  let mosquitto: Mosquitto;
  let homeAssistant: HomeAssistant;
  let home: Home;
  let labkeeper: Labkeeper;
  let token: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'integration-'));
    await copyIntegration(folder);
    lab = await startDemoLab();
    mosquitto = await startMosquitto();
    labkeeper = await startLabkeeper({
      mqtt: { host: '127.0.0.1', port: mosquitto.port },
      entities: 'all',
      self: 'none',
      ...lab.systems,
    });
    homeAssistant = await startHomeAssistant({
      ...{ folder, port: await freePort(), mqttPort: mosquitto.port },
    });
    home = new Home(await homeAssistant.connect());
    token = await eventually('the token', async () => {
      const text = await readFile(path.join(labkeeper.folder, 'token'), 'utf8');
      return /^homeassistant (\S+)$/m.exec(text)?.[1];
    });
  });

  after(async () => {
    home?.close();
    await homeAssistant?.stop();
    await labkeeper?.stop();
    await mosquitto?.stop();
    await lab?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is set up by address and token', async () => {
    const wrong = await setUpIntegration(homeAssistant, { url: labkeeper.url, token: 'lk_wrong' });
    assert.deepEqual(wrong.errors, { base: 'invalid_auth' });
    const step = await setUpIntegration(homeAssistant, { url: labkeeper.url, token });
    assert.equal(step.type, 'create_entry', JSON.stringify(step));
    assert.equal(step.result?.state, 'loaded');
    const again = await setUpIntegration(homeAssistant, { url: `${labkeeper.url}/`, token });
    assert.deepEqual([again.type, again.reason], ['abort', 'already_configured']);
  });

  it('carries an action out at a device, and answers the job', async () => {
    const device = await eventually(
      'the device',
      () => home.device('labkeeper_proxmox_home_guest_101'),
      60_000,
    );
    const { jobs } = await act(home, 'snapshot', { device_id: device.id, wait: 60 });
    assert.deepEqual(
      jobs?.map(({ state, target }) => [state, target]),
      [['succeeded', 'proxmox/home/guest/101']],
    );
  });
});
