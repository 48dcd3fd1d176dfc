import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { threeNodeCluster } from '../simulators/proxmox/index.ts';
import { PROVISION_RIGHTS, provisionLab } from './helpers/provision-lab.ts';
import { grant } from './helpers/proxmox.ts';

const TIB = 1024 ** 4;

/** What makes a guest, the step in which it does, and where it comes. */
const CASES = [
  {
    ...{ action: 'create_vm', target: 'node/pve3', step: 'Make VM 200' },
    input: { name: 'web', template: 900, storage: 'local-zfs' },
  },
  {
    ...{ action: 'create_lxc', target: 'node/pve1', step: 'Make container 200' },
    input: { name: 'dns', template: 'debian-12-standard', storage: 'local-zfs' },
  },
  { ...{ action: 'clone_guest', target: 'guest/102', step: 'Copy it as 200' }, input: { name: 'dev-2' } },
  { ...{ action: 'restore_backup', target: 'guest/101', step: 'Restore it as 200' }, input: {} },
];

suite('on a storage that is full', () => {
  async function begin() {
    const lab = await provisionLab((given) => {
      const made = threeNodeCluster(given);
      grant(made, ...PROVISION_RIGHTS);
      return made;
    });
    await lab.until('the lab', () => lab.find('node', 'pve3')?.available && lab.find('guest', '102'));
    return lab;
  }

  for (const { action, target, step, input } of CASES) {
    test(`${action} is refused before anything is sent`, async (t) => {
      const lab = await begin();
      t.after(() => lab.end());
      lab.cluster.setStorage('local-zfs', { total: TIB, used: 0.86 * TIB });
      const { state, error } = await lab.over(lab.submit(action, `proxmox/home/${target}`, input));
      assert.deepEqual([state, error?.code], ['failed', 'check_failed'], error?.message);
      assert.match(error?.message ?? '', /Space on local-zfs: .*more than 85 %/);
      assert.equal(lab.simulator.faults.count(/^(POST|PUT|DELETE)/), 0);
    });

    test(`${action} fails where that comes in the middle, and says what is left`, async (t) => {
      const lab = await begin();
      t.after(() => lab.end());
      const job = lab.submit(action, `proxmox/home/${target}`, input);
      await lab.until('its step', () => lab.executor.job(job.id)?.step?.startsWith(step), 900);
      lab.cluster.makeError = 'zfs error: cannot receive: out of space';
      const { state, error, result } = await lab.over(job, 4_000);
      assert.equal(state, 'failed', error?.message);
      assert.match(error?.message ?? '', /out of space/);
      const left = JSON.stringify(result?.left_behind ?? []);
      assert.equal(left.includes('guest/200"'), lab.cluster.guest(200) !== undefined, left);
    });
  }
});
