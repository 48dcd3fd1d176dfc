import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { homeServer } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

suite('the calls that a Proxmox VE cluster is asked', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());

  test('are at most twelve a minute for 30 guests, 5 storages, 8 disks and 2 pools, once everything was read', {
    timeout: 180_000,
  }, async () => {
    lab = await proxmoxLab(homeServer);
    const { faults } = lab.simulator;
    await lab.pass(180);
    assert.equal(faults.count(/\/agent\/get-osinfo$/), 18, 'each agent was asked');
    assert.equal(faults.count(/\/snapshot$/), 30);
    for (const hour of ['first', 'second', 'third']) {
      const before = faults.count();
      await lab.pass(3_600);
      const calls = faults.count() - before;
      assert.ok(calls >= 600, `${calls} calls in the ${hour} hour: it was read`);
      assert.ok(calls <= 720, `${calls} calls in the ${hour} hour`);
    }
    const read = faults.count(/\/pending$/);
    assert.ok(read >= 60, `${read} times a configuration was read: again, beside the first time`);
  });
});
