import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Source } from '../../addon/src/contract/source.ts';
import { memoryDatabase } from '../../addon/src/core/database.ts';
import { Engine } from '../../addon/src/engine/engine.ts';
import type { Kind, LabResource, LabResourceOf } from '../../addon/src/kinds/index.ts';
import { Store } from '../../addon/src/model/store.ts';
import { proxmox } from '../../addon/src/sources/proxmox/index.ts';
import {
  OPERATOR_TOKEN,
  type ProxmoxCluster,
  startProxmoxSimulator,
} from '../../simulators/proxmox/index.ts';
import { FakeClock } from './fake-clock.ts';
import { recordingLog } from './samples.ts';

/** A cluster on the wire with the source before it, both by one clock that the test moves. */
export async function proxmoxLab(make: (options: { clock: FakeClock }) => ProxmoxCluster) {
  const clock = new FakeClock();
  const log = recordingLog();
  const cluster = make({ clock });
  const simulator = await startProxmoxSimulator({ cluster });
  const store = new Store<LabResource>();
  const token = simulator.tokens.find(({ id }) => id === OPERATOR_TOKEN);
  const fingerprints = [...simulator.nodes.values()].map(({ fingerprint }) => fingerprint);
  const options = {
    urls: simulator.urls,
    fingerprint: fingerprints.join(', '),
    token_id: token?.id,
    token_secret: token?.secret,
  };
  const engine = new Engine([{ source: proxmox as unknown as Source, id: 'home', title: 'Home', options }], {
    store,
    clock,
    random: () => 0.5,
    log,
    database: memoryDatabase(),
    intervals: { fast: 30, slow: 60, rare: 600 },
  });
  engine.start();

  /** Simulated time passes, and real time for what is on the wire. */
  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      await clock.advance(1_000);
      await sleep(2);
    }
  }

  async function until(what: string, check: () => unknown, seconds = 120): Promise<void> {
    for (let step = 0; step < seconds * 2; step += 1) {
      await sleep(4);
      if (check()) return;
      await clock.advance(500);
    }
    assert.fail(`${what} did not come; the log: ${log.lines.join('\n')}`);
  }

  const find = <K extends Kind>(kind: K, path: string): LabResourceOf<K> | undefined =>
    store.get(`proxmox/home/${kind}/${path}`) as LabResourceOf<K> | undefined;

  async function close(): Promise<void> {
    await engine.close();
    await simulator.close();
  }
  return { clock, log, cluster, simulator, store, engine, pass, until, find, close };
}
