import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { IMAGE, WELL_BEHAVED } from '../parts/dockerd.ts';
import type { Labkeeper } from '../parts/labkeeper.ts';
import { eventually } from '../parts/process.ts';
import { assertAsPublished } from '../parts/published.ts';
import { composeLabels, startWorld, type World } from '../parts/world.ts';

const HOST = 'labkeeper_docker_nas_host_engine';
const STACK = 'labkeeper_docker_nas_stack_media';
const SOLO = 'labkeeper_docker_nas_container_solo';

describe('a container, from a real engine to a real Home Assistant and back', { timeout: 600_000 }, () => {
  let world: World;
  let labkeeper: Labkeeper;
  /** Identifier of the device of the Compose container `web`, whose id holds dots. */
  let web: string;
  const id = (device: string, key: string): Promise<string> => world.home.entityId(`${device}_${key}`);

  before(async () => {
    world = await startWorld();
    const { dockerd } = world;
    await dockerd.start('media-web-1', {
      Labels: composeLabels('media', 'web'),
      Healthcheck: { Test: ['CMD', '/bin/true'], Interval: 1e9, Timeout: 1e9, Retries: 1, StartPeriod: 0 },
    });
    await dockerd.start('media-db-1', { Labels: composeLabels('media', 'db') });
    await dockerd.start('solo');
    await dockerd.start('by-the-way', { HostConfig: { AutoRemove: true } });
    await dockerd.start('media-web-run-1', {
      Labels: { ...composeLabels('media', 'web', 2), 'com.docker.compose.oneoff': 'True' },
    });
    labkeeper = await world.labkeeper({ entities: 'all', docker: { forget_after: 3 } });
    const found = await eventually('discovery of all devices', () => {
      const discoveries = world.broker.discoveries();
      return discoveries.length >= 6 && discoveries.find(({ device }) => device.name === 'web');
    });
    web = found.device.identifiers[0];
  });

  after(() => world?.stop());

  it('makes a device for the host, each stack and each lasting container, and for nothing else', async () => {
    const names = world.broker.discoveries().map(({ device }) => device.name);
    assert.deepEqual(names.toSorted(), ['Labkeeper', 'NAS', 'db', 'media', 'solo', 'web']);
    await eventually('devices in Home Assistant', async () => {
      const ours = (await world.home.devices()).filter(({ identifiers }) =>
        identifiers.some(([, identifier]) => identifier.startsWith('labkeeper_')),
      );
      return ours.length === names.length && ours.every(({ name }) => names.includes(name ?? ''));
    });
  });

  it('has every published entity, available, with the state, unit, class, category and device that we sent', async () => {
    await world.home.until(await id(SOLO, 'cpu'), ({ state }) => Number(state) >= 0, 30_000);
    const { entities } = await eventually('entities as published', () => assertAsPublished(world));
    assert.ok(entities > 40, `only ${entities} entities were compared`);
  });

  it('tells what the engine tells', async () => {
    const inspect = await world.dockerd.docker.getContainer('media-web-1').inspect();
    const states = world.home.states;
    assert.equal(states[await id(web, 'state')]?.state, inspect.State.Status);
    await world.home.until(await id(web, 'health'), 'healthy');
    assert.equal(states[await id(web, 'image')]?.state, IMAGE);
    const started = Date.parse(states[await id(web, 'started')]?.state ?? '');
    assert.ok(Math.abs(started - Date.parse(inspect.State.StartedAt)) < 1_000);
    assert.equal(states[await id(HOST, 'running')]?.state, '3');
    assert.equal(states[await id(STACK, 'total')]?.state, '2');
    const { ServerVersion } = await world.dockerd.docker.info();
    assert.equal((await world.home.device(HOST))?.sw_version, ServerVersion);
  });

  it('hangs the container under its stack, and the stack under the host', async () => {
    const [host, stack, container, solo] = await Promise.all(
      [HOST, STACK, web, SOLO].map((d) => world.home.device(d)),
    );
    assert.equal(container?.via_device_id, stack?.id);
    assert.equal(stack?.via_device_id, host?.id);
    assert.equal(solo?.via_device_id, host?.id);
    assert.equal(host?.via_device_id, null);
  });

  it('stops the real container when it is switched off in Home Assistant, and the state follows', async () => {
    const power = await id(web, 'power');
    await world.home.callAction('switch', 'turn_off', { entity_id: power });
    await world.home.until(power, 'off');
    const { State } = await world.dockerd.docker.getContainer('media-web-1').inspect();
    assert.equal(State.Running, false);
    assert.equal(State.ExitCode, 0, 'ended gracefully');
    await world.home.until(await id(web, 'state'), 'exited');
    await world.home.until(await id(STACK, 'running'), '1');
    await world.home.until(await id(web, 'exit_code'), '0');
  });

  it('starts it again, and restarts it by its button', async () => {
    const container = world.dockerd.docker.getContainer('media-web-1');
    await world.home.callAction('switch', 'turn_on', { entity_id: await id(web, 'power') });
    await world.home.until(await id(web, 'power'), 'on');
    const first = (await container.inspect()).State;
    assert.equal(first.Running, true);
    await world.home.callAction('button', 'press', { entity_id: await id(web, 'restart') });
    await eventually('the restart', async () => {
      const { State } = await container.inspect();
      return State.Running && State.StartedAt !== first.StartedAt;
    });
  });

  it('shows at once what docker kill did outside', async () => {
    await world.dockerd.docker.getContainer('solo').kill();
    await world.home.until(await id(SOLO, 'state'), 'exited', 3_000);
    await world.home.until(await id(SOLO, 'power'), 'off');
    await world.home.until(await id(SOLO, 'exit_code'), '137');
    await world.dockerd.docker.getContainer('solo').start();
    await world.home.until(await id(SOLO, 'power'), 'on');
  });

  it('shows pausing', async () => {
    const solo = world.dockerd.docker.getContainer('solo');
    await solo.pause();
    await world.home.until(await id(SOLO, 'state'), 'paused');
    await solo.unpause();
    await world.home.until(await id(SOLO, 'state'), 'running');
  });

  it('keeps the entities of a recreated container', async () => {
    const before = await ownEntries(web);
    const state = await id(web, 'state');
    const { docker } = world.dockerd;
    const old = await docker.getContainer('media-web-1').inspect();
    await docker.getContainer('media-web-1').remove({ force: true });
    await world.home.until(state, 'unavailable');
    await world.dockerd.start('media-web-1', { Labels: composeLabels('media', 'web'), Cmd: WELL_BEHAVED });
    await world.home.until(state, 'running');
    // What the new one has no more (a health check) goes; the rest are the very same registry entries.
    const after = await eventually('health to go', async () => {
      const entries = await ownEntries(web);
      return entries.length === before.length - 1 && entries;
    });
    assert.deepEqual(
      after.map(({ id: entry }) => entry),
      before.filter(({ unique_id }) => !unique_id.endsWith('_health')).map(({ id: entry }) => entry),
    );
    assert.notEqual((await docker.getContainer('media-web-1').inspect()).Id, old.Id);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    assert.ok(await world.home.device(web), 'still there after the time to forget it');
  });

  it('removes the device of a removed container', async () => {
    await world.dockerd.start('short-lived');
    const identifier = 'labkeeper_docker_nas_container_short-lived';
    const found = await eventually('its device', async () =>
      (await world.home.devices()).find(({ identifiers }) => identifiers[0]?.[1].startsWith(identifier)),
    );
    await world.dockerd.docker.getContainer('short-lived').remove({ force: true });
    const name = found.identifiers[0]?.[1] as string;
    await eventually('the device to go', async () => (await world.home.device(name)) === undefined);
    await eventually('nothing of it to stay in the broker', () => {
      const left = [...world.broker.messages.keys()].filter((topic) => topic.includes('short-lived'));
      assert.deepEqual(left, []);
      return true;
    });
  });

  it('exposes nothing to voice assistants', async () => {
    const lamp = await anOrdinarySwitch();
    // Whether something is exposed is settled when an assistant first looks at it.
    const { response } = await say('turn off web power');
    assert.equal(response.response_type, 'error', JSON.stringify(response));
    await say('turn on reading lamp');
    await world.home.until(lamp, 'on');
    const { exposed_entities } = await world.home.connection.sendMessagePromise<{
      exposed_entities: Record<string, Record<string, boolean>>;
    }>({ type: 'homeassistant/expose_entity/list' });
    const ours = new Set(
      (await world.home.entities())
        .filter(({ unique_id }) => unique_id.startsWith('labkeeper_'))
        .map(({ entity_id }) => entity_id),
    );
    const exposed = Object.entries(exposed_entities).filter(([, assistants]) =>
      Object.values(assistants).includes(true),
    );
    assert.ok(
      exposed.some(([entityId]) => entityId === lamp),
      'another switch is exposed',
    );
    assert.deepEqual(
      exposed.filter(([entityId]) => ours.has(entityId)),
      [],
    );
  });

  it('survives “turn everything in this area off”', async () => {
    const { connection } = world.home;
    const { area_id } = await connection.sendMessagePromise<{ area_id: string }>({
      type: 'config/area_registry/create',
      name: 'Rack',
    });
    const device = await world.home.device(SOLO);
    await connection.sendMessagePromise({
      type: 'config/device_registry/update',
      device_id: device?.id,
      area_id,
    });
    const lamp = await anOrdinarySwitch();
    await connection.sendMessagePromise({ type: 'config/entity_registry/update', entity_id: lamp, area_id });
    await world.home.callAction('switch', 'turn_on', { entity_id: lamp });
    await world.home.until(lamp, 'on');
    await world.home.callAction('homeassistant', 'turn_off', { area_id });
    await world.home.until(lamp, 'off');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.equal((await world.dockerd.docker.getContainer('solo').inspect()).State.Running, true);
    assert.equal(world.home.states[await id(SOLO, 'power')]?.state, 'on');
  });

  it('says goodbye on SIGTERM and is down within five seconds', async () => {
    const power = await id(SOLO, 'power');
    const from = performance.now();
    labkeeper.running.kill('SIGTERM');
    assert.equal(await labkeeper.running.exited, 0, labkeeper.running.output());
    assert.ok(performance.now() - from < 5_000);
    await eventually('offline', () => world.broker.messages.get('labkeeper/bridge/state') === 'offline');
    await world.home.until(power, 'unavailable');
  });

  it('comes back with the same entities', async () => {
    const before = (await world.home.entities()).map(({ id: entry }) => entry).toSorted();
    await world.labkeeper({ entities: 'all' });
    await world.home.until(await id(SOLO, 'power'), 'on');
    await world.home.until(await id(HOST, 'connection'), 'on');
    assert.deepEqual((await world.home.entities()).map(({ id: entry }) => entry).toSorted(), before);
  });

  it('left no word about itself in Home Assistant’s log', () => {
    const suspicious = world.homeAssistant
      .log()
      .split('\n')
      .filter((line) => /labkeeper|components\.mqtt|solo|media/i.test(line));
    assert.deepEqual(suspicious, []);
    assert.match(world.homeAssistant.log(), /Skipping pip installation/, 'the log is the real one');
  });

  interface Answer {
    readonly response: { readonly response_type: string };
  }

  const say = (text: string): Promise<Answer> =>
    world.home.connection.sendMessagePromise({ type: 'conversation/process', text });

  /** A switch over the same broker without an entity category: what ours would be like without it. */
  async function anOrdinarySwitch(): Promise<string> {
    const config = {
      name: 'Reading lamp',
      unique_id: 'reading_lamp',
      command_topic: 'reading-lamp/set',
      optimistic: true,
    };
    await world.broker.client.publishAsync(
      'homeassistant/switch/reading_lamp/config',
      JSON.stringify(config),
    );
    const lamp = await world.home.entityId('reading_lamp');
    await world.home.until(lamp, ({ state }) => state !== 'unavailable');
    return lamp;
  }

  async function ownEntries(device: string): Promise<{ id: string; unique_id: string }[]> {
    const entries = await world.home.entities();
    return entries
      .filter(({ unique_id }) => unique_id.startsWith(`${device}_`))
      .toSorted((a, b) => a.unique_id.localeCompare(b.unique_id));
  }
});
