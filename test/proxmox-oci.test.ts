import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { seededCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

const SECRET = 'correct horse battery staple';

suite('a container that was made from an OCI image', () => {
  test('is a guest like others, and its environment, which holds secrets, is shown nowhere', async () => {
    const lab = await proxmoxLab((options) => {
      const cluster = seededCluster(options);
      const spec = cluster.guests.find(({ type }) => type === 'lxc')?.spec;
      assert.ok(spec);
      cluster.create({
        ...spec,
        ...{ vmid: 150, name: 'vaultwarden', addresses: ['10.0.20.150/24'], snapshots: [], upMs: 3_600_000 },
        oci: { entrypoint: '/start.sh', env: ['PATH=/usr/bin', `ADMIN_TOKEN=${SECRET}`] },
      });
      return cluster;
    });
    try {
      await lab.pass(120);
      const guest = lab.find('guest', '150');
      assert.equal(guest?.available, true);
      assert.equal(guest?.readings.state, 'running');
      assert.ok(guest?.aliases?.includes('ip:10.0.20.150'));
      assert.ok(!JSON.stringify([...lab.store.all()]).includes(SECRET));
      assert.ok(!lab.log.lines.join('\n').includes(SECRET));
      assert.ok(!lab.log.lines.some((line) => /warn|error/.test(line)), lab.log.lines.join('\n'));
    } finally {
      await lab.close();
    }
  });
});
