import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../addon/src/actions/job.ts';
import { threeNodeCluster } from '../simulators/proxmox/index.ts';
import { PROVISION_RIGHTS, provisionLab } from './helpers/provision-lab.ts';
import { grant } from './helpers/proxmox.ts';

type Lab = Awaited<ReturnType<typeof provisionLab>>;

interface Case {
  readonly action: string;
  readonly target: string;
  readonly input: object;
  /** The node that is lost. */
  readonly node: string;
  /** Steps in which it is lost and comes back; in the first one also for good. */
  readonly steps: readonly string[];
  /** What is sent once at most. */
  readonly sends: RegExp;
  /** What is said to be left behind by a job that does not come to its end, in each of the steps. */
  readonly left: readonly (RegExp | undefined)[];
}

const CASES: readonly Case[] = [
  {
    ...{ action: 'create_vm', target: 'proxmox/home/node/pve3', node: 'pve3' },
    input: { name: 'web', template: 900, disk: 20 },
    steps: ['Make VM 200', 'Grow', 'Start it'],
    sends: /^POST .*\/900\/clone$/,
    left: [/VM 200 \(web\) on pve3/, /VM 200 \(web\) on pve3/, /VM 200 \(web\) on pve3/],
  },
  {
    ...{ action: 'create_lxc', target: 'proxmox/home/node/pve1', node: 'pve1' },
    input: { name: 'dns', template: 'debian-12-standard' },
    steps: ['Make container 200', 'Fetch', 'Start it'],
    sends: /^POST .*\/pve1\/lxc$/,
    left: [/container 200 \(dns\) on pve1/, undefined, /container 200 \(dns\) on pve1/],
  },
  {
    ...{ action: 'clone_guest', target: 'proxmox/home/guest/102', node: 'pve1' },
    input: { name: 'dev-2', start: true },
    steps: ['Copy it as 200', 'Start it'],
    sends: /^POST .*\/102\/clone$/,
    left: [/VM 200 \(dev-2\) on pve1/, /VM 200 \(dev-2\) on pve1/],
  },
  {
    ...{ action: 'restore_backup', target: 'proxmox/home/guest/101', node: 'pve1' },
    input: { start: true },
    steps: ['Restore it as 200', 'Shut docker-host down', 'Start it'],
    sends: /^POST .*\/pve1\/qemu$/,
    // It is whole, and the job has told where it is.
    left: [/VM 200 \(docker-host-restored\) on pve1/, undefined, undefined],
  },
  {
    ...{ action: 'restore_over', target: 'proxmox/home/guest/101', node: 'pve1' },
    input: {},
    steps: ['Restore', 'Back docker-host up first'],
    sends: /^POST .*\/pve1\/qemu$/,
    left: [/docker-host, half restored/, undefined],
  },
  {
    ...{ action: 'delete_guest', target: 'proxmox/home/guest/130', node: 'pve3' },
    input: {},
    steps: ['Delete container 130'],
    sends: /^DELETE .*\/lxc\/130$/,
    left: [/container 130 \(dns3\) on pve3, perhaps deleted in part/],
  },
  {
    ...{ action: 'migrate_guest', target: 'proxmox/home/guest/101', node: 'pve1' },
    input: { node: 'pve2' },
    steps: ['Move'],
    sends: /^POST .*migrate$/,
    left: [undefined],
  },
  {
    ...{ action: 'backup_now', target: 'proxmox/home/guest/101', node: 'pve1' },
    input: {},
    steps: ['Back up'],
    sends: /^POST .*vzdump$/,
    left: [undefined],
  },
  {
    ...{ action: 'snapshot', target: 'proxmox/home/guest/101', node: 'pve1' },
    input: { name: 'new' },
    steps: ['Take the snapshot'],
    sends: /^POST .*snapshot$/,
    left: [undefined],
  },
];

async function begin(): Promise<Lab> {
  const lab = await provisionLab((given) => {
    const made = threeNodeCluster(given);
    grant(made, ...PROVISION_RIGHTS);
    made.configure(101, { snapshots: [] });
    made.find(130).stopped();
    return made;
  });
  await lab.until(
    'the lab',
    () =>
      lab.find('node', 'pve3')?.available &&
      lab.find('guest', '130')?.readings.state === 'stopped' &&
      lab.find('guest', '101')?.readings.snapshotable,
  );
  return lab;
}

/** Lets much time pass, in which little happens. */
async function ended(lab: Lab, { id }: Job): Promise<Job> {
  for (let seconds = 0; seconds < 2 * 3_600; seconds += 4) {
    const job = lab.executor.job(id);
    if (job !== undefined && !['queued', 'running'].includes(job.state)) return job;
    await sleep(3);
    await lab.clock.advance(4_000);
  }
  assert.fail('it hangs');
}

suite('a job whose node is lost ends, and says which node that is and what is left', () => {
  for (const { action, target, input, node, steps, sends, left } of CASES) {
    for (const [index, step] of steps.entries()) {
      for (const back of index === 0 ? [false, true] : [true]) {
        test(`${action}: in “${step}”${back ? ', until it is back' : ', for good'}`, async (t) => {
          const lab = await begin();
          t.after(() => lab.end());
          const before = lab.cluster.guests.length;
          const job = lab.submit(action, target, input);
          const now = (): Job => lab.executor.job(job.id) ?? assert.fail('the job is gone');
          await lab.until('the step', () => now().step?.startsWith(step), 3_000);
          await lab.until('what it sends', () => now().vendor_ref);
          lab.cluster.cut(node);
          if (back) {
            await lab.pass(40);
            lab.cluster.restore(node);
          }
          const { state, error, result } = await ended(lab, job);
          assert.equal(state, 'unknown', error?.message);
          assert.match(error?.message ?? '', new RegExp(back ? `${node} was lost` : `${node} is not heard`));
          const told = JSON.stringify(result?.left_behind ?? []);
          assert.match(told, left[index] ?? /^\[\]$/);
          if (left[index] !== undefined) assert.match(error?.hint ?? '', left[index]);
          if (!back) lab.cluster.restore(node);
          await lab.pass(60);
          assert.ok(lab.simulator.faults.count(sends) <= 1, 'it was sent once');
          assert.ok(lab.cluster.guests.length <= before + 1, 'there is no double');
        });
      }
    }
  }
});
