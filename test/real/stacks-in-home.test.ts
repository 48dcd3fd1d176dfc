import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { COMPOSE_IMAGE, startCompose } from '../parts/compose.ts';
import { IMAGE } from '../parts/dockerd.ts';
import type { Labkeeper } from '../parts/labkeeper.ts';
import { ours } from '../parts/ours.ts';
import { eventually } from '../parts/process.ts';
import { startWorld, type World } from '../parts/world.ts';

const FILE = `services:
  web:
    image: ${IMAGE}
    command: ["/bin/sh", "-c", 'trap "exit 0" TERM; while :; do sleep 1 & wait $$!; done']
    stop_grace_period: 1s
    healthcheck: {test: ["CMD", "true"], interval: 1s}
`;
const HOST = 'docker/nas/host/engine';
const STACK = 'labkeeper_docker_nas_stack_shop';

describe('a stack made from here, in a real Home Assistant', { timeout: 400_000 }, () => {
  let world: World;
  let labkeeper: Labkeeper;
  let folder: string;

  before(async () => {
    world = await startWorld();
    await startCompose(world.dockerd);
    folder = await mkdtemp(path.join(tmpdir(), 'stacks-'));
    labkeeper = await world.labkeeper({
      docker: { compose_image: COMPOSE_IMAGE, stacks_folder: folder, image_updates: false, forget_after: 1 },
      allow: 'destroy',
    });
  });
  after(async () => {
    await world?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function ask(action: string, body: object): Promise<void> {
    const token = (await readFile(path.join(labkeeper.folder, 'token'), 'utf8')).match(/^http (\S+)$/m)?.[1];
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${labkeeper.url}/api/actions/${action}`, {
      ...{ method: 'POST', headers },
      body: JSON.stringify({ ...body, wait_s: 60 }),
    });
    const { job } = (await answer.json()) as { job?: { state: string; error?: object } };
    assert.equal(job?.state, 'succeeded', JSON.stringify(job));
  }
  const shown = async (): Promise<readonly string[]> =>
    Object.keys((await ours(world.home)).devices).filter((id) => id.includes('shop'));

  it('has its devices there, with a switch that is on, and none any more when it is removed', async () => {
    await eventually(
      'the host',
      async () => (await ours(world.home)).devices.labkeeper_docker_nas_host_engine,
      60_000,
    );
    assert.deepEqual(await shown(), []);
    await ask('deploy_stack', { target: HOST, input: { name: 'shop', compose: FILE } });
    const names = await eventually(
      'its devices',
      async () => {
        const all = await shown();
        return all.length === 2 && all;
      },
      30_000,
    );
    assert.ok(names.includes(STACK), names.join());
    const container = names.find((id) => id.includes('container'));
    await world.home.until(await world.home.entityId(`${container}_power`), 'on');
    await ask('remove_stack', { target: 'docker/nas/stack/shop', input: {}, confirm: 'shop' });
    await eventually('them to go', async () => (await shown()).length === 0, 30_000);
  });
});
