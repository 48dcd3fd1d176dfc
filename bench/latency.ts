import { linesOf } from '../addon/src/sources/docker/json-lines.ts';
import { eventually } from '../test/parts/process.ts';
import { startWorld } from '../test/parts/world.ts';
import { quantile, seconds, table } from './measure.ts';

const CHANGES = 100;
const CONTAINERS = 30;

/**
 * From the moment that the engine gives to its own event until the message reaches a subscriber of the broker, and
 * until Home Assistant has told its frontend the new state. Everything on one machine, so one clock.
 */
export async function latency(): Promise<string> {
  const world = await startWorld();
  try {
    for (let index = 0; index < CONTAINERS; index += 1) await world.dockerd.start(`c${index}`);
    await world.labkeeper();
    const state = await world.home.entityId('labkeeper_docker_nas_container_c0_state');
    await world.home.until(state, 'running');
    await seconds(20);

    const changes: number[] = [];
    void followEvents(
      world.dockerd.docker.getEvents({ filters: { type: ['container'], container: ['c0'] } }),
      changes,
    );
    const toBroker: number[] = [];
    const toHome: number[] = [];
    const container = world.dockerd.docker.getContainer('c0');
    for (let index = 0; index < CHANGES; index += 1) {
      const wanted = index % 2 === 0 ? 'exited' : 'running';
      const seenByBroker = arrival(world.broker.client, wanted);
      const seenAtHome = homeArrival(world, state, wanted);
      changes.length = 0;
      if (wanted === 'exited') await container.kill();
      else await container.start();
      const [broker, home] = await Promise.all([seenByBroker, seenAtHome]);
      const at = await eventually('the event', () => changes[0]);
      toBroker.push(broker - at);
      toHome.push(home - at);
      await seconds(0.2);
    }
    const row = (name: string, values: readonly number[]): (string | number)[] => [
      name,
      quantile(values, 0.5).toFixed(1),
      quantile(values, 0.95).toFixed(1),
      Math.max(...values).toFixed(1),
    ];
    return table(
      `A Docker change becomes visible (${CHANGES} changes, ${CONTAINERS} containers)`,
      ['from the engine’s event', 'p50 ms', 'p95 ms', 'max ms'],
      [row('to the MQTT message', toBroker), row('to the state in Home Assistant', toHome)],
    );
  } finally {
    await world.stop();
  }
}

async function followEvents(opened: Promise<NodeJS.ReadableStream>, changes: number[]): Promise<void> {
  try {
    for await (const line of linesOf((await opened) as AsyncIterable<Buffer>)) {
      const { Action, timeNano } = JSON.parse(line) as { Action: string; timeNano: number };
      if (Action === 'die' || Action === 'start') changes.push(timeNano / 1e6);
    }
  } catch {
    // The engine has ended, and the measurement with it.
  }
}

const now = (): number => performance.timeOrigin + performance.now();

type World = Awaited<ReturnType<typeof startWorld>>;

function arrival(client: World['broker']['client'], wanted: string): Promise<number> {
  return new Promise((resolve) => {
    const onMessage = (topic: string, payload: Buffer): void => {
      if (topic !== 'labkeeper/docker_nas_container_c0/state') return;
      if (JSON.parse(payload.toString()).state !== wanted) return;
      client.removeListener('message', onMessage);
      resolve(now());
    };
    client.on('message', onMessage);
  });
}

function homeArrival({ home }: World, entityId: string, wanted: string): Promise<number> {
  return new Promise((resolve) => {
    const stop = home.onStates((states) => {
      if (states[entityId]?.state !== wanted) return;
      queueMicrotask(() => stop());
      resolve(now());
    });
  });
}
