import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { seededEngine } from '../../simulators/docker/seed.ts';
import { type DockerSimulator, startDockerSimulator } from '../../simulators/docker/server.ts';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { eventually } from '../parts/process.ts';
import { Retained } from '../parts/retained.ts';

const BRIDGE = 'labkeeper/bridge/state';
const GRAFANA = /^homeassistant\/device\/docker_nas_container_\S*grafana/;

describe('two apps on one real broker', { timeout: 120_000 }, () => {
  let mosquitto: Mosquitto;
  let broker: Retained;
  let simulator: DockerSimulator;
  let first: Labkeeper;
  const others: Labkeeper[] = [];
  /** Whatever was said on the topics of the bridge, in order. */
  const bridge: string[] = [];

  before(async () => {
    simulator = await startDockerSimulator({ engine: seededEngine() });
    mosquitto = await startMosquitto();
    broker = await Retained.of(mosquitto.port);
    broker.client.on('message', (topic, payload) => {
      if (topic === BRIDGE) bridge.push(payload.toString());
    });
    first = await start({});
    await eventually('its devices', () => [...broker.messages.keys()].some((topic) => GRAFANA.test(topic)));
  });
  after(async () => {
    for (const app of others) await app.stop();
    await broker?.close();
    await mosquitto?.stop();
    await simulator?.close();
  });

  async function start(options: object): Promise<Labkeeper> {
    const app = await startLabkeeper({
      mqtt: { host: '127.0.0.1', port: mosquitto.port },
      docker: [{ id: 'nas', url: simulator.url }],
      self: 'none',
      ...options,
    });
    others.push(app);
    return app;
  }
  const kept = (): object =>
    Object.fromEntries([...broker.messages].filter(([topic]) => topic.startsWith('home')));
  const saysWhy = ({ running }: Labkeeper): void => {
    assert.match(running.output(), /another Labkeeper \(on ".+", since .+\) uses the topics “labkeeper\/…”/);
    assert.match(running.output(), /stop one of them, or give one its own topics with the option “site”/);
  };

  it('the second ends, says why, and leaves everything as it was', async () => {
    const before = kept();
    bridge.length = 0;
    const second = await start({});
    assert.equal(await second.running.exited, 1);
    saysWhy(second);
    assert.deepEqual(kept(), before);
    assert.equal(broker.messages.get(BRIDGE), 'online');
    assert.deepEqual(bridge, [], 'neither online nor offline was said in the name of the first');
  });

  it('the later one ends as well where they meet only when the broker is back', async () => {
    await mosquitto.end();
    const second = await start({});
    await eventually('its try', () => /nothing listens there/.test(second.running.output()));
    await mosquitto.start();
    assert.equal(await second.running.exited, 1);
    saysWhy(second);
    await eventually('the first to be back', () => broker.messages.get(BRIDGE) === 'online', 30_000);
    assert.doesNotMatch(first.running.output(), /another Labkeeper/);
  });

  it('with a site of its own it runs beside the first', async () => {
    const second = await start({ site: 'garage' });
    await eventually('its devices', () =>
      [...broker.messages.keys()].some((topic) => topic.startsWith('homeassistant/device/garage_docker_nas')),
    );
    assert.equal(broker.messages.get(BRIDGE), 'online');
    await second.end();
    assert.equal(broker.messages.get(BRIDGE), 'online');
    assert.equal(broker.messages.get('labkeeper-garage/bridge/state'), 'offline');
  });

  it('one that was killed keeps nobody from taking its place', async () => {
    first.running.kill('SIGKILL');
    await first.running.exited;
    await eventually('its last will', () => broker.messages.get(BRIDGE) === 'offline');
    const second = await start({});
    await eventually('the new one', () => broker.messages.get(BRIDGE) === 'online');
    assert.doesNotMatch(second.running.output(), /another Labkeeper/);
  });
});
