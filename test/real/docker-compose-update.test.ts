import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, afterEach, before, describe, it } from 'node:test';
import { startUpdateLab } from '../helpers/update-lab.ts';
import { COMPOSE_IMAGE, type Compose, startCompose } from '../parts/compose.ts';
import { type Dockerd, IMAGE, startDockerd } from '../parts/dockerd.ts';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { startMosquitto } from '../parts/mosquitto.ts';
import { eventually } from '../parts/process.ts';
import { type Registry, ROBOT, startRegistry } from '../parts/registry.ts';
import { Retained } from '../parts/retained.ts';
import { type Sshd, startSshd } from '../parts/sshd.ts';

const SHOP = 'docker/nas/stack/shop';
/** What a version does when it starts: tells who it is in its data, then stays. */
const STAY = 'trap "exit 0" TERM; while :; do sleep 1 & wait $!; done';

describe('stacks of a real engine, by real Compose', { timeout: 560_000 }, () => {
  let dockerd: Dockerd;
  let registry: Registry;
  let sshd: Sshd;
  let compose: Compose;
  let folder: string;
  let web: string;
  let lab: ReturnType<typeof startUpdateLab> | undefined;
  let database: DatabaseSync | undefined;
  let state: string;

  before(async () => {
    dockerd = await startDockerd();
    registry = await startRegistry();
    compose = await startCompose(dockerd);
    sshd = await startSshd({ environment: { ...compose.environment } });
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'stacks-')), 'shop');
    state = await mkdtemp(path.join(tmpdir(), 'labkeeper-'));
    web = `${registry.host}/team/web:1`;
    await mkdir(path.join(folder, 'data'), { recursive: true });
    await writeFile(path.join(folder, '.env'), 'GREETING=hello\n');
    await writeFile(path.join(folder, 'compose.yaml'), fileOf(web));
  });
  after(async () => {
    await sshd?.stop();
    await registry?.stop();
    await dockerd?.stop();
    await rm(path.dirname(folder), { recursive: true, force: true });
    await rm(state, { recursive: true, force: true });
  });
  afterEach(async () => {
    await end();
  });

  /** Puts a version of the image into the registry; the engine keeps what it had under the tag. */
  async function publish(version: string, command = `echo ${version} >>/data/ran; ${STAY}`): Promise<string> {
    const { docker } = dockerd;
    const old = await docker
      .getImage(web)
      .inspect()
      .then(({ Id }) => Id)
      .catch(() => undefined);
    const container = await docker.createContainer({ Image: IMAGE, Cmd: ['/bin/sh', '-c', command] });
    await container.commit({ repo: web.replace(/:1$/, ''), tag: '1', changes: `LABEL version=${version}` });
    await container.remove();
    const push = await docker
      .getImage(web)
      .push({ tag: '1', authconfig: { ...ROBOT, serveraddress: registry.host } });
    let said = '';
    push.on('data', (chunk) => {
      said += chunk;
    });
    await once(push, 'end');
    assert.match(said, /digest: sha256:/, said);
    const { Id } = await docker.getImage(web).inspect();
    if (old !== undefined) await docker.getImage(old).tag({ repo: web.replace(/:1$/, ''), tag: '1' });
    return Id;
  }
  /** As if there had been nothing before. */
  async function fresh(version: string): Promise<string> {
    await compose.run(folder, 'down', '-t', '1');
    await rm(path.join(folder, 'data/ran'), { force: true });
    await dockerd.docker
      .getImage(web)
      .remove({ force: true })
      .catch(() => {});
    const id = await publish(version);
    await compose.run(folder, 'up', '-d');
    return id;
  }
  const ran = async (): Promise<string> =>
    (await readFile(path.join(folder, 'data/ran'), 'utf8')).replaceAll('\n', ' ').trim();
  const inspect = (name: string) => dockerd.docker.getContainer(`shop-${name}-1`).inspect();
  const options = (more: object = {}) => ({
    ...{ url: dockerd.url, image_updates: false, compose_image: COMPOSE_IMAGE },
    ...{ registries: [{ host: registry.host, url: `http://${registry.host}`, ...ROBOT }] },
    ...more,
  });
  const bySsh = () => ({
    url: `ssh://root@127.0.0.1:${sshd.port}`,
    ...{ host_key: sshd.hostKey, identity_file: sshd.identityFile },
  });
  async function begin(more: object = {}, isNew = true): Promise<void> {
    if (isNew) await rm(path.join(state, 'state.db'), { force: true });
    database = new DatabaseSync(path.join(state, 'state.db'));
    lab = startUpdateLab(options(more), database, 0.5);
    await lab.seen(SHOP);
    await eventually(
      'where its file is',
      async () => (await planned())[1]?.includes('not known yet') === false,
    );
  }
  async function end(): Promise<void> {
    await lab?.close();
    database?.close();
    lab = undefined;
    database = undefined;
  }
  const planned = async (): Promise<readonly string[]> => (await lab?.plan(SHOP))?.steps ?? [];
  /** The file itself is as it was, and says what runs: Compose has nothing to do. */
  async function isSettled(): Promise<void> {
    assert.equal(await readFile(path.join(folder, 'compose.yaml'), 'utf8'), fileOf(web));
    const before = await Promise.all(['web', 'side', 'db'].map(inspect));
    await compose.run(folder, 'up', '-d', '--pull', 'never');
    const now = await Promise.all(['web', 'side', 'db'].map(inspect));
    assert.deepEqual(
      now.map(({ Id }) => Id),
      before.map(({ Id }) => Id),
    );
    assert.equal(now[1]?.HostConfig.NetworkMode, `container:${now[0]?.Id}`);
    const all = await dockerd.docker.listContainers({ all: true });
    assert.deepEqual(all.flatMap(({ Names }) => Names).sort(), ['/shop-db-1', '/shop-side-1', '/shop-web-1']);
  }

  /** The whole app, with the stack's update shown and nothing done yet. */
  async function startApp(more: object = {}) {
    const mosquitto = await startMosquitto();
    const broker = await Retained.of(mosquitto.port);
    const { registries, image_updates: _, ...engine } = options(more);
    const labkeeper = await startLabkeeper({
      mqtt: { host: '127.0.0.1', port: mosquitto.port },
      docker: [{ id: 'nas', ...engine }],
      ...{ registries, self: 'none' },
    });
    const shown = (): Shown =>
      JSON.parse(broker.messages.get('labkeeper/docker_nas_stack_shop/state') ?? '{}').image_update ?? {};
    const stop = async (): Promise<void> => {
      await labkeeper.stop();
      await broker.close();
      await mosquitto.stop();
    };
    const install = (): Promise<unknown> =>
      broker.client.publishAsync('labkeeper/docker_nas_stack_shop/image_update/set', 'INSTALL');
    try {
      await eventually('the update', () => / \(1 image\)$/.test(shown().latest_version ?? ''), 60_000);
      return { labkeeper, broker, shown, install, stop };
    } catch (thrown) {
      await stop();
      throw thrown;
    }
  }
  const isShownDone = ({ in_progress, installed_version, latest_version }: Shown): boolean =>
    in_progress === false && installed_version === latest_version;

  it('are updated by Home Assistant’s install, in a helper with relative folders and variables as they were', async () => {
    await fresh('one');
    const db = await inspect('db');
    const two = await publish('two');
    const { broker, shown, install, stop } = await startApp();
    try {
      const percents = new Set<unknown>();
      broker.client.on('message', () => percents.add(shown().update_percentage));
      await install();
      await eventually('the new one', async () => (await inspect('web')).Image === two, 60_000);
      await eventually('Home Assistant to see it', () => isShownDone(shown()), 60_000);
      assert.ok(percents.size > 1, [...percents].join());
      const now = await inspect('web');
      assert.equal(await ran(), 'one two');
      assert.ok(now.Config.Env.includes('GREETING=hello'));
      assert.equal(now.Mounts[0]?.Source, path.join(folder, 'data'));
      assert.equal((await inspect('db')).Id, db.Id);
      await isSettled();
    } finally {
      await stop();
    }
  });

  it('are updated over SSH, by the Compose that is there', async () => {
    await fresh('one');
    const two = await publish('two');
    await begin(bySsh());
    assert.match(
      (await planned())[1] ?? '',
      /docker compose on its machine, over SSH, with \/.*\/compose\.yaml/,
    );
    const job = await lab?.update(SHOP);
    assert.deepEqual([job?.state, job?.error], ['succeeded', undefined]);
    assert.equal((await inspect('web')).Image, two);
    assert.equal(await ran(), 'one two');
    await isSettled();
  });

  for (const [way, more] of [
    ['in a helper', () => ({})],
    ['over SSH', bySsh],
  ] as const) {
    it(`go back ${way}, with the data as the new ones left it, when somebody has decided so`, async () => {
      const one = await fresh('one');
      const two = await publish('two', 'echo two >>/data/ran; sleep 1; exit 3');
      await begin(more());
      const job = await lab?.update(SHOP);
      assert.equal(job?.state, 'failed');
      assert.match(
        job?.error?.message ?? '',
        /web .*; the new images stay, since they may have written to \/data \(/,
      );
      assert.equal((await inspect('web')).Image, two);
      const finding = await eventually('the finding', () =>
        lab?.findings().find(({ about }) => about === SHOP),
      );
      assert.equal(finding.commands?.[0], `docker tag ${one} ${web}`);
      const back = await lab?.update(SHOP, { go_back: true });
      assert.deepEqual([back?.state, back?.error], ['succeeded', undefined]);
      assert.equal((await inspect('web')).Image, one);
      assert.match(await ran(), /^one two .*one$/);
      await isSettled();
    });

    it(`are found half done and finished when Labkeeper is killed while Compose works ${way}`, async () => {
      await fresh('one');
      const two = await publish('two');
      const { labkeeper, shown, install, stop } = await startApp(more());
      try {
        await install();
        // The moment at which Compose has ended the old one.
        await eventually('Compose to be at it', async () => {
          const { State, Image } = await inspect('web').catch(() => ({ State: undefined, Image: '' }));
          return State?.Running !== true || Image === two;
        });
        labkeeper.running.kill('SIGKILL');
        await labkeeper.running.exited;
        await labkeeper.start();
        await eventually('the new one', async () => (await inspect('web')).Image === two, 90_000);
        await eventually('what became of it', async () => (await jobOf(labkeeper)) === 'succeeded', 90_000);
        await eventually('Home Assistant to see it', () => isShownDone(shown()), 60_000);
      } finally {
        await stop();
      }
      assert.equal((await inspect('web')).State.Running, true);
      await isSettled();
    });
  }

  it('whose variables are not set any more are left alone', async () => {
    const one = await fresh('one');
    await publish('two');
    await rename(path.join(folder, '.env'), path.join(folder, 'hidden.env'));
    try {
      for (const more of [{}, bySsh()]) {
        await begin(more);
        const job = await lab?.update(SHOP);
        assert.match(job?.error?.message ?? '', /needs variables that are not set: GREETING/);
        await end();
      }
    } finally {
      await rename(path.join(folder, 'hidden.env'), path.join(folder, '.env'));
    }
    assert.equal((await inspect('web')).Image, one);
  });

  it('are changed in a helper where the SSH key leads to the engine alone', async () => {
    await fresh('one');
    const two = await publish('two');
    const file = path.join(path.dirname(sshd.identityFile), 'authorized');
    const keys = await readFile(file, 'utf8');
    await writeFile(file, `restrict,command="docker system dial-stdio" ${keys}`);
    try {
      await begin({ ...bySsh(), compose_socket: dockerd.url.slice('unix://'.length) });
      assert.match((await planned())[1] ?? '', /in a helper container/);
      const job = await lab?.update(SHOP);
      assert.deepEqual([job?.state, job?.error], ['succeeded', undefined]);
    } finally {
      await end();
      await writeFile(file, keys);
    }
    assert.equal((await inspect('web')).Image, two);
    await isSettled();
  });

  it('whose folder is gone are made anew container by container, and are the same stack to Compose', async () => {
    await fresh('one');
    const two = await publish('two');
    // A folder for the data has to be where it was; the file need not.
    await rename(path.join(folder, 'compose.yaml'), path.join(folder, 'hidden.yaml'));
    try {
      await begin();
      const job = await lab?.update(SHOP);
      assert.deepEqual([job?.state, job?.error], ['succeeded', undefined]);
      assert.match(String(job?.result?.by), /each container by itself: .* is not on the engine’s machine/);
    } finally {
      await rename(path.join(folder, 'hidden.yaml'), path.join(folder, 'compose.yaml'));
    }
    assert.equal((await inspect('web')).Image, two);
    assert.equal((await inspect('web')).Config.Labels['com.docker.compose.service'], 'web');
    assert.equal(await ran(), 'one two');
  });
});

interface Shown {
  readonly in_progress?: boolean;
  readonly update_percentage?: number | null;
  readonly installed_version?: string;
  readonly latest_version?: string;
}

/** What its API says of the last job. */
async function jobOf({ folder, url }: Labkeeper): Promise<string | undefined> {
  const token = (await readFile(path.join(folder, 'token'), 'utf8')).match(/^http (\S+)$/m)?.[1];
  const answer = await fetch(`${url}/api/jobs`, { headers: { authorization: `Bearer ${token}` } });
  const { jobs } = (await answer.json()) as { jobs: readonly { state: string }[] };
  return jobs[0]?.state;
}

const fileOf = (image: string): string => `services:
  web:
    image: ${image}
    volumes: ["./data:/data"]
    environment: {GREETING: "\${GREETING}"}
    stop_grace_period: 1s
    healthcheck: {test: ["CMD", "true"], interval: 1s}
  side:
    image: ${IMAGE}
    network_mode: service:web
    command: ["/bin/sh", "-c", '${STAY.replaceAll('$', '$$$$')}']
    stop_grace_period: 1s
    healthcheck: {test: ["CMD", "true"], interval: 1s}
  db:
    image: ${IMAGE}
    command: ["/bin/sh", "-c", '${STAY.replaceAll('$', '$$$$')}']
    stop_grace_period: 1s
    healthcheck: {test: ["CMD", "true"], interval: 1s}
`;
