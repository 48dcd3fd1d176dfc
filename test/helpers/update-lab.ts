import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Executor } from '../../addon/src/actions/executor.ts';
import type { Job } from '../../addon/src/actions/job.ts';
import type { Finding } from '../../addon/src/contract/finding.ts';
import type { Source } from '../../addon/src/contract/source.ts';
import { systemClock } from '../../addon/src/core/clock.ts';
import { silentLog } from '../../addon/src/core/log.ts';
import { Engine } from '../../addon/src/engine/engine.ts';
import type { LabResource, LabResourceOf } from '../../addon/src/kinds/index.ts';
import { ACTIONS } from '../../addon/src/lab/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { docker } from '../../addon/src/sources/docker/index.ts';
import type { DockerEngine } from '../../simulators/docker/engine.ts';
import { type GateAnswer, startDockerSimulator } from '../../simulators/docker/server.ts';
import { eventually } from '../parts/process.ts';

/** Databases of runs of Labkeeper, each on what the one before had written at some moment. */
export class Disk {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-'));
  #count = 0;
  #file = path.join(this.#folder, '0.db');

  open(): DatabaseSync {
    return new DatabaseSync(this.#file);
  }

  /** What the next run finds is what is written at this moment, as if the process were killed now. */
  freeze(database: DatabaseSync): void {
    this.#count += 1;
    this.#file = path.join(this.#folder, `${this.#count}.db`);
    database.exec(`VACUUM INTO '${this.#file}'`);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

type System = ConstructorParameters<typeof Engine>[0][number];

export type Gate = (method: string, path: string) => GateAnswer | undefined | Promise<GateAnswer | undefined>;

/** One run of what carries out updates, against a simulated Docker engine. */
export async function startUpdates(
  simulated: DockerEngine,
  database: DatabaseSync,
  gate?: Gate,
  more: object = {},
  rare = 60,
  beside: readonly System[] = [],
) {
  const server = await startDockerSimulator({ engine: simulated, ...(gate !== undefined && { gate }) });
  const lab = startUpdateLab({ url: server.url, image_updates: false, ...more }, database, rare, beside);
  const close = async (): Promise<void> => {
    await lab.close();
    await server.close();
    database.close();
  };
  return { ...lab, server, close };
}

/**
 * What carries out updates: engine, executor and source, with a Docker engine called `nas`.
 *
 * @param rare seconds between readings of what costs much
 * @param beside what else the lab has
 * @param clock of the executor
 */
export function startUpdateLab(
  options: object,
  database: DatabaseSync,
  rare: number,
  beside: readonly System[] = [],
  clock = systemClock,
) {
  const store = new Store<LabResource>();
  let findings: readonly Finding[] = [];
  const percents: number[] = [];
  const blanked: string[] = [];
  const system = { source: docker as unknown as Source, id: 'nas', title: 'NAS', options: options as never };
  const engine = new Engine([system, ...beside], {
    store,
    ...{ clock: systemClock, random: Math.random, log: silentLog, database },
    onEvent: () => {},
    onFindings: (_, found) => {
      findings = found;
    },
    intervals: { fast: 0.2, slow: 0.1, rare },
  });
  const executor = new Executor({
    ...{ actions: ACTIONS, resource: (id) => store.get(id), capabilities: engine },
    ...{ refresh: (id) => engine.refresh(id), self: 'labkeeper', allow: 'destroy' },
    ...{ database, clock, log: silentLog },
  });
  store.subscribe((diff) => {
    for (const { before, after } of diff) {
      if (after !== undefined) executor.look(after);
      if (before?.available === true && after?.available !== true) blanked.push(before.id);
      const isUpdated = after?.kind === 'container' || after?.kind === 'stack';
      if (isUpdated && after.readings.image_progress !== undefined) {
        percents.push(after.readings.image_progress as number);
      }
    }
  });
  engine.start();
  const container = (id: string): LabResourceOf<'container'> | undefined =>
    store.get(id) as LabResourceOf<'container'> | undefined;
  return {
    ...{ store, executor, percents, blanked, container },
    findings: () => findings,
    seen: (id: string) => eventually(`${id} to be seen`, () => container(id)?.available, 10_000),
    submit: (target: string, input: object = {}): Job =>
      executor.submit({
        action: 'image_update',
        target,
        input: { ...input },
        door: 'homeassistant',
        user: 'x',
      }),
    /** What an update would do: the names of its steps, and what it warns of. */
    async plan(target: string, input: object = {}) {
      const { steps, warnings } = await executor.plan({
        ...{ action: 'image_update', target, input: { ...input }, door: 'homeassistant', user: 'x' },
      });
      return { steps: steps.map(({ name }) => name), warnings };
    },
    async update(target: string, input: object = {}): Promise<Job> {
      const job = await executor.ended(this.submit(target, input).id);
      assert.ok(job);
      return job;
    },
    async close(): Promise<void> {
      await executor.close();
      await engine.close();
    },
  };
}
