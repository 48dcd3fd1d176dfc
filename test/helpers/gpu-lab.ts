import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '../../addon/src/contract/finding.ts';
import type { Source, SourceEvent } from '../../addon/src/contract/source.ts';
import { type Database, memoryDatabase } from '../../addon/src/core/database.ts';
import { type Configured, Engine } from '../../addon/src/engine/engine.ts';
import type { LabResource, LabResourceOf } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { gpu } from '../../addon/src/sources/gpu/index.ts';
import { FakeClock } from './fake-clock.ts';
import { recordingLog } from './samples.ts';

/**
 * The source of cards with a clock that the test moves.
 *
 * @param others systems by way of which it reads
 */
export function gpuLab(
  options: object,
  database: Database = memoryDatabase(),
  others: readonly Configured[] = [],
  clock = new FakeClock(),
) {
  const log = recordingLog();
  const events: (readonly [string, string, SourceEvent])[] = [];
  let findings: readonly Finding[] = [];
  const store = new Store<LabResource>();
  const engine = new Engine(
    [{ source: gpu as unknown as Source, id: 'rack', title: 'Rack', options: options as never }, ...others],
    {
      ...{ store, clock, log, database, random: () => 0.5 },
      intervals: { fast: 30, slow: 60, rare: 600 },
      onEvent: (...event) => events.push(event),
      onFindings: (owner, found) => {
        if (owner === 'gpu/rack') findings = found;
      },
    },
  );
  engine.start();
  const all = (): readonly LabResourceOf<'gpu'>[] =>
    [...store.all()].filter((one): one is LabResourceOf<'gpu'> => one.kind === 'gpu');
  return {
    ...{ clock, log, events, store, engine, all },
    card: () => all()[0],
    /** What a person is told of the cards, as one text. */
    told: () => findings.map(({ message, remedy }) => `${message}; ${remedy}`).join('\n'),
    until: async (what: string, check: () => unknown, seconds = 120): Promise<void> => {
      for (let step = 0; step < seconds * 2; step += 1) {
        await sleep(4);
        if (check()) return;
        await clock.advance(500);
      }
      assert.fail(`${what} did not come; the log: ${log.lines.join('\n')}`);
    },
    pass: async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        await clock.advance(1_000);
        await sleep(1);
      }
      await sleep(20);
    },
    close: () => engine.close(),
  };
}

export type GpuLab = ReturnType<typeof gpuLab>;
