import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { type Dockerd, IMAGE, startDockerd, WELL_BEHAVED } from '../parts/dockerd.ts';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { eventually } from '../parts/process.ts';
import { type Registry, ROBOT, startRegistry } from '../parts/registry.ts';
import { Retained } from '../parts/retained.ts';

const VERSION = 'org.opencontainers.image.version';
const SOURCE = 'org.opencontainers.image.source';

describe('updates of images from a real registry', { timeout: 180_000 }, () => {
  let dockerd: Dockerd;
  let registry: Registry;
  let mosquitto: Mosquitto;
  let broker: Retained;
  let labkeeper: Labkeeper | undefined;
  let app: string;

  before(async () => {
    dockerd = await startDockerd();
    registry = await startRegistry();
    mosquitto = await startMosquitto();
    broker = await Retained.of(mosquitto.port);
    app = `${registry.host}/team/app`;
  });
  after(async () => {
    await labkeeper?.stop();
    await broker?.close();
    await mosquitto?.stop();
    await registry?.stop();
    await dockerd?.stop();
  });

  /** Makes a version of the image under its tag on the engine, and sends it to the registry. */
  async function publish(version: string): Promise<void> {
    const container = await dockerd.docker.createContainer({ Image: IMAGE, Cmd: WELL_BEHAVED });
    const changes = `LABEL ${VERSION}=${version} ${SOURCE}=https://github.com/team/app`;
    await container.commit({ repo: app, tag: '1', changes });
    await container.remove();
    const push = await dockerd.docker.getImage(`${app}:1`).push({ tag: '1', authconfig: auth() });
    let said = '';
    push.on('data', (chunk) => {
      said += chunk;
    });
    await once(push, 'end');
    assert.match(said, /digest: sha256:/, said);
  }
  const auth = () => ({ ...ROBOT, serveraddress: registry.host });

  /** Starts the app as if for the first time, so that it asks at once. */
  async function look(login: object = ROBOT): Promise<void> {
    await labkeeper?.stop();
    for (const topic of broker.messages.keys()) {
      if (topic.includes('container_')) await broker.client.publishAsync(topic, '', { retain: true });
    }
    labkeeper = await startLabkeeper({
      mqtt: { host: '127.0.0.1', port: mosquitto.port },
      entities: 'all',
      docker: [{ id: 'nas', url: dockerd.url }],
      registries: [{ host: registry.host, url: `http://${registry.host}`, ...login }],
    });
  }
  interface Shown {
    readonly image_state?: string | null;
    readonly image_update?: Readonly<Record<string, string>> | null;
  }
  const shown = (name: string): Shown =>
    JSON.parse(broker.messages.get(`labkeeper/docker_nas_container_${name}/state`) ?? '{}');
  const until = (name: string, state: string): Promise<Shown> =>
    eventually(`${name} to be ${state}`, () => shown(name).image_state === state && shown(name), 30_000);

  it('is up to date while the tag points at what runs', async () => {
    await publish('1.0');
    await dockerd.start('app', { Image: `${app}:1` });
    await dockerd.start('built');
    await look();
    const { image_update } = await until('app', 'current');
    assert.match(image_update?.installed_version ?? '', /^1\.0 \([0-9a-f]{8}\)$/);
    assert.equal(image_update?.latest_version, image_update?.installed_version);
    assert.equal('image_update' in shown('built'), false, 'nothing is known of what was built here');
  });

  it('tells of a newer one, with its version and link, and pulls nothing', async () => {
    const { Id: old } = await dockerd.docker.getImage(`${app}:1`).inspect();
    await publish('1.1');
    // As if somebody else had published it.
    await dockerd.docker.getImage(`${app}:1`).remove({ force: true });
    await dockerd.docker.getImage(old).tag({ repo: app, tag: '1' });
    const before = await dockerd.docker.listImages({ all: true });
    await look();
    const { image_update } = await until('app', 'available');
    assert.match(image_update?.installed_version ?? '', /^1\.0 \(/);
    assert.match(image_update?.latest_version ?? '', /^1\.1 \([0-9a-f]{8}\)$/);
    assert.equal(image_update?.release_url, 'https://github.com/team/app/releases');
    assert.deepEqual(
      (await dockerd.docker.listImages({ all: true })).map(({ Id }) => Id).sort(),
      before.map(({ Id }) => Id).sort(),
    );
  });

  it('knows what was pulled but is not run yet, and what is recreated from it', async () => {
    const pull = await dockerd.docker.pull(`${app}:1`, { authconfig: auth() });
    pull.resume();
    await once(pull, 'end');
    await look();
    const { image_update } = await until('app', 'pulled');
    assert.match(image_update?.latest_version ?? '', /^1\.1 \(/);
    await dockerd.docker.getContainer('app').remove({ force: true });
    await dockerd.start('app', { Image: `${app}:1` });
    const { image_update: after_ } = await until('app', 'current');
    assert.match(after_?.installed_version ?? '', /^1\.1 \(/);
  });

  it('is unknown to who may not log in, and the password stands in no log', async () => {
    await look({ username: 'robot', password: 'not the password' });
    await eventually(
      'the entity without a version',
      () => 'image_update' in shown('app') && shown('app').image_update === null,
      30_000,
    );
    const output = labkeeper?.running.output() ?? '';
    assert.doesNotMatch(output, /not the password/);
  });
});
