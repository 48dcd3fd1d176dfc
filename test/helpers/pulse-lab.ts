import assert from 'node:assert/strict';
import type { Hook } from '../../addon/src/contract/hook.ts';
import type { Source, SourceEvent } from '../../addon/src/contract/source.ts';
import { type Database, memoryDatabase } from '../../addon/src/core/database.ts';
import { Engine } from '../../addon/src/engine/engine.ts';
import type { LabResource, LabResourceOf } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { pulse } from '../../addon/src/sources/pulse/index.ts';
import { PulseMonitor, type PulseSimulator, startPulseSimulator } from '../../simulators/pulse/index.ts';
import { FakeClock } from './fake-clock.ts';
import { passingTime } from './passing-time.ts';
import { recordingLog } from './samples.ts';

export interface PulseLabOptions {
  /** Remembers over `reopen`. */
  readonly database?: Database;
  readonly options?: (simulator: PulseSimulator) => Readonly<Record<string, unknown>>;
  /** What is done to the simulator before the source meets it. */
  readonly before?: (simulator: PulseSimulator) => void;
  /** Other systems beside it. */
  readonly beside?: readonly { readonly source: Source; readonly id: string; readonly options: object }[];
}

export const SECRET = 'Zk3vQ9tR1xW7pL5mN8bH2cY6';

/** A Pulse on the wire with the source before it, both by one clock that the test moves. */
export async function pulseLab(given: PulseLabOptions = {}) {
  const { database = memoryDatabase(), options = () => ({}), before = () => {}, beside = [] } = given;
  const clock = new FakeClock();
  const log = recordingLog();
  const { pass, until } = passingTime({ clock, log });
  const codes: string[] = [];
  log.warn = (message, fields) => {
    log.lines.push(`warn ${message}`);
    if (typeof fields?.code === 'string') codes.push(fields.code);
  };
  const simulator = await startPulseSimulator({ monitor: new PulseMonitor(clock) });
  before(simulator);
  const events: SourceEvent[] = [];
  const store = new Store<LabResource>();
  let engine = open();

  function open(): Engine {
    const { url, token } = simulator;
    const own = { url, token, webhook_secret: SECRET, ...options(simulator) };
    const opened = new Engine(
      [
        { source: pulse as unknown as Source, id: 'home', title: 'Pulse', options: own },
        ...beside.map((system) => ({ title: system.id, ...system, options: system.options as never })),
      ],
      {
        ...{ store, clock, log, database, random: () => 0.5 },
        intervals: { fast: 30, slow: 60, rare: 600 },
        onEvent: (id, key, event) => {
          assert.deepEqual([id, key], ['pulse/home/monitor/self', 'alert']);
          events.push(event);
        },
      },
    );
    opened.start();
    return opened;
  }

  const at = (): LabResourceOf<'monitor'> | undefined =>
    store.get('pulse/home/monitor/self') as LabResourceOf<'monitor'> | undefined;
  const hook = (): Hook => engine.hookOf('pulse/home') ?? assert.fail('it has no hook');
  return {
    ...{ clock, log, codes, simulator, store, events, pass, until, at, hook },
    monitor: simulator.monitor,
    get engine() {
      return engine;
    },
    /** What happened, as `started cpu`, in its order. */
    told: () => events.map(({ event_type, type }) => `${event_type} ${type}`),
    known: () => until('Pulse', () => at()?.available, 900),
    gone: () => until('that it is gone', () => at()?.available === false, 900),
    said: (text: string | RegExp) =>
      until(`“${text}”`, () =>
        log.lines.some((line) => (typeof text === 'string' ? line.includes(text) : text.test(line))),
      ),
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

export type PulseLab = Awaited<ReturnType<typeof pulseLab>>;
