import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { SimCompose } from '../simulators/docker/compose.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { type PortainerSimulator, startPortainer } from '../simulators/docker/portainer.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';
import { checkOf, HOST, outcome, startStackLab } from './helpers/stack-lab.ts';
import { Disk } from './helpers/update-lab.ts';

const SHOP = 'docker/nas/stack/shop';
const KEY = 'ptr_secret';
const FILE = `services:
  web:
    image: team/web:1
    volumes: ["data:/data"]
    environment: {PASSWORD: "\${PASSWORD}"}
    healthcheck: {test: ["CMD", "check"], interval: 20ms}
volumes: {data: }
`;
const INPUT = { name: 'shop', compose: FILE, environment: { PASSWORD: 'very secret' } };

suite('a stack by way of Portainer', () => {
  let simulated: DockerEngine;
  let direct: DockerSimulator;
  let portainer: PortainerSimulator;
  let disk: Disk;
  let run: ReturnType<typeof startStackLab>;

  beforeEach(async () => {
    disk = new Disk();
    simulated = new DockerEngine({ stopMs: 1, statsWaitMs: 1 });
    for (const image of ['team/web:1', 'team/web:2'])
      simulated.images.publish(image, { id: `sha256:${image}` });
    direct = await startDockerSimulator({ engine: simulated });
    const compose = new SimCompose(simulated, { files: new Set(), stepMs: 5 });
    portainer = await startPortainer({
      ...{ apiKey: KEY, environments: [{ id: 2, name: 'local', url: direct.url, local: true }] },
      deploy: async ({ name, file = '' }) => {
        compose.read(name, file);
        await compose.up(name);
      },
      down: async ({ name }) => {
        for (const { id, name: called } of simulated.containers)
          if (called.startsWith(`${name}-`)) simulated.remove(id, true);
        simulated.kept.networks.delete(`${name}_default`);
      },
    });
    run = startStackLab({ url: portainer.url, portainer_key: KEY }, disk.open());
    await run.seen(HOST);
  });
  afterEach(async () => {
    await run.close();
    await portainer.close();
    await direct.close();
    disk.remove();
  });

  test('is Portainer’s from then on: made, changed and removed by it', async () => {
    const plan = await run.planned('deploy_stack', HOST, INPUT);
    assert.equal(checkOf(plan, 'Way')?.message, 'Portainer makes it, and keeps its file');
    assert.deepEqual(outcome(await run.done('deploy_stack', HOST, INPUT)), ['succeeded', undefined]);
    assert.deepEqual(portainer.changes, [
      {
        call: 'POST /api/stacks/create/standalone/string?endpointId=2',
        body: { Name: 'shop', StackFileContent: FILE, Env: [{ name: 'PASSWORD', value: 'very secret' }] },
      },
    ]);
    await run.seen(SHOP);
    const newer = FILE.replace('team/web:1', 'team/web:2');
    const changing = await run.planned('update_stack', SHOP, { compose: newer });
    assert.equal(checkOf(changing, 'Changes')?.message, 'changed: web (image)');
    assert.deepEqual(outcome(await run.done('update_stack', SHOP, { compose: newer })), [
      'succeeded',
      undefined,
    ]);
    const { call, body } = portainer.changes[1] ?? assert.fail();
    assert.match(call, /^PUT \/api\/stacks\/1\?endpointId=2/);
    assert.deepEqual(
      [body.StackFileContent, body.Env],
      [newer, [{ name: 'PASSWORD', value: 'very secret' }]],
    );
    assert.equal(simulated.find('shop-web-1').spec.image, 'team/web:2');
    assert.deepEqual(outcome(await run.done('remove_stack', SHOP)), ['succeeded', undefined]);
    assert.equal(portainer.changes[2]?.call, 'DELETE /api/stacks/1?endpointId=2&external=false');
    assert.deepEqual(simulated.containers, []);
    assert.ok(simulated.kept.volumes.has('shop_data'));
  });

  test('takes nothing along that begins at its file', async () => {
    const input = { ...INPUT, compose: FILE.replace('data:/data', './data:/data') };
    const { checks = [] } = await run.planned('deploy_stack', HOST, input);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok).map(({ message }) => message),
      ['line 4: a relative folder (./data)'],
    );
    assert.equal((await run.done('deploy_stack', HOST, input)).error?.code, 'check_failed');
    assert.deepEqual(portainer.changes, []);
  });
});
