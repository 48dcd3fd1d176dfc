import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { threeNodeCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

suite('disks and pools of a node that is off', () => {
  test('are there after a restart as they were, unavailable, until it is back', async () => {
    const lab = await proxmoxLab(threeNodeCluster);
    try {
      const hardware = (): Record<string, LabResource> =>
        Object.fromEntries(
          [...lab.store.all()].flatMap((one) =>
            (one.kind === 'disk' || one.kind === 'pool') && one.parent === 'proxmox/home/node/pve1'
              ? [[one.id, one]]
              : [],
          ),
        );
      const shape = (): Record<string, readonly string[]> =>
        Object.fromEntries(
          Object.entries(hardware()).map(([id, { readings }]) => [id, Object.keys(readings).sort()]),
        );
      await lab.pass(400);
      const before = shape();
      const kinds = new Set(Object.values(hardware()).map(({ kind }) => kind));
      assert.deepEqual([...kinds].sort(), ['disk', 'pool']);
      assert.ok(Object.values(before).some((readings) => readings.includes('temperature')));

      lab.cluster.cut('pve1');
      await lab.simulator.settled();
      await lab.pass(60);
      await lab.reopen('home');
      await lab.pass(120);
      assert.deepEqual(shape(), before);
      assert.ok(Object.values(hardware()).every(({ available }) => !available));

      lab.cluster.restore('pve1');
      await lab.simulator.settled();
      await lab.pass(400);
      assert.deepEqual(shape(), before);
      assert.ok(Object.values(hardware()).every(({ available }) => available));
    } finally {
      await lab.close();
    }
  });
});
