import assert from 'node:assert/strict';
import { test } from 'node:test';
import Type from 'typebox';
import { defineSource, type RollCall, type Source } from '../addon/src/contract/source.ts';
import { systemClock } from '../addon/src/core/clock.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { silentLog } from '../addon/src/core/log.ts';
import { Engine } from '../addon/src/engine/engine.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { Store } from '../addon/src/model/store.ts';
import { docker } from '../addon/src/sources/docker/index.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { startDockerSimulator } from '../simulators/docker/server.ts';
import { eventually } from './parts/process.ts';

const never = new AbortController().signal;

test('who is called up anew are those that answered, a Docker engine by a question of its own', async () => {
  const [there, gone] = await Promise.all([
    startDockerSimulator({ engine: new DockerEngine() }),
    startDockerSimulator({ engine: new DockerEngine() }),
  ]);
  await gone.close();
  let rollCall: () => RollCall = () => async () => ['nobody'];
  const asker = defineSource({
    ...{ id: 'asker', title: 'Asker', options: Type.Object({}), budget: 60, kinds: [] },
    open: (_, context) => {
      rollCall = () => context.rollCall();
      return { tasks: [], watches: [], capabilities: {}, refresh: () => {}, close: async () => {} };
    },
  }) as unknown as Source;
  let broker: readonly string[] = [];
  const source = docker as unknown as Source;
  const engine = new Engine(
    [
      { source: asker, id: 'asker', title: 'Asker', options: {} },
      { source, id: 'there', title: 'There', options: { url: there.url } },
      { source, id: 'gone', title: 'Gone', options: { url: gone.url } },
    ],
    {
      ...{ store: new Store<LabResource>(), clock: systemClock, random: Math.random, log: silentLog },
      ...{ database: memoryDatabase(), intervals: { fast: 600, slow: 600, rare: 600 } },
      rollCall: () => async () => broker,
    },
  );
  engine.start();
  try {
    await eventually('one is reachable', () => engine.health()[1]?.reachable);
    const call = rollCall();
    assert.deepEqual(await call(never), []);
    broker = ['the MQTT broker'];
    assert.deepEqual(await call(never), ['the MQTT broker']);
    await there.close();
    assert.deepEqual(await call(never), ['There', 'the MQTT broker']);
  } finally {
    await engine.close();
  }
});
