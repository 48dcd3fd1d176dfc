import assert from 'node:assert/strict';
import type { Source } from '../../addon/src/contract/source.ts';
import type { Speech } from '../../addon/src/contract/speech.ts';
import { type Database, memoryDatabase } from '../../addon/src/core/database.ts';
import { Engine } from '../../addon/src/engine/engine.ts';
import type { LabResource, LabResourceOf } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { chatterbox } from '../../addon/src/sources/chatterbox/index.ts';
import {
  type ChatterboxSimulatorOptions,
  startChatterboxSimulator,
} from '../../simulators/chatterbox/index.ts';
import { FakeClock } from './fake-clock.ts';
import { passingTime } from './passing-time.ts';
import { recordingLog } from './samples.ts';

export interface ChatterboxLabOptions extends ChatterboxSimulatorOptions {
  readonly options?: Readonly<Record<string, unknown>>;
  /** Remembers over `reopen`. */
  readonly database?: Database;
}

/** A Chatterbox on the wire with the source before it, by a clock that the test moves. */
export async function chatterboxLab(given: ChatterboxLabOptions = {}) {
  const { options = {}, database = memoryDatabase(), ...simulated } = given;
  const clock = new FakeClock();
  const log = recordingLog();
  const { until } = passingTime({ clock, log });
  const simulator = await startChatterboxSimulator(simulated);
  const store = new Store<LabResource>();
  let engine = open();

  function open(): Engine {
    const opened = new Engine(
      [
        {
          ...{ source: chatterbox as unknown as Source, id: 'lab', title: 'Chatterbox' },
          options: { url: simulator.url, ...options },
        },
      ],
      {
        ...{ store, clock, log, database, random: () => 0.5 },
        intervals: { fast: 30, slow: 60, rare: 600 },
      },
    );
    opened.start();
    return opened;
  }

  const at = (): LabResourceOf<'speech'> | undefined =>
    store.get('chatterbox/lab/speech/self') as LabResourceOf<'speech'> | undefined;
  const speech = (): Speech =>
    engine.for('chatterbox/lab/speech/self', 'speech') ?? assert.fail('it does not speak');
  return {
    ...{ clock, log, simulator, machine: simulator.machine, store, until, at, speech },
    names: () =>
      speech()
        .offer()
        ?.voices.map(({ name }) => name),
    known: () => until('Chatterbox', () => at()?.available),
    gone: () => until('that it is gone', () => at()?.available === false),
    /** All sound of a sentence. */
    say: async (text: string, voice = 'emily', signal = new AbortController().signal): Promise<Buffer> => {
      const sound: Buffer[] = [];
      for await (const part of speech().speak({ text, voice, manner: {} }, signal)) sound.push(part);
      return Buffer.concat(sound);
    },
    reopen: async () => {
      await engine.close();
      engine = open();
    },
    close: async () => {
      await engine.close();
      await simulator.close();
    },
  };
}

export type ChatterboxLab = Awaited<ReturnType<typeof chatterboxLab>>;
