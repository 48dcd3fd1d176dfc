import type { Finding } from '../../addon/src/contract/finding.ts';
import type { Source, SourceEvent } from '../../addon/src/contract/source.ts';
import { type Database, memoryDatabase } from '../../addon/src/core/database.ts';
import { type Configured, Engine } from '../../addon/src/engine/engine.ts';
import type { Kind, LabResource, LabResourceOf } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { proxmox } from '../../addon/src/sources/proxmox/index.ts';
import {
  OPERATOR_TOKEN,
  type ProxmoxCluster,
  type ProxmoxSimulator,
  startProxmoxSimulator,
} from '../../simulators/proxmox/index.ts';
import { FakeClock } from './fake-clock.ts';
import { passingTime } from './passing-time.ts';
import { recordingLog } from './samples.ts';

export interface LabOptions {
  /** Remembers over `reopen`. */
  readonly database?: Database;
  /** In place of the operator's token, and of the pins of all nodes. */
  readonly options?: (simulator: ProxmoxSimulator) => object;
  /** Other systems beside it. */
  readonly beside?: readonly Configured[];
}

/** A cluster on the wire with the source before it, both by one clock that the test moves. */
export async function proxmoxLab(
  make: (options: { clock: FakeClock }) => ProxmoxCluster,
  { database = memoryDatabase(), options = () => ({}), beside = [] }: LabOptions = {},
) {
  const clock = new FakeClock();
  const log = recordingLog();
  const { pass, until } = passingTime({ clock, log });
  /** What was told as an event: at which resource, under which key, what. */
  const events: (readonly [string, string, SourceEvent])[] = [];
  let findings: readonly Finding[] = [];
  const cluster = make({ clock });
  const simulator = await startProxmoxSimulator({ cluster });
  let store = new Store<LabResource>();
  let current = database;
  let engine = open('home');

  function open(id: string): Engine {
    const token = simulator.tokens.find((candidate) => candidate.id === OPERATOR_TOKEN);
    const fingerprints = [...simulator.nodes.values()].map(({ fingerprint }) => fingerprint);
    const given = {
      urls: simulator.urls,
      fingerprint: fingerprints.join(', '),
      token_id: token?.id,
      token_secret: token?.secret,
      ...options(simulator),
    };
    const home = { source: proxmox as unknown as Source, id, title: 'Home', options: given };
    const configured = [home, ...beside];
    const opened = new Engine(configured, {
      store,
      clock,
      random: () => 0.5,
      log,
      database: current,
      intervals: { fast: 30, slow: 60, rare: 600 },
      onEvent: (...event) => events.push(event),
      onFindings: (_, found) => {
        findings = found;
      },
    });
    opened.start();
    return opened;
  }

  /** Labkeeper ends and begins again, with this id in its options. @param next what it finds in its data folder then */
  async function reopen(id: string, next: Database = current): Promise<void> {
    await engine.close();
    current = next;
    store = new Store<LabResource>();
    engine = open(id);
  }

  /** Simulated time passes, and real time for what is on the wire. */
  const find = <K extends Kind>(kind: K, path: string): LabResourceOf<K> | undefined =>
    store.get(`proxmox/home/${kind}/${path}`) as LabResourceOf<K> | undefined;

  async function close(): Promise<void> {
    await engine.close();
    await simulator.close();
  }
  return {
    clock,
    log,
    events,
    cluster,
    simulator,
    /** What a person should look at now. */
    get findings() {
      return findings;
    },
    get store() {
      return store;
    },
    get engine() {
      return engine;
    },
    reopen,
    pass,
    until,
    find,
    close,
  };
}
