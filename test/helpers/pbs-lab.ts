import type { Finding } from '../../addon/src/contract/finding.ts';
import type { Source, SourceEvent } from '../../addon/src/contract/source.ts';
import { type Database, memoryDatabase } from '../../addon/src/core/database.ts';
import { Engine } from '../../addon/src/engine/engine.ts';
import type { LabResource, LabResourceOf } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { pbs } from '../../addon/src/sources/pbs/index.ts';
import { type PbsSimulator, seededBackupServer, startPbsSimulator } from '../../simulators/pbs/index.ts';
import { FakeClock } from './fake-clock.ts';
import { passingTime } from './passing-time.ts';
import { recordingLog } from './samples.ts';

export interface PbsLabOptions {
  /** Remembers over `reopen`. */
  readonly database?: Database;
  readonly options?: (simulator: PbsSimulator) => object;
  /** What is done to the simulator before the source meets it. */
  readonly before?: (simulator: PbsSimulator) => void;
}

/** A backup server on the wire with the source before it, both by one clock that the test moves. */
export async function pbsLab({
  database = memoryDatabase(),
  options = () => ({}),
  before = () => {},
}: PbsLabOptions = {}) {
  const clock = new FakeClock();
  const log = recordingLog();
  const { pass, until } = passingTime({ clock, log });
  const simulator = await startPbsSimulator({ server: seededBackupServer(clock) });
  before(simulator);
  const events: (readonly [string, string, SourceEvent])[] = [];
  let findings: readonly Finding[] = [];
  let store = new Store<LabResource>();
  let engine = open();

  function open(): Engine {
    const { url, fingerprint, tokenId, tokenSecret } = simulator;
    const given = { url, fingerprint, token_id: tokenId, token_secret: tokenSecret, ...options(simulator) };
    const opened = new Engine(
      [{ source: pbs as unknown as Source, id: 'vault', title: 'Vault', options: given }],
      {
        ...{ store, clock, log, database, random: () => 0.5 },
        intervals: { fast: 30, slow: 60, rare: 600 },
        onEvent: (...event) => events.push(event),
        onFindings: (_, found) => {
          findings = found;
        },
      },
    );
    opened.start();
    return opened;
  }

  const machine = (): LabResourceOf<'backupserver'> | undefined =>
    store.get('pbs/vault/backupserver/main') as LabResourceOf<'backupserver'> | undefined;
  const datastore = (name: string): LabResourceOf<'datastore'> | undefined =>
    store.get(`pbs/vault/datastore/${name}`) as LabResourceOf<'datastore'> | undefined;

  return {
    ...{ clock, log, simulator, events, pass, until, machine, datastore },
    server: simulator.server,
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
    /** All has been read once. */
    known: () =>
      until(
        'everything',
        () =>
          datastore('tank')?.readings.backups !== undefined &&
          datastore('offsite')?.readings.jobs !== undefined &&
          machine()?.readings.tasks_failed !== undefined,
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
