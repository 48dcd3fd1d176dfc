import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import type { Source } from '../addon/src/contract/source.ts';
import { SELF_ID } from '../addon/src/lab/self.ts';
import { docker } from '../addon/src/sources/docker/index.ts';
import { redfish } from '../addon/src/sources/redfish/index.ts';
import { DockerEngine } from '../simulators/docker/engine.ts';
import { SEED } from '../simulators/docker/seed.ts';
import { type DockerSimulator, startDockerSimulator } from '../simulators/docker/server.ts';
import { threeNodeCluster } from '../simulators/proxmox/index.ts';
import { boot } from '../simulators/proxmox/node-power.ts';
import { type RedfishSimulator, r640, startRedfishSimulator } from '../simulators/redfish/index.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { provisionLab } from './helpers/provision-lab.ts';

const HA = 'proxmox/home/guest/100';
const MEDIA = 'docker/lab/stack/media';

suite('the lab as a whole', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  let engine: DockerEngine;
  let wire: DockerSimulator;
  let idrac: RedfishSimulator;
  /** When the machine that Labkeeper runs on was started. */
  let bootedAt = 0;

  async function end(): Promise<void> {
    await lab.end();
    await wire.close();
    await idrac.close();
  }
  afterEach(end);

  async function begin({ self = HA }: { self?: string } = {}): Promise<void> {
    bootedAt = 0;
    // Its own clock goes with that of the cluster as soon as that is there.
    const clocks: FakeClock[] = [];
    const clock = (): FakeClock => clocks[0] ?? new FakeClock();
    engine = new DockerEngine({
      ...{ name: 'docker-host', cpus: 4, random: Math.random, now: () => clock().now() },
      after: (ms, run) => clock().after(ms, run),
    });
    for (const spec of SEED) {
      engine.create(spec);
      engine.start(spec.name);
    }
    wire = await startDockerSimulator({ engine });
    idrac = await startRedfishSimulator({ machine: r640() });
    const { url, fingerprint, username, password } = idrac;
    const system = (source: unknown, id: string, options: object) => ({
      ...{ source: source as Source, id, title: id, options: { ...options } },
    });
    lab = await provisionLab(
      (given) => {
        clocks.push(given.clock);
        return threeNodeCluster(given);
      },
      {
        ...{ self, bootedAt: () => bootedAt },
        beside: [
          system(docker, 'lab', { url: wire.url, guest: 'proxmox/home/guest/101', image_updates: false }),
          system(redfish, 'r640', { url, fingerprint, username, password, node: 'proxmox/home/node/pve1' }),
        ],
      },
    );
    await lab.until('the lab', () => {
      const media = lab.store.get(MEDIA);
      const pve1 = lab.find('node', 'pve1');
      return (
        media?.kind === 'stack' &&
        media.readings.switchable &&
        pve1?.readings.can_power &&
        lab.find('guest', '100')?.readings.switchable
      );
    });
  }

  const shutDown = (input: object = {}) => lab.submit('shutdown_lab', SELF_ID, input);
  const running = (): readonly string[] =>
    lab.cluster.guests
      .filter(({ status }) => status === 'running')
      .map(({ name }) => name)
      .sort();
  const media = (): number =>
    engine.containers.filter(({ name, status }) => name.startsWith('media-') && status === 'running').length;
  const online = (): readonly string[] =>
    lab.cluster.nodes.filter((node) => node.online).map(({ name }) => name);

  const seenOff = (): Promise<void> =>
    lab.until('that all is off', () =>
      ['pve1', 'pve2', 'pve3'].every((name) => lab.find('node', name)?.available === false),
    );

  /** What becomes of Labkeeper when its own node goes off, and of the lab when that is switched on again. */
  async function powerCycle(): Promise<void> {
    await lab.until('the own node to go off', () => !online().includes('pve1'), 4_000);
    const killed = lab.kill();
    for (const name of ['pve1', 'pve2', 'pve3']) if (!online().includes(name)) boot(lab.cluster, name);
    bootedAt = lab.clock.now();
    await killed;
  }

  test('says before what it would do, in which order, and what to know', async () => {
    await begin();
    const plan = await lab.plan('shutdown_lab', SELF_ID, { ups_runtime: 60 });
    const names = plan.steps.map(({ name }) => name);
    assert.match(names[0] ?? '', /^Stop .*media/);
    assert.ok(
      names.slice(1, -3).every((name) => name.startsWith('Shut down ')),
      names.join(' | '),
    );
    assert.ok(!names.join().includes('homeassistant'), 'it runs in that');
    assert.deepEqual(names.slice(-3), [
      'Switch off pve2, pve3',
      'Switch off pve1',
      'Have stacks run again when the lab is up',
    ]);
    assert.match(plan.checks?.[0]?.message ?? '', /homeassistant, on pve1: that goes last/);
    assert.match(plan.warnings?.join() ?? '', /the battery lasts 60 s/);
    assert.deepEqual(online(), ['pve1', 'pve2', 'pve3']);
  });

  test('ends in its order, and the next run of Labkeeper sees that it did', async () => {
    await begin();
    const order: string[] = [];
    const before = media();
    assert.ok(before > 0);
    const job = shutDown();
    lab.executor.onChange(({ id, step }) => {
      if (id === job.id && step !== null && order.at(-1) !== step) order.push(step);
    });
    await powerCycle();
    assert.equal(media(), 0, 'stacks ended first');
    const { state, error, result } = await lab.over(job, 4_000);
    assert.deepEqual([state, error], ['succeeded', undefined]);
    assert.deepEqual(result, { not_back: [], not_ended_in_time: [] });
    assert.equal(media(), before, 'they run again');
    assert.ok(order.indexOf('Switch off pve1') > order.indexOf('Switch off pve2, pve3'));
    assert.equal(lab.simulator.faults.count(/POST \/nodes\/pve1\/status$/), 1, 'once');
  });

  test('can be cancelled until the first node, and not from then on', async () => {
    await begin();
    const cancel = (id: string) => lab.submit('cancel_job', SELF_ID, { job: id });
    const job = shutDown();
    await lab.until('the guests', () => lab.executor.job(job.id)?.step?.startsWith('Shut down '));
    await lab.over(cancel(job.id));
    assert.equal((await lab.over(job)).state, 'cancelled');
    assert.deepEqual(online(), ['pve1', 'pve2', 'pve3']);
    const again = shutDown();
    await lab.until('the nodes', () => lab.executor.job(again.id)?.step?.startsWith('Switch off '), 2_000);
    assert.equal((await lab.over(cancel(again.id))).error?.code, 'too_late');
  });

  test('is refused while it is not known where Labkeeper runs', async () => {
    await begin({ self: 'proxmox/home/guest/999' });
    const { error } = await lab.over(shutDown());
    assert.equal(error?.code, 'check_failed');
    assert.match(error?.hint ?? '', /option “self”/);
    assert.equal(lab.simulator.faults.count(/^POST/), 0);
  });

  test('goes on when Labkeeper is killed in the middle, and not when the lab was started anew', async () => {
    await begin();
    const job = shutDown();
    await lab.until('the guests', () => lab.executor.job(job.id)?.step?.startsWith('Shut down '));
    await lab.kill();
    await powerCycle();
    assert.equal((await lab.over(job, 4_000)).state, 'succeeded');
    const second = shutDown();
    await lab.until('the guests', () => lab.executor.job(second.id)?.step?.startsWith('Shut down '));
    await lab.clock.advance(1_000);
    const killed = lab.kill();
    bootedAt = lab.clock.now();
    await killed;
    const { state, error } = await lab.over(second, 4_000);
    assert.equal(state, 'unknown');
    assert.match(error?.message ?? '', /was started anew since/);
    assert.deepEqual(online(), ['pve1', 'pve2', 'pve3']);
  });

  test('starts again what ran, by what was written down then', async () => {
    // From outside, Labkeeper stays, and so nothing has the stacks run again by itself.
    await begin({ self: 'none' });
    const before = running();
    const stacks = media();
    const job = await lab.over(shutDown(), 4_000);
    assert.deepEqual([job.state, job.error, online()], ['succeeded', undefined, []]);
    assert.deepEqual(running(), []);
    await seenOff();
    const starting = lab.submit('start_lab', SELF_ID);
    await lab.until(
      'the wait for nodes',
      () => lab.executor.job(starting.id)?.step?.startsWith('Wait for '),
      2_000,
    );
    // Somebody pressed their buttons.
    for (const name of ['pve1', 'pve2', 'pve3']) boot(lab.cluster, name);
    const started = await lab.over(starting, 6_000);
    assert.deepEqual([started.state, started.error], ['succeeded', undefined]);
    assert.deepEqual(started.result, { not_started: [] });
    assert.deepEqual([running(), media()], [before, stacks]);
  });

  test('says what nothing within the lab can switch on', async () => {
    await begin({ self: 'none' });
    await lab.over(shutDown(), 4_000);
    await seenOff();
    const plan = await lab.plan('start_lab', SELF_ID);
    assert.match(plan.warnings?.join('\n') ?? '', /nothing here can switch pve2 on: press its button/);
    assert.doesNotMatch(plan.warnings?.join('\n') ?? '', /switch pve1 on/, 'that has a controller');
  });

  test('ends although a node is lost in the middle, and says what did not end in its order', {
    timeout: 300_000,
  }, async () => {
    for (const [step, late] of [
      ['Stop', ['guest/120', 'guest/121']],
      ['Shut down', ['guest/120', 'guest/121']],
      ['Switch off', ['node/pve2']],
    ] as const) {
      await begin({ self: 'none' });
      const job = shutDown();
      await lab.until('the step', () => lab.executor.job(job.id)?.step?.startsWith(step), 2_000);
      lab.cluster.cut('pve2');
      const { state, error, result } = await lab.over(job, 4_000);
      assert.deepEqual([state, error, online(), running()], ['succeeded', undefined, [], []], step);
      assert.deepEqual(result, { not_ended_in_time: late.map((path) => `proxmox/home/${path}`) }, step);
      const log = lab.executor.logOf(job.id).map(({ text }) => text);
      assert.match(log.join('\n'), /\/nodes\/pve2\/.* failed \(595\)/, step);
      if (step !== 'Switch off') await end();
    }
  });

  test('is started but for a node that is lost, which is named with what is on it', {
    timeout: 300_000,
  }, async () => {
    for (const moment of ['before it came', 'while guests are started']) {
      await begin({ self: 'none' });
      await lab.over(shutDown(), 4_000);
      await seenOff();
      const job = lab.submit('start_lab', SELF_ID);
      const isIn = (step: string) => () => lab.executor.job(job.id)?.step?.startsWith(step);
      await lab.until('the wait for nodes', isIn('Wait for '), 2_000);
      const isLate = moment === 'before it came';
      for (const name of ['pve1', 'pve2', 'pve3']) if (!isLate || name !== 'pve2') boot(lab.cluster, name);
      if (!isLate) {
        await lab.until('the guests', isIn('Start dev-test'), 2_000);
        lab.cluster.cut('pve2');
      }
      const { state, error, result } = await lab.over(job, 4_000);
      assert.equal(state, 'failed', moment);
      assert.equal(error?.message, 'pve2, gitea, dns2 could not be started: pve2 is not heard');
      assert.deepEqual(
        result?.not_started,
        ['node/pve2', 'guest/120', 'guest/121'].map((path) => `proxmox/home/${path}`),
      );
      assert.deepEqual(running(), ['dev-test', 'dns3', 'docker-host', 'homeassistant', 'pulse']);
      assert.ok(media() > 0, 'stacks run, too');
      if (isLate) await end();
    }
  });

  test('goes on with starting it when Labkeeper is killed in the middle, and starts nothing twice', {
    timeout: 300_000,
  }, async () => {
    for (const step of ['Wait for ', 'Start homeassistant', 'Start dev-test', 'Have run again']) {
      await begin({ self: 'none' });
      const before = running();
      const stacks = media();
      await lab.over(shutDown(), 4_000);
      await seenOff();
      const job = lab.submit('start_lab', SELF_ID);
      const isIn = (name: string) => () => lab.executor.job(job.id)?.step?.startsWith(name);
      await lab.until('the wait for nodes', isIn('Wait for '), 2_000);
      if (step === 'Wait for ') await lab.kill();
      for (const name of ['pve1', 'pve2', 'pve3']) boot(lab.cluster, name);
      if (step !== 'Wait for ') {
        await lab.until('the step', isIn(step), 2_000);
        await lab.clock.advance(500);
        await lab.kill();
      }
      const { state, error, result } = await lab.over(job, 6_000);
      assert.deepEqual([state, error, result], ['succeeded', undefined, { not_started: [] }], step);
      assert.deepEqual([running(), media()], [before, stacks], step);
      for (const { vmid } of lab.cluster.guests) {
        // To high availability, which looks after this one, the same wish again is no other one.
        if (vmid === 120) continue;
        const starts = lab.simulator.faults.count(new RegExp(`^POST .*/${vmid}/status/start$`));
        assert.ok(starts <= 1, `${vmid} was started ${starts} times, killed in “${step}”`);
      }
      if (step !== 'Have run again') await end();
    }
  });
});
