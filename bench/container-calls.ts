import { INTERVALS } from '../addon/src/app.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { silentLog } from '../addon/src/core/log.ts';
import { Engine } from '../addon/src/engine/engine.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { Store } from '../addon/src/model/store.ts';
import { docker } from '../addon/src/sources/docker/index.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { startDockerSimulator } from '../simulators/docker/server.ts';
import { FakeClock } from '../test/helpers/fake-clock.ts';
import { table } from './measure.ts';

const MINUTES = 60;

/** Calls a minute that others need for 30 running containers, from reading their code (their versions of summer 2026). */
const OTHERS = [
  ['Home Assistant’s own `portainer`', '67'],
  ['`monitor_docker`', '366'],
] as const;

/**
 * What one engine is asked, in the first hour after the start and in the next: a simulated one, by a clock that runs
 * faster, counted where it receives the calls.
 */
export async function containerCalls(): Promise<string> {
  const rows: string[][] = [];
  for (const containers of [30, 200]) {
    for (const [hour, minutes] of (await hoursOf(containers)).entries()) {
      const sum = minutes.reduce((total, each) => total + each, 0);
      const when = hour === 0 ? 'the first hour with its start' : 'each hour afterwards';
      rows.push([
        `Labkeeper, ${when}`,
        String(containers),
        (sum / MINUTES).toFixed(1),
        String(Math.max(...minutes)),
      ]);
    }
  }
  const others = OTHERS.map(([who, calls]) => [who, '30', calls, '']);
  return table(
    'Calls a minute to one Docker engine',
    ['who', 'containers', 'average', 'worst minute'],
    [...rows, ...others],
  );
}

/** The calls of each minute of two hours. */
async function hoursOf(containers: number): Promise<readonly (readonly number[])[]> {
  const clock = new FakeClock();
  const engine = new DockerEngine({
    now: () => clock.now(),
    after: (...timer) => clock.after(...timer),
    statsWaitMs: 0,
  });
  for (let index = 0; index < containers; index += 1) {
    engine.create({ name: `app-${index}`, image: `registry.lab/app:${index % 40}` });
    engine.start(`app-${index}`);
  }
  let calls = 0;
  const gate = (): undefined => {
    calls += 1;
  };
  const server = await startDockerSimulator({ engine, gate });
  // Registries are asked apart, and are not this engine.
  const options = { url: server.url, image_updates: false };
  const asking = new Engine([{ source: docker as never, id: 'lab', title: 'Lab', options }], {
    ...{
      store: new Store<LabResource>(),
      clock,
      random: () => 0.5,
      log: silentLog,
      database: memoryDatabase(),
    },
    intervals: INTERVALS,
  });
  asking.start();
  const hours: number[][] = [];
  for (let hour = 0; hour < 2; hour += 1) {
    const minutes: number[] = [];
    for (let minute = 0; minute < MINUTES; minute += 1) {
      const before = calls;
      for (let second = 0; second < 60; second += 1) {
        await clock.advance(1_000);
        await new Promise((done) => setTimeout(done, 1));
      }
      minutes.push(calls - before);
    }
    hours.push(minutes);
  }
  await asking.close();
  await server.close();
  return hours;
}
