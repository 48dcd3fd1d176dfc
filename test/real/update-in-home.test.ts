import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { IMAGE, WELL_BEHAVED } from '../parts/dockerd.ts';
import { eventually } from '../parts/process.ts';
import { type Registry, ROBOT, startRegistry } from '../parts/registry.ts';
import { startWorld, type World } from '../parts/world.ts';

const VERSION = 'org.opencontainers.image.version';
const WEB = 'labkeeper_docker_nas_container_web';

describe('a newer image, from a real registry to a real Home Assistant and back', {
  timeout: 600_000,
}, () => {
  let world: World;
  let registry: Registry;
  let app: string;
  let update: string;

  before(async () => {
    world = await startWorld();
    registry = await startRegistry();
    app = `${registry.host}/team/app`;
    const { dockerd } = world;
    await publish('1.0');
    await dockerd.start('web', { Image: `${app}:1`, HostConfig: { Binds: ['web_data:/data'] } });
    const { RepoDigests } = await dockerd.docker.getImage(`${app}:1`).inspect();
    await dockerd.start('pinned', { Image: RepoDigests[0] ?? assert.fail() });
    await dockerd.start('excepted', { Image: `${app}:1`, Labels: { 'labkeeper.update': 'false' } });
    await newer('1.1');
    await look();
    update = await world.home.entityId(`${WEB}_image_update`);
  });
  after(async () => {
    await world?.stop();
    await registry?.stop();
  });

  async function publish(version: string): Promise<void> {
    const { docker } = world.dockerd;
    const maker = await docker.createContainer({ Image: IMAGE, Cmd: WELL_BEHAVED });
    await maker.commit({ repo: app, tag: '1', changes: `LABEL ${VERSION}=${version}` });
    await maker.remove();
    const auth = { ...ROBOT, serveraddress: registry.host };
    const push = await docker.getImage(`${app}:1`).push({ tag: '1', authconfig: auth });
    push.resume();
    await once(push, 'end');
  }
  /** As if somebody else had published it: the engine keeps what it had under the tag. */
  async function newer(version: string): Promise<void> {
    const { docker } = world.dockerd;
    const { Id } = await docker.getImage(`${app}:1`).inspect();
    await publish(version);
    await docker.getImage(`${app}:1`).remove({ force: true });
    await docker.getImage(Id).tag({ repo: app, tag: '1' });
  }
  let labkeeper: Awaited<ReturnType<World['labkeeper']>> | undefined;
  /** Labkeeper begins as if for the first time, so that it asks at once. */
  async function look(): Promise<void> {
    await labkeeper?.stop();
    labkeeper = await world.labkeeper({
      registries: [{ host: registry.host, url: `http://${registry.host}`, ...ROBOT }],
    });
  }
  const shown = () => world.home.states[update];
  const offers = (version: string): Promise<unknown> =>
    eventually(
      `${version} to be offered`,
      () => (shown()?.attributes.latest_version as string | undefined)?.startsWith(`${version} (`),
      60_000,
    );

  it('is an update with both versions, and there is none for what is pinned or excepted', async () => {
    await world.home.until(update, 'on', 60_000);
    // What it is called is read after that there is one.
    await offers('1.1');
    const { installed_version, latest_version } = shown()?.attributes ?? {};
    assert.match(installed_version, /^1\.0 \([0-9a-f]{8}\)$/);
    assert.match(latest_version, /^1\.1 \([0-9a-f]{8}\)$/);
    await world.home.entityId('labkeeper_docker_nas_container_pinned_restart');
    await world.home.entityId('labkeeper_docker_nas_container_excepted_restart');
    const updates = (await world.home.entities()).filter(({ unique_id }) =>
      unique_id.endsWith('_image_update'),
    );
    assert.deepEqual(
      updates.map(({ unique_id }) => unique_id),
      [`${WEB}_image_update`],
    );
  });

  it('is left alone once it was skipped, until there is one after it', async () => {
    await world.home.callAction('update', 'skip', { entity_id: update });
    await world.home.until(update, 'off');
    assert.match(shown()?.attributes.skipped_version, /^1\.1 \(/);
    await newer('1.2');
    await look();
    await offers('1.2');
    await world.home.until(update, 'on');
  });

  it('is installed when Home Assistant says so, and every entity stays', async () => {
    const device = await world.home.device(WEB);
    const before = (await world.home.entities()).filter(({ device_id }) => device_id === device?.id);
    const { Id } = await world.dockerd.docker.getContainer('web').inspect();
    let sawProgress = false;
    const end = world.home.onStates((states) => {
      sawProgress ||= states[update]?.attributes.in_progress === true;
    });
    await world.home.callAction('update', 'install', { entity_id: update });
    await eventually(
      '1.2 to be installed',
      () => (shown()?.attributes.installed_version as string | undefined)?.startsWith('1.2 ('),
      120_000,
    );
    await world.home.until(update, 'off');
    end();
    const now = await world.dockerd.docker.getContainer('web').inspect();
    assert.notEqual(now.Id, Id);
    assert.equal(now.Config.Labels[VERSION], '1.2');
    assert.equal(now.Mounts[0]?.Name, 'web_data');
    assert.match(shown()?.attributes.installed_version, /^1\.2 \(/);
    assert.ok(sawProgress);
    const after_ = (await world.home.entities()).filter(({ device_id }) => device_id === device?.id);
    // When Home Assistant wrote about one last says nothing.
    const lasting = (all: typeof before) => all.map((one) => ({ ...one, modified_at: undefined }));
    assert.deepEqual(lasting(after_), lasting(before));
    assert.ok(before.length > 4);
    for (const { entity_id, disabled_by } of after_)
      if (disabled_by === null)
        assert.notEqual(world.home.states[entity_id]?.state, 'unavailable', entity_id);
  });
});
