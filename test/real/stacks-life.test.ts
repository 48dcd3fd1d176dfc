import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { startStackLab } from '../helpers/stack-lab.ts';
import { checkOf, HOST, outcome } from '../helpers/stack-lab.ts';
import { IMAGE } from '../parts/dockerd.ts';
import { STAY, type StackEngine, startStackEngine } from '../parts/stack-engine.ts';

type Lab = Awaited<ReturnType<StackEngine['begin']>> & ReturnType<typeof startStackLab>;

const SHOP = 'docker/nas/stack/shop';
const WEB = 'docker/nas/container/shop.web.1';

describe('stacks of a real engine are changed, made anew and taken away', { timeout: 560_000 }, () => {
  let engine: StackEngine;
  before(async () => {
    engine = await startStackEngine();
  });
  after(() => engine?.stop());
  afterEach(() => engine.tidy());

  /** A stack that runs, with something in its volume. */
  async function deployed(more: object = {}): Promise<Lab> {
    const lab = await engine.begin(more);
    const job = await lab.done('deploy_stack', HOST, { name: 'shop', compose: fileOf('red') });
    assert.deepEqual(outcome(job), ['succeeded', undefined], JSON.stringify(lab.executor.logOf(job.id)));
    await lab.seen(SHOP);
    await lab.seen(WEB);
    await engine.within('shop-web-1', 'echo precious > /data/kept');
    return lab;
  }
  const succeeds = async (lab: Lab, action: string, target: string, input: object = {}): Promise<void> => {
    const job = await lab.done(action, target, input);
    assert.deepEqual(outcome(job), ['succeeded', undefined], JSON.stringify(lab.executor.logOf(job.id)));
  };
  const kept = (): Promise<string> => engine.within('shop-web-1', 'cat /data/kept');
  const colour = async (): Promise<string | undefined> =>
    (await engine.inspect('shop-web-1')).Config.Env.find((one) => one.startsWith('COLOUR='));
  const containers = async (): Promise<readonly string[]> =>
    (await engine.dockerd.docker.listContainers({ all: true })).map(({ Names }) => Names[0] ?? '').sort();
  const volumes = async (): Promise<readonly string[]> =>
    (await engine.dockerd.docker.listVolumes()).Volumes.map(({ Name }) => Name).sort();
  const networks = async (): Promise<readonly string[]> =>
    (await engine.dockerd.docker.listNetworks()).map(({ Name }) => Name);
  /** To Compose all is as its file says: it makes nothing anew. */
  async function isAsComposeMakesIt(): Promise<void> {
    const made = (await engine.inspect('shop-web-1')).Id;
    await engine.compose.run(path.join(engine.folder, 'shop'), 'up', '-d', '--pull', 'never');
    assert.equal((await engine.inspect('shop-web-1')).Id, made);
  }

  for (const way of ['a helper', 'SSH']) {
    it(`update_stack by ${way} changes what its file says, keeps the data, and goes back`, async () => {
      const lab = await deployed(way === 'SSH' ? engine.bySsh() : {});
      const compose = fileOf('blue', 'worker');
      const plan = await lab.planned('update_stack', SHOP, { compose });
      assert.deepEqual(
        plan.checks?.filter(({ ok }) => !ok),
        [],
      );
      assert.equal(await colour(), 'COLOUR=red', 'a dry run changes nothing');
      await succeeds(lab, 'update_stack', SHOP, { compose });
      assert.deepEqual([await colour(), await kept()], ['COLOUR=blue', 'precious\n']);
      assert.deepEqual(await containers(), ['/shop-web-1', '/shop-worker-1']);
      assert.equal(await readFile(path.join(engine.folder, 'shop/compose.yaml'), 'utf8'), compose);
      await isAsComposeMakesIt();
      await succeeds(lab, 'update_stack', SHOP, { previous: true });
      assert.deepEqual([await colour(), await kept()], ['COLOUR=red', 'precious\n']);
      assert.equal(await readFile(path.join(engine.folder, 'shop/compose.yaml'), 'utf8'), fileOf('red'));
    });
  }

  it('update_stack is refused where what is mounted would be something else', async () => {
    const lab = await deployed();
    const compose = fileOf('blue').replace('"data:/data"', '"/srv/elsewhere:/data"');
    const { state, error } = await lab.done('update_stack', SHOP, { compose });
    assert.deepEqual([state, error?.code], ['failed', 'check_failed'], error?.message);
    assert.match(error?.message ?? '', /web.*\/data/);
    assert.deepEqual([await colour(), await kept()], ['COLOUR=red', 'precious\n']);
  });

  it('remove_stack takes containers and networks, and leaves volumes unless that is said', async () => {
    const lab = await deployed();
    await engine.dockerd.docker.createVolume({ Name: 'others' });
    const plan = await lab.planned('remove_stack', SHOP);
    assert.match(checkOf(plan, 'Volumes that stay')?.message ?? '', /^shop_data \(/);
    await succeeds(lab, 'remove_stack', SHOP);
    assert.deepEqual([await containers(), await volumes()], [[], ['others', 'shop_data']]);
    assert.ok(!(await networks()).includes('shop_default'));
    await engine.compose.run(path.join(engine.folder, 'shop'), 'up', '-d', '--wait', '--pull', 'never');
    assert.equal(await kept(), 'precious\n');
    await lab.seen(WEB);
    await succeeds(lab, 'remove_stack', SHOP, { volumes: true });
    assert.deepEqual([await containers(), await volumes()], [[], ['others']]);
  });

  it('recreate_container makes the same one anew, also to Compose', async () => {
    const lab = await deployed();
    const was = await engine.inspect('shop-web-1');
    await succeeds(lab, 'recreate_container', WEB);
    const is = await engine.inspect('shop-web-1');
    assert.notEqual(is.Id, was.Id);
    assert.deepEqual([is.Config.Env, is.Config.Labels], [was.Config.Env, was.Config.Labels]);
    assert.deepEqual(Object.keys(is.NetworkSettings.Networks), ['shop_default']);
    assert.deepEqual(
      [is.State.Running, await kept(), await containers()],
      [true, 'precious\n', ['/shop-web-1']],
    );
    await isAsComposeMakesIt();
  });

  it('recreate_container takes what stands under the name of its image by now', async () => {
    const lab = await deployed();
    const was = (await engine.inspect('shop-web-1')).Image;
    const [repo = '', tag = ''] = IMAGE.split(':');
    const changed = await engine.dockerd.docker.getContainer('shop-web-1').commit({ repo, tag });
    try {
      await succeeds(lab, 'recreate_container', WEB);
      const { Image } = await engine.inspect('shop-web-1');
      assert.notEqual(Image, was);
      assert.equal(Image, (changed as { readonly Id: string }).Id);
      assert.equal(await kept(), 'precious\n');
    } finally {
      await engine.dockerd.docker.getImage(was).tag({ repo, tag });
    }
  });

  it('prune removes what it listed, and nothing that a container has, running or not', async () => {
    const { docker } = engine.dockerd;
    const lab = await deployed();
    await docker.createVolume({ Name: 'named' });
    const { name: anonymous } = await docker.createVolume();
    const off = await docker.createContainer({
      ...{ name: 'off', Image: IMAGE, Cmd: ['true'] },
      HostConfig: { Binds: ['held:/held'] },
    });
    const web = docker.getContainer('shop-web-1');
    const { Id: nameless } = (await web.commit()) as { readonly Id: string };
    const { Id: unused } = (await web.commit({ repo: 'lab/unused', tag: '1' })) as { readonly Id: string };
    const images = async (): Promise<readonly string[]> => (await docker.listImages()).map(({ Id }) => Id);

    await succeeds(lab, 'prune', HOST);
    assert.deepEqual([(await images()).includes(nameless), (await images()).includes(unused)], [false, true]);
    assert.deepEqual(await volumes(), [anonymous, 'held', 'named', 'shop_data'].sort(), 'volumes stay');

    const everything = { images: 'unused', volumes: 'unused', build_cache: true };
    const plan = await lab.planned('prune', HOST, everything);
    assert.match(checkOf(plan, 'Images')?.message ?? '', /^lab\/unused:1 \([^,]+$/);
    assert.match(checkOf(plan, 'Volumes')?.message ?? '', /named \(/);
    await succeeds(lab, 'prune', HOST, { volumes: 'anonymous' });
    assert.deepEqual(await volumes(), ['held', 'named', 'shop_data']);
    await succeeds(lab, 'prune', HOST, everything);
    assert.deepEqual(await volumes(), ['held', 'shop_data']);
    assert.ok(!(await images()).includes(unused));
    assert.deepEqual([await kept(), (await off.inspect()).State.Status], ['precious\n', 'created']);
    // What Labkeeper itself works with is there, too.
    await succeeds(lab, 'update_stack', SHOP, { compose: fileOf('blue') });
  });
});

const serviceOf = (name: string, colour: string): string => `  ${name}:
    image: ${IMAGE}
    command: ["/bin/sh", "-c", '${STAY}']
    volumes: ["data:/data"]
    environment: {COLOUR: ${colour}}
    stop_grace_period: 1s
    healthcheck: {test: ["CMD", "true"], interval: 1s}
`;

const fileOf = (colour: string, ...beside: readonly string[]): string =>
  `services:\n${['web', ...beside].map((name) => serviceOf(name, colour)).join('')}volumes: {data: {}}\n`;
