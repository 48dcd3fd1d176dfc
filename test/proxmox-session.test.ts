import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Source } from '../addon/src/contract/source.ts';
import { type Database, memoryDatabase } from '../addon/src/core/database.ts';
import { Engine } from '../addon/src/engine/engine.ts';
import type { LabResource, LabResourceOf } from '../addon/src/kinds/index.ts';
import { Store } from '../addon/src/model/store.ts';
import { proxmox } from '../addon/src/sources/proxmox/index.ts';
import {
  ADMIN,
  AUDITOR_TOKEN,
  OPERATOR_TOKEN,
  type ProxmoxCluster,
  type ProxmoxSimulator,
  seededCluster,
  startProxmoxSimulator,
  threeNodeCluster,
} from '../simulators/proxmox/index.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { recordingLog } from './helpers/samples.ts';

const HOST = 'proxmox/home/guest/101';

suite('a Proxmox VE cluster', () => {
  let clock: FakeClock;
  let cluster: ProxmoxCluster;
  let simulator: ProxmoxSimulator;
  let database: Database;
  let store: Store<LabResource>;
  let engine: Engine;
  let log: ReturnType<typeof recordingLog>;
  const folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-pve-'));

  beforeEach(() => {
    clock = new FakeClock();
    database = memoryDatabase();
    log = recordingLog();
  });
  afterEach(async () => {
    await engine.close();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Puts a cluster on the wire and the source before it. */
  async function begin(
    make: (options: { clock: FakeClock }) => ProxmoxCluster,
    login: (simulator: ProxmoxSimulator) => object = token(OPERATOR_TOKEN),
  ): Promise<void> {
    cluster = make({ clock });
    simulator = await startProxmoxSimulator({ cluster });
    open({ urls: simulator.urls, ...trusted(), ...login(simulator) });
  }

  function open(options: object): void {
    store = new Store<LabResource>();
    engine = new Engine(
      [{ source: proxmox as unknown as Source, id: 'home', title: 'Home', options: options as never }],
      {
        store,
        clock,
        random: () => 0.5,
        log,
        database,
        intervals: { fast: 30, slow: 60, rare: 600 },
      },
    );
    engine.start();
  }

  function trusted(): object {
    const ca = path.join(mkdtempSync(path.join(tmpdir(), 'labkeeper-pve-')), 'ca.pem');
    writeFileSync(ca, simulator.ca);
    return { ca };
  }

  const token =
    (id: string) =>
    ({ tokens }: ProxmoxSimulator): object => ({
      token_id: id,
      token_secret: tokens.find((candidate) => candidate.id === id)?.secret,
    });

  /** Lets simulated time pass, and real time for what is on the wire, until it is so. */
  async function until(what: string, check: () => unknown, seconds = 120): Promise<void> {
    for (let second = 0; second < seconds * 2; second += 1) {
      await sleep(4);
      if (check()) return;
      await clock.advance(500);
    }
    assert.fail(`${what} did not come; the log: ${log.lines.join('\n')}`);
  }

  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      await clock.advance(1_000);
      await sleep(2);
    }
  }

  const guest = (id = HOST): LabResourceOf<'guest'> | undefined =>
    store.get(id) as LabResourceOf<'guest'> | undefined;
  const ids = (): string[] => [...store.all()].map(({ id }) => id).sort();

  test('is there with its node, guests and storages after one call for all of them', async () => {
    await begin(seededCluster);
    await until('the guests', () => guest()?.available);
    const node = store.get('proxmox/home/node/pve1') as LabResourceOf<'node'>;
    assert.equal(guest()?.name, 'docker-host');
    assert.equal(guest()?.parent, node.id);
    assert.equal(guest()?.readings.state, 'running');
    assert.equal(guest()?.readings.memory_total, 16);
    assert.equal(guest()?.readings.disk, null, 'the node cannot look into a virtual machine');
    assert.ok(ids().includes('proxmox/home/guest/110'));
    assert.ok(ids().includes('proxmox/home/storage/pve1/local-zfs'), ids().join());
    await until('the status of the node', () => (store.get(node.id) as typeof node).readings.version, 90);
    const known = store.get(node.id) as typeof node;
    assert.match(known.facts.model ?? '', /Xeon/);
    assert.ok((known.readings.load ?? -1) >= 0 && (known.readings.disk_total ?? 0) > 1);
    assert.equal(log.lines.filter((line) => !line.startsWith('info')).length, 0, log.lines.join('\n'));
  });

  test('costs at most twelve calls a minute', async () => {
    await begin(seededCluster);
    await until('the guests', () => guest()?.available);
    await pass(60);
    const before = simulator.faults.count();
    await pass(600);
    const calls = simulator.faults.count() - before;
    assert.ok(calls >= 70, `${calls} calls: it was read`);
    assert.ok(calls <= 120, `${calls} calls in ten minutes`);
  });

  test('a guest is shut down and started by tasks, and its switch never flips back', async () => {
    await begin(seededCluster);
    await until('the guests', () => guest()?.available);
    const seen: (boolean | null)[] = [];
    store.subscribe((diff) => {
      for (const { after } of diff)
        if (after?.id === HOST) seen.push((after as LabResourceOf<'guest'>).readings.on);
    });
    for (const [verb, on] of [
      ['stop', false],
      ['start', true],
    ] as const) {
      seen.length = 0;
      let ended = false;
      const done = engine
        .for(HOST, 'power')
        ?.[verb](HOST, AbortSignal.timeout(60_000))
        .then(() => {
          ended = true;
          engine.refresh(HOST);
        });
      await until(`its ${verb}`, () => ended, 300);
      await done;
      await until('the switch', () => guest()?.readings.on === on, 5);
      await pass(45);
      assert.equal(guest()?.readings.on, on);
      const flips = seen.slice(seen.indexOf(on)).filter((value) => value !== on);
      assert.deepEqual(flips, [], `after ${verb}: ${seen.join()}`);
    }
  });

  test('a task that fails says so in its own words', async () => {
    await begin(seededCluster);
    await until('the guests', () => guest('proxmox/home/guest/102')?.available);
    const id = 'proxmox/home/guest/102';
    const other = cluster.guest(102);
    assert.ok(other);
    other.startError = 'start failed: no space left on device';
    let outcome: { message?: string; code?: string } | undefined;
    const power = engine.for(id, 'power');
    const run = (verb: 'stop' | 'start') => {
      outcome = undefined;
      void power?.[verb](id, AbortSignal.timeout(60_000)).then(
        () => {
          outcome = { message: 'done' };
        },
        (error) => {
          outcome = error;
        },
      );
    };
    run('stop');
    await until('its end', () => outcome, 300);
    assert.equal(outcome?.message, 'done');
    run('start');
    await until('the failure', () => outcome, 300);
    assert.match(outcome?.message ?? '', /102 failed: .*no space left on device/);
    assert.equal(outcome?.code, 'source_refused');
  });

  test('what a token may not do is named, and nothing else suffers', async () => {
    await begin(seededCluster, token(AUDITOR_TOKEN));
    await until('the guests', () => guest()?.available);
    const tried = engine.for(HOST, 'power')?.stop(HOST, AbortSignal.timeout(60_000));
    await assert.rejects(tried ?? Promise.resolve(), {
      code: 'privilege_missing',
      message: /Permission check failed \(\/vms\/101, VM\.PowerMgmt\)/,
      hint: /VM\.PowerMgmt at \/vms\/101/,
    });
    assert.equal(guest()?.available, true);
  });

  test('lets in by user and password, also after the ticket ended', async () => {
    await begin(seededCluster, () => ({ username: ADMIN.id, password: ADMIN.password }));
    await until('the guests', () => guest()?.available);
    await pass(60);
    assert.equal(store.get('proxmox/home/node/pve1')?.available, true);
    const power = engine.for(HOST, 'power');
    let ended = false;
    void power?.restart(HOST, AbortSignal.timeout(60_000)).then(() => {
      ended = true;
    });
    await until('a write with its CSRF token', () => ended, 300);
  });

  test('refuses a wrong secret with what to check, and is not asked again at once', async () => {
    await begin(seededCluster, () => ({ token_id: OPERATOR_TOKEN, token_secret: 'wrong' }));
    await until('the refusal', () => log.lines.some((line) => line.includes('refused')));
    assert.match(log.lines.join(), /check token_id/);
    assert.doesNotMatch(log.lines.join(), /wrong/);
    const before = simulator.faults.count();
    await pass(25);
    assert.equal(simulator.faults.count(), before);
  });

  test('is asked through its next node when one is gone', async () => {
    await begin(threeNodeCluster);
    await until('the guests', () => [...store.all()].some(({ kind }) => kind === 'guest'));
    const [first] = cluster.nodes;
    assert.ok(first);
    cluster.cut(first.name);
    await simulator.settled();
    const lost = `proxmox/home/node/${first.name}`;
    await until('the loss of the node', () => store.get(lost)?.available === false, 400);
    const nodes = [...store.all()].filter(({ kind }) => kind === 'node') as LabResourceOf<'node'>[];
    assert.equal(nodes.length, 3);
    assert.deepEqual(
      nodes.map(({ name, available }) => [name, available]).sort(),
      cluster.nodes.map(({ name }) => [name, name !== first.name]).sort(),
    );
  });

  test('a reused vmid is another guest, also after a restart, and a deleted one goes', async () => {
    await begin(seededCluster);
    await until('the guests', () => guest()?.available);
    const options = { urls: simulator.urls, ...trusted(), ...token(OPERATOR_TOKEN)(simulator) };
    cluster.recreate(101);
    await until('the second', () => store.get(`${HOST}.2`), 90);
    assert.equal(store.get(HOST), undefined);
    await engine.close();
    open(options);
    await until('the second again', () => store.get(`${HOST}.2`), 90);
    cluster.remove(101);
    await until('its end', () => !store.get(`${HOST}.2`), 90);
  });
});
