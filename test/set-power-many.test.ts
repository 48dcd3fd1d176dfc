import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { SELF_ID } from '../addon/src/lab/self.ts';
import { type ProxmoxCluster, seededCluster } from '../simulators/proxmox/index.ts';
import { provisionLab } from './helpers/provision-lab.ts';

const [HOME, HOST, DEV, PULSE] = [100, 101, 102, 110].map((vmid) => `proxmox/home/guest/${vmid}`) as [
  string,
  string,
  string,
  string,
];

suite('switching many', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  afterEach(() => lab.end());

  async function begin(self = 'none', change: (cluster: ProxmoxCluster) => void = () => {}): Promise<void> {
    lab = await provisionLab(
      (given) => {
        const made = seededCluster(given);
        change(made);
        return made;
      },
      { self },
    );
    await lab.until(
      'the guests',
      () => lab.find('guest', '110')?.readings.switchable && lab.find('guest', '101')?.readings.tags,
    );
  }
  const ask = (input: object) => lab.submit('set_power_many', SELF_ID, input);
  const running = (): readonly number[] =>
    lab.cluster.guests.filter((guest) => guest.running).map(({ vmid }) => vmid);

  test('ends all that are named, the last to start first, and tells of each', async () => {
    await begin();
    lab.cluster.find(102).stopped();
    await lab.until('its state', () => lab.find('guest', '102')?.readings.state === 'stopped');
    const { steps, warnings } = await lab.plan('set_power_many', SELF_ID, {
      power: 'off',
      targets: [HOME, HOST, DEV],
    });
    assert.deepEqual(
      steps.map(({ name }) => name),
      ['1: End dev-test', '2: End docker-host', '3: End homeassistant', 'See what could not be switched'],
    );
    assert.deepEqual(warnings, ['dev-test is off already']);
    const job = await lab.over(ask({ power: 'off', targets: [HOME, HOST, DEV] }));
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.deepEqual(job.result, { results: { [DEV]: 'was so already', [HOST]: 'done', [HOME]: 'done' } });
    assert.deepEqual(running(), [110]);
  });

  test('starts all with a tag, in their own order', async () => {
    await begin('none', (cluster) => {
      for (const vmid of [100, 101]) cluster.find(vmid).stopped();
    });
    const { steps } = await lab.plan('set_power_many', SELF_ID, { power: 'on', tag: 'core' });
    assert.deepEqual(
      steps.map(({ name }) => name),
      ['1: Start homeassistant', '2: Start docker-host', 'See what could not be switched'],
    );
    assert.equal((await lab.over(ask({ power: 'on', tag: 'core' }))).state, 'succeeded');
    assert.deepEqual(running(), [100, 101, 102, 110]);
  });

  test('leaves on what Labkeeper itself needs, and says so of it alone', async () => {
    await begin(HOME);
    const { warnings } = await lab.plan('set_power_many', SELF_ID, { power: 'off', tag: 'core' });
    assert.deepEqual(warnings, ['homeassistant is left on: Labkeeper itself needs it']);
    const job = await lab.over(ask({ power: 'off', tag: 'core' }));
    assert.equal(job.state, 'failed');
    assert.match(job.error?.message ?? '', /^homeassistant could not be switched/);
    assert.deepEqual(job.result, {
      results: { [HOST]: 'done', [HOME]: 'refused: Labkeeper itself needs it' },
    });
    assert.ok(running().includes(100) && !running().includes(101));
  });

  test('ends nothing where it is not known what Labkeeper runs on', async () => {
    await begin('proxmox/home/guest/999');
    const { error } = await lab.over(ask({ power: 'off', tag: 'core' }));
    assert.equal(error?.code, 'check_failed');
    assert.match(error?.hint ?? '', /option “self”/);
    assert.equal(running().length, 4);
    assert.equal((await lab.over(ask({ power: 'on', tag: 'core' }))).state, 'succeeded');
  });

  test('goes on with the others where one cannot be switched', async () => {
    await begin();
    lab.cluster.find(101).ignoresShutdown = true;
    const job = await lab.over(ask({ power: 'off', targets: [HOST, PULSE] }));
    assert.equal(job.state, 'failed');
    const { results } = job.result as { results: Record<string, string> };
    assert.equal(results[PULSE], 'done');
    assert.match(results[HOST] ?? '', /^failed: .*got timeout/);
  });

  test('takes either targets or a tag, and only what there is', async () => {
    await begin();
    const code = async (input: object) => (await lab.over(ask(input))).error?.code;
    assert.equal(await code({ power: 'off' }), 'input_invalid');
    assert.equal(await code({ power: 'off', tag: 'core', targets: [HOST] }), 'input_invalid');
    assert.equal(await code({ power: 'off', tag: 'nobody' }), 'target_unknown');
    assert.equal(await code({ power: 'off', targets: ['proxmox/home/guest/999'] }), 'target_unknown');
    assert.equal(await code({ power: 'off', targets: ['proxmox/home/node/pve1'] }), 'target_unsuitable');
  });

  test('is done to the end after a restart, whenever Labkeeper is killed', async () => {
    for (const seconds of [0.5, 2, 6, 10, 16, 20]) {
      await begin();
      const job = ask({ power: 'off', targets: [HOST, PULSE] });
      await lab.clock.advance(seconds * 1_000);
      await lab.kill();
      const { state, error } = await lab.over(job);
      if (state === 'cancelled') assert.equal(error?.code, 'interrupted');
      else
        assert.deepEqual(
          [state, running()],
          ['succeeded', [100, 102]],
          `after ${seconds} s: ${error?.message}`,
        );
      if (seconds < 20) await lab.end();
    }
  });
});
