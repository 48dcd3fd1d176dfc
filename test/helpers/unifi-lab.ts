import assert from 'node:assert/strict';
import type { Source, SourceEvent } from '../../addon/src/contract/source.ts';
import { type Database, memoryDatabase } from '../../addon/src/core/database.ts';
import { type Configured, Engine } from '../../addon/src/engine/engine.ts';
import { KINDS, type Kind, type LabResource, type LabResourceOf } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { unifi } from '../../addon/src/sources/unifi/index.ts';
import {
  type Generation,
  gatewayOf,
  seededSite,
  startUnifiSimulator,
  type UnifiSeed,
  type UnifiSimulator,
} from '../../simulators/unifi/index.ts';
import { FakeClock } from './fake-clock.ts';
import { passingTime } from './passing-time.ts';
import { recordingLog } from './samples.ts';

export const OWNER = 'unifi/house';

export interface UnifiLabOptions {
  readonly generation?: Generation;
  readonly seed?: UnifiSeed;
  readonly database?: Database;
  readonly options?: (simulator: UnifiSimulator) => object;
  /** Other systems beside it. */
  readonly others?: readonly Configured[];
  /** What is done to the simulator before the source meets it. */
  readonly before?: (simulator: UnifiSimulator) => void;
}

/** A controller on the wire with the source before it, both by one clock that the test moves. */
export async function unifiLab({
  generation = 'legacy',
  seed = {},
  database = memoryDatabase(),
  options = () => ({}),
  others = [],
  before = () => {},
}: UnifiLabOptions = {}) {
  const clock = new FakeClock();
  const log = recordingLog();
  const { pass, until, during } = passingTime({ clock, log });
  const site = seededSite({ clock, ...seed });
  if (generation === 'os') replaceGateway('os');
  let simulator = await startUnifiSimulator({ site, generation });
  before(simulator);
  const events: (readonly [string, string, SourceEvent])[] = [];
  let store = new Store<LabResource>();
  let engine = open();

  function replaceGateway(to: Generation): void {
    site.devices = [gatewayOf(to, clock), ...site.devices.filter(({ role }) => role !== 'gateway')];
  }

  function open(): Engine {
    const { url, fingerprint, username, password } = simulator;
    const own = options(simulator);
    const login = 'api_key' in own ? {} : { username, password };
    const opened = new Engine(
      [
        {
          ...{ source: unifi as unknown as Source, id: 'house', title: 'House' },
          options: { url, fingerprint, ...login, ...own },
        },
        ...others,
      ],
      {
        ...{ store, clock, log, database, random: () => 0.5 },
        intervals: { fast: 30, slow: 60, rare: 600 },
        onEvent: (...event) => events.push(event),
      },
    );
    opened.start();
    return opened;
  }

  const all = <K extends Kind>(kind: K): readonly LabResourceOf<K>[] =>
    [...store.all()].filter((one): one is LabResourceOf<K> => one.kind === kind);

  return {
    ...{ clock, log, site, events, pass, until, during, all },
    get simulator() {
      return simulator;
    },
    get store() {
      return store;
    },
    get engine() {
      return engine;
    },
    gateway: () => all('gateway')[0],
    named: <K extends Kind>(kind: K, name: string) => {
      assert.ok(kind in KINDS);
      return all(kind).find((one) => one.name === name);
    },
    /** All has been read once. */
    known: () =>
      until('everything', () => all('wlan').length > 0 && all('network')[0]?.readings.clients != null),
    /** The old controller goes, and one of the other generation takes over the site. */
    move: async (to: Generation) => {
      await engine.close();
      await simulator.close();
      replaceGateway(to);
      simulator = await startUnifiSimulator({ site, generation: to });
      store = new Store<LabResource>();
      engine = open();
    },
    close: async () => {
      await engine.close();
      await simulator.close();
    },
  };
}

export type UnifiLab = Awaited<ReturnType<typeof unifiLab>>;
