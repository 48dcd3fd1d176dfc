import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { Executor } from '../addon/src/actions/executor.ts';
import type { Job } from '../addon/src/actions/job.ts';
import type { ActionRequest } from '../addon/src/contract/action.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { lifelineGuard } from '../addon/src/lab/lifeline.ts';
import { AUDITOR_TOKEN, seededCluster, threeNodeCluster } from '../simulators/proxmox/index.ts';
import { type LabOptions, proxmoxLab } from './helpers/proxmox-lab.ts';

const GIB = 1024 ** 3;
const NAS = { storage: 'nas', type: 'nfs', content: 'images,rootdir', total: GIB, used: 0, shared: true };

suite('what is done to a node of Proxmox VE', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  let executor: Executor;
  afterEach(async () => {
    await executor.close();
    await lab.close();
  });

  async function open(
    make: Parameters<typeof proxmoxLab>[0],
    { self = 'none', ...options }: LabOptions & { readonly self?: string } = {},
  ): Promise<void> {
    lab = await proxmoxLab(make, options);
    const { store, clock, log } = lab;
    executor = new Executor({
      actions: ACTIONS,
      resource: (id) => store.get(id),
      capabilities: { for: (id, capability) => lab.engine.for(id, capability) },
      refresh: (id) => lab.engine.refresh(id),
      announce: () => {},
      redact: (text) => text,
      self: 'labkeeper/self/app/main',
      guard: lifelineGuard({ lab: store, self, own: () => ({}) as never }),
      database: memoryDatabase(),
      clock,
      log,
    });
    await lab.until('the guests', () => lab.find('guest', '102')?.available);
    await lab.until('the status', () => lab.find('node', 'pve1')?.readings.version);
  }

  const request = (action: string, node = 'pve1'): ActionRequest => ({
    action,
    target: `proxmox/home/node/${node}`,
    input: {},
    door: 'mqtt',
    user: 'unknown',
  });

  /** For a dry run, which nobody asks for over MQTT. */
  const looking = (action: string, node?: string): ActionRequest => ({
    ...request(action, node),
    door: 'homeassistant',
  });

  /** Asks for it and waits for its end. */
  async function done(action: string, node = 'pve1', seconds = 3_000): Promise<Job> {
    const { id } = executor.submit(request(action, node));
    await lab.until(
      action,
      () => ['succeeded', 'failed', 'unknown'].includes(executor.job(id)?.state ?? ''),
      seconds,
    );
    const job = executor.job(id);
    assert.ok(job);
    return job;
  }

  const isRunning = (vmid: number): boolean => lab.cluster.find(vmid).running;
  const posts = (which: RegExp): number => lab.simulator.faults.count(which);

  test('starts the guests that start with it, and no other', async () => {
    await open(seededCluster);
    assert.equal((await done('node_stop_all')).state, 'succeeded');
    assert.deepEqual([100, 101, 102, 110].map(isRunning), [false, false, false, false]);
    await lab.until('the guests’ end', () => lab.find('node', 'pve1')?.readings.guests_running === 0, 60);
    const job = await done('node_start_all');
    assert.equal(job.state, 'succeeded');
    assert.match(job.vendor_ref ?? '', /^UPID:pve1:.*:startall:/);
    assert.deepEqual([100, 101, 102, 110].map(isRunning), [true, true, false, true]);
  });

  test('reboots it and ends when it is back', async () => {
    await open(seededCluster);
    const before = lab.cluster.node('pve1').bootedAt;
    const job = await done('node_reboot');
    assert.equal(job.state, 'succeeded', job.error?.message);
    assert.ok(lab.cluster.node('pve1').bootedAt > before);
    assert.equal(posts(/^POST .*\/status$/), 1);
    await lab.until(
      'its new start',
      () => Date.parse(lab.find('node', 'pve1')?.readings.started ?? '') > before,
      60,
    );
  });

  test('shuts it down and wakes it by another node', async () => {
    await open(threeNodeCluster);
    assert.equal((await done('node_shutdown', 'pve3')).state, 'succeeded');
    assert.equal(lab.cluster.node('pve3').online, false);
    await lab.until('its loss', () => lab.find('node', 'pve3')?.available === false, 60);
    const job = await done('node_wake', 'pve3');
    assert.equal(job.state, 'succeeded', job.error?.message);
    assert.equal(lab.cluster.node('pve3').online, true);
  });

  test('says why it cannot be woken', async () => {
    await open(threeNodeCluster);
    lab.cluster.node('pve3').condition.mac = undefined;
    lab.cluster.cut('pve3');
    await lab.until('its loss', () => lab.find('node', 'pve3')?.available === false, 60);
    const job = await done('node_wake', 'pve3');
    assert.equal(job.state, 'failed');
    assert.match(job.error?.message ?? '', /No wake on LAN MAC address defined for 'pve3'/);
  });

  test('of a single node cannot wake it, for nobody is there to do it', async () => {
    await open(seededCluster);
    assert.throws(() => executor.submit(request('node_wake')), {
      code: 'target_unsuitable',
      message: /no other node/,
    });
    assert.equal(posts(/wakeonlan/), 0);
  });

  test('is not sent while it does not answer, and says which privilege is missing', async () => {
    await open(threeNodeCluster);
    lab.cluster.cut('pve2');
    const job = await done('node_reboot', 'pve2');
    assert.equal(job.state, 'failed');
    assert.match(job.error?.message ?? '', /nothing was sent/);
    assert.equal(posts(/^POST/), 0);
    await executor.close();
    await lab.close();
    await open(seededCluster, {
      options: ({ tokens }) => ({
        token_id: AUDITOR_TOKEN,
        token_secret: tokens.find(({ id }) => id === AUDITOR_TOKEN)?.secret,
      }),
    });
    const refused = await done('node_shutdown');
    assert.equal(refused.error?.code, 'privilege_missing');
    assert.match(refused.error?.hint ?? '', /Sys\.PowerMgmt at \/nodes\/pve1/);
  });

  test('empties it for maintenance: moves what can move, stops the rest, reboots, starts that again', async () => {
    await open((options) => {
      const made = threeNodeCluster(options);
      made.storages = [...made.storages, NAS];
      made.configure(101, { storage: 'nas' });
      made.configure(110, { storage: 'nas' });
      return made;
    });
    const before = lab.cluster.node('pve1').bootedAt;
    const plan = await executor.plan(looking('node_maintenance'));
    assert.deepEqual(
      plan.steps.map(({ name }) => name),
      [
        'Move or stop homeassistant',
        'Move or stop docker-host',
        'Move or stop dev-test',
        'Move or stop pulse',
        'Reboot',
        'Start again what was stopped',
      ],
    );
    const job = await done('node_maintenance');
    assert.equal(job.state, 'succeeded', job.error?.message);
    assert.ok(lab.cluster.node('pve1').bootedAt > before);
    const where = [100, 101, 102, 110].map((vmid) => [vmid, lab.cluster.find(vmid).node, isRunning(vmid)]);
    assert.deepEqual(
      where.map(([vmid, node, on]) => [vmid, node === 'pve1', on]),
      [
        [100, true, true],
        [101, false, true],
        // It does not start with the node, and ran before.
        [102, true, true],
        [110, false, true],
      ],
    );
  });

  test('stops what could not be moved after all', async () => {
    await open((options) => {
      const made = threeNodeCluster(options);
      made.storages = [...made.storages, NAS];
      made.configure(121, { storage: 'nas' });
      made.find(121).migrateError = 'target has no such bridge';
      return made;
    });
    const job = await done('node_maintenance', 'pve2');
    assert.equal(job.state, 'succeeded', job.error?.message);
    assert.deepEqual([lab.cluster.find(121).node, isRunning(121)], ['pve2', true]);
    assert.match(lab.log.lines.join('\n'), /warn .*vzmigrate of 121 failed: .*target has no such bridge/);
  });

  test('is refused where Labkeeper itself runs on it, over MQTT as well', async () => {
    await open(threeNodeCluster, { self: 'proxmox/home/guest/100' });
    for (const action of ['node_stop_all', 'node_reboot', 'node_shutdown', 'node_maintenance']) {
      assert.throws(() => executor.submit(request(action)), { code: 'lifeline' }, action);
      await assert.doesNotReject(executor.plan(looking(action, 'pve3')), action);
    }
    await assert.doesNotReject(executor.plan(looking('node_start_all')));
    assert.equal(posts(/^POST/), 0);
  });
});
