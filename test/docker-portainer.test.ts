import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import type { Source } from '../addon/src/contract/source.ts';
import { systemClock } from '../addon/src/core/clock.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { Meter } from '../addon/src/core/meter.ts';
import { Engine } from '../addon/src/engine/engine.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { Store } from '../addon/src/model/store.ts';
import { DockerClient } from '../addon/src/sources/docker/client.ts';
import { docker } from '../addon/src/sources/docker/index.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { type PortainerSimulator, startPortainer } from '../simulators/docker/portainer.ts';
import { composeLabels } from '../simulators/docker/seed.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';
import { recordingLog } from './helpers/samples.ts';
import { eventually } from './parts/process.ts';

const KEY = 'ptr_secret';
const WEB = 'docker/attic/container/shop.web.1';

suite('an engine by way of Portainer', () => {
  let simulated: DockerEngine;
  let direct: DockerSimulator;
  let other: DockerSimulator;
  let portainer: PortainerSimulator;

  beforeEach(async () => {
    simulated = new DockerEngine({ stopMs: 10, statsWaitMs: 5, id: 'SAME' });
    simulated.create({ name: 'shop-web-1', image: 'web:1', labels: composeLabels('shop', 'web') });
    simulated.start('shop-web-1');
    direct = await startDockerSimulator({ engine: simulated });
    other = await startDockerSimulator({ engine: new DockerEngine({ id: 'OTHER' }) });
    portainer = await startPortainer({
      apiKey: KEY,
      environments: [
        { id: 2, name: 'local', url: direct.url },
        { id: 7, name: 'nas', url: other.url },
        { id: 9, name: 'cluster', type: 5, url: 'http://127.0.0.1:1' },
      ],
      stacks: [
        { id: 4, name: 'shop', environment: 2 },
        { id: 5, name: 'shop', environment: 7 },
      ],
    });
  });

  afterEach(async () => {
    await portainer.close();
    await other.close();
    await direct.close();
  });

  const engineOf = (systems: readonly { id: string; options: object }[], store: Store<LabResource>) => {
    const log = recordingLog();
    const configured = systems.map(({ id, options }) => ({
      source: docker as unknown as Source,
      ...{ id, title: id, options: options as never },
    }));
    const engine = new Engine(configured, {
      ...{ store, clock: systemClock, random: Math.random, log, database: memoryDatabase() },
      intervals: { fast: 0.6, slow: 1, rare: 1 },
    });
    engine.start();
    return { engine, log };
  };

  test('is read, followed and controlled', async () => {
    const store = new Store<LabResource>();
    const options = { url: portainer.url, portainer_key: KEY, environment: 'local' };
    const { engine } = engineOf([{ id: 'attic', options }], store);
    const state = (): unknown => {
      const web = store.get(WEB);
      return web?.kind === 'container' && web.available ? web.readings.state : undefined;
    };
    try {
      await eventually('the container', () => state() === 'running', 5_000);
      const stack = (): LabResource | undefined => store.get('docker/attic/stack/shop');
      await eventually('the page of its stack', () => stack()?.facts.url !== undefined, 5_000);
      const page = `${portainer.url}/#!/2/docker/stacks/shop?id=4&type=2&regular=true&orphaned=false`;
      assert.equal(stack()?.facts.url, page);
      simulated.pause('shop-web-1');
      await eventually('its event', () => state() === 'paused', 5_000);
      simulated.unpause('shop-web-1');
      await engine.for(WEB, 'power')?.stop(WEB, AbortSignal.timeout(5_000));
      await eventually('its end', () => state() === 'exited', 5_000);
      assert.equal(simulated.find('shop-web-1').status, 'exited');
    } finally {
      await engine.close();
    }
  });

  test('and directly, too, is there once', async () => {
    const store = new Store<LabResource>();
    const { engine, log } = engineOf(
      [
        { id: 'attic', options: { url: portainer.url, portainer_key: KEY, environment: '2' } },
        { id: 'direct', options: { url: direct.url } },
      ],
      store,
    );
    try {
      const refusal = /docker\/(attic|direct) reaches the same system as docker\/(attic|direct)/;
      await eventually('the refusal', () => log.lines.some((line) => refusal.test(line)), 5_000);
      await eventually(
        'the other one',
        () => [...store.all()].some(({ kind }) => kind === 'container'),
        5_000,
      );
      assert.equal([...store.all()].filter(({ kind }) => kind === 'container').length, 1);
    } finally {
      await engine.close();
    }
  });

  const asked = async (options: object): Promise<{ code: string; message: string; hint: string }> => {
    const client = new DockerClient(
      { url: portainer.url, portainer_key: KEY, ...options },
      'docker/attic',
      systemClock,
      new Meter(systemClock),
    );
    return client.info(AbortSignal.timeout(5_000)).then(
      ({ ID }) => ({ code: 'answered', message: ID, hint: '' }),
      (thrown) => thrown,
    );
  };

  test('is found by name or number, and what there is is said where it is not', async () => {
    assert.equal((await asked({ environment: 'nas' })).message, 'OTHER');
    assert.equal((await asked({ environment: '2' })).message, 'SAME');
    const missing = await asked({ environment: 'attic' });
    assert.deepEqual(
      [missing.code, missing.hint],
      ['options_invalid', 'set environment to one of: local (2), nas (7)'],
    );
    assert.match((await asked({})).message, /which environment is meant is not said/);
    assert.equal(
      (await asked({ environment: 'cluster' })).code,
      'options_invalid',
      'Kubernetes is no Docker',
    );
  });

  test('with a wrong token is refused, and said so', async () => {
    const { code, hint } = await asked({ portainer_key: 'ptr_wrong' });
    assert.equal(code, 'credentials_refused');
    assert.match(hint, /portainer_key/);
  });

  test('that Portainer cannot reach is Portainer’s failure', async () => {
    await other.close();
    const { code, message } = await asked({ environment: 'nas' });
    assert.equal(code, 'source_failed');
    assert.match(message, /Unable to reach the environment/);
    other = await startDockerSimulator({ engine: new DockerEngine() });
  });
});
