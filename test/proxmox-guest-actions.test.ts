import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Capabilities } from '../addon/src/contract/capabilities.ts';
import { seededCluster } from '../simulators/proxmox/index.ts';
import { VERSIONS } from '../simulators/proxmox/seed.ts';
import { grant } from './helpers/proxmox.ts';
import { type LabOptions, proxmoxLab } from './helpers/proxmox-lab.ts';

const HOST = 'proxmox/home/guest/101';
const PULSE = 'proxmox/home/guest/110';

suite('what is done to a guest of Proxmox VE', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());

  async function begin(
    options: LabOptions = {},
    make: Parameters<typeof proxmoxLab>[0] = seededCluster,
  ): Promise<void> {
    lab = await proxmoxLab(make, options);
    await lab.until('the guests', () => lab.find('guest', '101')?.available);
    await lab.until('the node', () => lab.find('node', 'pve1')?.readings.version);
  }
  const readings = (vmid = '101') => lab.find('guest', vmid)?.readings;
  const offered = <C extends 'guest' | 'snapshot'>(capability: C): Capabilities[C] => {
    const found = lab.engine.for(HOST, capability);
    assert.ok(found);
    return found;
  };
  const { signal } = new AbortController();

  /** Lets time pass until it is done. */
  async function done<T>(work: Promise<T>, seconds = 300): Promise<T> {
    let ended = false;
    const end = () => {
      ended = true;
    };
    work.then(end, end);
    await lab.until('the end', () => ended, seconds);
    return work;
  }

  test('suspends, resumes, resets and cuts off, and shows it at once', async () => {
    await begin();
    const guest = lab.cluster.find(101);
    const notes: string[] = [];
    const note = ({ vendorRef }: { vendorRef: string }): void =>
      void notes.push(vendorRef.split(':')[5] ?? '');
    await done(offered('guest').suspend(HOST, signal, note));
    assert.deepEqual([guest.paused, readings()?.state, readings()?.on], [true, 'paused', true]);
    await done(offered('guest').suspend(HOST, signal, note));
    await done(offered('guest').resume(HOST, signal, note));
    assert.deepEqual([guest.paused, readings()?.state], [false, 'running']);
    const { pid } = guest;
    await done(offered('guest').reset(HOST, signal, note));
    assert.equal(guest.pid, pid, 'QEMU goes on');
    await done(offered('guest').forceStop(HOST, signal, note));
    assert.deepEqual([guest.status, readings()?.on], ['stopped', false]);
    assert.deepEqual(notes, ['qmpause', 'qmresume', 'qmreset', 'qmstop'], 'what is so already is not sent');
    await assert.rejects(done(offered('guest').reset(HOST, signal)), {
      code: 'source_refused',
      message: /does not run/,
    });
  });

  test('hibernates who may, and starts it where it was', async () => {
    await begin();
    await lab.until('the controls', () => readings()?.switchable);
    assert.equal(readings()?.hibernatable, undefined, 'its memory becomes a disk');
    grant(lab.cluster, 'VM.Config.Disk');
    await lab.until('the right', () => readings()?.hibernatable, 4_000);
    assert.equal(readings('110')?.hibernatable, undefined, 'a container cannot');
    const guest = lab.cluster.find(101);
    await done(offered('guest').hibernate(HOST, signal));
    assert.deepEqual([guest.status, guest.lock, readings()?.state], ['stopped', 'suspended', 'suspended']);
    const posts = lab.simulator.faults.count(/^POST/);
    await done(offered('guest').hibernate(HOST, signal));
    assert.equal(lab.simulator.faults.count(/^POST/), posts, 'it is already');
    await done(lab.engine.for(HOST, 'power')?.start(HOST, signal) ?? assert.fail());
    assert.deepEqual([guest.status, guest.lock], ['running', undefined]);
  });

  test('cuts off what does not end by itself', async () => {
    await begin();
    const guest = lab.cluster.find(101);
    guest.ignoresShutdown = true;
    const shutdown = lab.engine.for(HOST, 'power')?.stop(HOST, signal);
    shutdown?.catch(() => {});
    await lab.pass(3);
    await done(offered('guest').forceStop(HOST, signal), 30);
    assert.equal(guest.status, 'stopped');
  });

  test('refuses what a container cannot, and what is locked, and sends nothing', async () => {
    await begin();
    await assert.rejects(done(offered('guest').suspend(PULSE, signal)), {
      code: 'target_unsuitable',
      message: /pulse is a container/,
    });
    lab.cluster.find(101).lock = 'migrate';
    for (const refused of [
      () => offered('guest').forceStop(HOST, signal),
      () => offered('snapshot').take(HOST, 'x', signal),
    ]) {
      await assert.rejects(done<unknown>(refused()), {
        code: 'source_refused',
        message: /is locked \(migrate\)/,
      });
    }
    assert.equal(lab.simulator.faults.count(/^POST/), 0);
    await done(offered('guest').forceStop(PULSE, signal));
    assert.equal(lab.cluster.find(110).status, 'stopped');
  });

  test('takes a snapshot under the time, with who wanted it, and shows it at once', async () => {
    await begin();
    await lab.until('the snapshots', () => readings()?.snapshots === 1, 300);
    const name = await done(
      offered('snapshot').take(HOST, 'Before the update · Labkeeper (http, ann)', signal),
    );
    assert.match(name, /^labkeeper-20260101-\d{6}$/);
    const taken = lab.cluster.find(101).spec.snapshots?.at(-1);
    assert.deepEqual(
      [taken?.name, taken?.description, taken?.vmstate],
      [name, 'Before the update · Labkeeper (http, ann)', false],
    );
    // No simulated time passes any more: it needs the calls, and no wait.
    for (let tries = 0; tries < 500 && readings()?.snapshots !== 2; tries += 1) await sleep(10);
    assert.equal(readings()?.snapshots, 2);
  });

  test('says in its own words why a snapshot was refused', async () => {
    await begin();
    const taken = offered('snapshot');
    const first = taken.take(HOST, 'x', signal);
    const second = taken.take(HOST, 'x', signal);
    const outcomes = await done(Promise.allSettled([first, second]));
    const failed = outcomes.filter(({ status }) => status === 'rejected');
    assert.equal(failed.length, 1);
  });

  test('sends an older version nothing that it does not know', async () => {
    await begin({}, (options) => seededCluster({ ...options, version: VERSIONS[7] }));
    await done(offered('guest').forceStop(HOST, signal));
    assert.equal(lab.cluster.find(101).status, 'stopped');
  });

  test('names the privilege that is missing', async () => {
    await begin();
    const token = lab.simulator.tokens.find(({ id }) => id.endsWith('!app'));
    assert.ok(token);
    lab.cluster.access.addToken({ ...token, acl: { '/': ['VM.Audit', 'Datastore.Audit', 'Sys.Audit'] } });
    await assert.rejects(done(offered('snapshot').take(HOST, 'x', signal)), {
      code: 'privilege_missing',
      hint: /VM\.Snapshot at \/vms\/101/,
    });
  });
});
