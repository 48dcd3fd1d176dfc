import type { Source, SourceEvent } from '../../addon/src/contract/source.ts';
import { type Database, memoryDatabase } from '../../addon/src/core/database.ts';
import { Engine } from '../../addon/src/engine/engine.ts';
import type { LabResource, LabResourceOf } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { redfish } from '../../addon/src/sources/redfish/index.ts';
import { type RedfishSimulator, r640, startRedfishSimulator } from '../../simulators/redfish/index.ts';
import { FakeClock } from './fake-clock.ts';
import { passingTime } from './passing-time.ts';
import { recordingLog } from './samples.ts';

export const SERVER = 'redfish/r640/server/system';

export interface RedfishLabOptions {
  readonly seed?: Parameters<typeof r640>[0];
  /** Remembers over `reopen`. */
  readonly database?: Database;
  readonly options?: (simulator: RedfishSimulator) => object;
  /** What is done to the simulator before the source meets it. */
  readonly before?: (simulator: RedfishSimulator) => void;
}

/** A controller on the wire with the source before it, both by one clock that the test moves. */
export async function redfishLab({
  seed = {},
  database = memoryDatabase(),
  options = () => ({}),
  before = () => {},
}: RedfishLabOptions = {}) {
  const clock = new FakeClock();
  const log = recordingLog();
  const { pass, until, during } = passingTime({ clock, log });
  const simulator = await startRedfishSimulator({ machine: r640({ clock, ...seed }) });
  before(simulator);
  const events: (readonly [string, string, SourceEvent])[] = [];
  let store = new Store<LabResource>();
  let engine = open();

  function open(): Engine {
    const { url, fingerprint, username, password } = simulator;
    const given = { url, fingerprint, username, password, ...options(simulator) };
    const opened = new Engine(
      [{ source: redfish as unknown as Source, id: 'r640', title: 'R640', options: given }],
      {
        ...{ store, clock, log, database, random: () => 0.5 },
        intervals: { fast: 30, slow: 60, rare: 600 },
        onEvent: (...event) => events.push(event),
      },
    );
    opened.start();
    return opened;
  }

  const server = (): LabResourceOf<'server'> | undefined =>
    store.get(SERVER) as LabResourceOf<'server'> | undefined;
  const disk = (serial: string): LabResourceOf<'disk'> | undefined =>
    store.get(`redfish/r640/disk/${serial}`) as LabResourceOf<'disk'> | undefined;

  return {
    ...{ clock, log, simulator, events, pass, until, during, server, disk },
    machine: simulator.machine,
    get store() {
      return store;
    },
    get engine() {
      return engine;
    },
    /** All has been read once. */
    known: () =>
      until(
        'everything',
        () => server()?.readings.cpus !== undefined && server()?.readings.controllers !== undefined,
      ),
    reopen: async () => {
      await engine.close();
      store = new Store<LabResource>();
      engine = open();
    },
    close: async () => {
      await engine.close();
      await simulator.close();
    },
  };
}

export type RedfishLab = Awaited<ReturnType<typeof redfishLab>>;
