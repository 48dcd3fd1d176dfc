import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { bigCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

suite('the calls that a Proxmox VE cluster is asked', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());

  test('are at most twelve a minute for a node with 30 guests, in the first hour and in the next', {
    timeout: 180_000,
  }, async () => {
    lab = await proxmoxLab((options) => bigCluster({ nodes: 1, guests: 30 }, options));
    const { faults } = lab.simulator;
    for (const hour of ['first', 'second']) {
      const before = faults.count();
      await lab.pass(3_600);
      const calls = faults.count() - before;
      assert.ok(calls >= 500, `${calls} calls in the ${hour} hour: it was read`);
      assert.ok(calls <= 720, `${calls} calls in the ${hour} hour`);
    }
  });
});
