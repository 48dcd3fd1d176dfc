import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { backup } from '../simulators/proxmox/backup.ts';
import { seededCluster, threeNodeCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

/** Of guests that are backed up in seconds. */
function small(options: Parameters<typeof seededCluster>[0]): ReturnType<typeof seededCluster> {
  const made = seededCluster(options);
  for (const { vmid } of made.guests) made.configure(vmid, { disk: 8 * 1024 ** 3 });
  return made;
}

suite('tasks and jobs of Proxmox VE', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());
  const cluster = () => lab.find('cluster', 'cluster')?.readings;
  const node = () => lab.find('node', 'pve1')?.readings;
  const quiet = (): readonly string[] => lab.log.lines.filter((line) => /^(warn|error)/.test(line));

  test('show a running task and how far it is, on the node that is in no cluster', async () => {
    lab = await proxmoxLab(small);
    await lab.until('the tasks', () => node()?.tasks_running === 0);
    assert.equal(node()?.task, 'none');
    backup(lab.cluster, { node: 'pve1', user: 'root@pam', storage: 'backup', vmid: 101 });
    await lab.until('the task', () => node()?.tasks_running === 1);
    assert.equal(node()?.task, 'vzdump 101');
    await lab.until('its progress', () => [25, 50, 75].includes(node()?.task_progress ?? 0), 600);
    assert.equal(node()?.running_tasks?.[0]?.title, 'vzdump 101');
    await lab.until('its end', () => node()?.tasks_running === 0, 900);
    assert.deepEqual([node()?.task, node()?.task_progress, node()?.tasks_failed], ['none', null, 0]);
    assert.equal(lab.events.length, 0);
    assert.deepEqual(quiet(), []);
  });

  test('tell a failure at once, with what its log says, and only once', async () => {
    lab = await proxmoxLab(small);
    await lab.until('the tasks', () => node()?.tasks_failed === 0);
    const failure = (): string => 'no space left on device';
    backup(lab.cluster, { node: 'pve1', user: 'root@pam', storage: 'backup', failure });
    await lab.until('the failure', () => node()?.tasks_failed, 900);
    assert.equal(
      node()?.last_failure,
      'vzdump pve1: job errors: Backup of VM 100 failed - no space left on device',
    );
    assert.equal(lab.events.length, 1);
    const [first] = lab.events;
    assert.ok(first);
    const [where, key, { ended, ...event }] = first;
    assert.deepEqual([where, key], ['proxmox/home/node/pve1', 'failure']);
    assert.deepEqual(event, {
      event_type: 'failed',
      task: 'vzdump pve1',
      text: 'job errors: Backup of VM 100 failed - no space left on device',
      node: 'pve1',
      guest: null,
      user: 'root@pam',
    });
    assert.ok(Date.parse(String(ended)) > 0);
    await lab.pass(700);
    assert.equal(lab.events.length, 1);
    assert.equal(node()?.tasks_failed, 1);
  });

  test('count what failed before the start, tell it never, and what failed meanwhile once', async () => {
    const past = (lab_: typeof lab.cluster, hours: number, status: string, type = 'vzdump'): void => {
      const { clock } = lab_;
      lab_.tasks.remember(
        { node: 'pve2', type, id: '', user: 'root@pam' },
        clock.now() - hours * 3_600_000,
        60_000,
        status,
        ['INFO: starting'],
      );
    };
    lab = await proxmoxLab(
      (options) => {
        const made = threeNodeCluster(options);
        past(made, 30, 'job errors');
        past(made, 20, 'job errors');
        past(made, 10, 'WARNINGS: 2', 'aptupdate');
        past(made, 5, 'OK');
        return made;
      },
      { database: memoryDatabase() },
    );
    await lab.until('the failures', () => cluster()?.tasks_failed === 1);
    await lab.pass(60);
    assert.equal(cluster()?.tasks_failed, 1);
    assert.equal(lab.events.length, 0);
    await lab.engine.close();
    await lab.clock.advance(3_600_000);
    past(lab.cluster, 0.5, 'command failed', 'vzrestore');
    await lab.reopen('home');
    await lab.until('the failures again', () => cluster()?.tasks_failed === 2);
    await lab.until('the event', () => lab.events.length > 0);
    await lab.pass(60);
    assert.deepEqual(
      lab.events.map(([where, , { task, text }]) => [where, task, text]),
      [['proxmox/home/cluster/cluster', 'vzrestore pve2', 'command failed']],
    );
  });

  test('have a guest read at once that a task was about, and no other', async () => {
    lab = await proxmoxLab(seededCluster);
    await lab.until('the tasks', () => node()?.tasks_running === 0);
    await lab.pass(120);
    const { faults } = lab.simulator;
    const readsOf = (vmid: number): number => faults.count(new RegExp(`GET /nodes/pve1/qemu/${vmid}/`));
    faults.resetCounts();
    await lab.pass(60);
    const [before, others] = [readsOf(102), readsOf(101)];
    const run = async (): Promise<void> => {};
    lab.cluster.tasks.start({ node: 'pve1', type: 'qmconfig', id: '102', user: 'root@pam', run });
    await lab.until('its reads', () => readsOf(102) > before, 40);
    assert.equal(before, 0, 'it would have been read anyway');
    assert.equal(readsOf(101), others);
  });

  test('show the last run and the next one of each backup job', async () => {
    lab = await proxmoxLab(small);
    const job = () => node()?.jobs?.find(({ kind }) => kind === 'backup');
    await lab.until('the job', job);
    assert.equal(job()?.title, 'Backup Every night');
    assert.deepEqual([job()?.last_result, job()?.problem, job()?.failures], [null, null, 0]);
    assert.equal(job()?.next_run, '2026-01-01T02:00:00+00:00');
    const run = (failure?: () => string) =>
      backup(lab.cluster, { node: 'pve1', user: 'root@pam', storage: 'backup', ...(failure && { failure }) });
    const failing = run(() => 'no space left on device');
    await lab.until('its failure', () => job()?.last_result === 'failed', 3_000);
    assert.equal(failing.running, false);
    assert.deepEqual([job()?.problem, job()?.failures], [true, 1]);
    assert.match(job()?.error ?? '', /no space left/);
    // By hand, of one guest: no run of the job.
    backup(lab.cluster, { node: 'pve1', user: 'root@pam', storage: 'backup', vmid: 110 });
    await lab.pass(700);
    assert.equal(job()?.last_result, 'failed');
    run();
    await lab.until('its success', () => job()?.last_result === 'ok', 4_000);
    assert.deepEqual([job()?.problem, job()?.failures, job()?.error], [false, 0, 'none']);
  });

  test('show replications, from the node that each guest is on', async () => {
    lab = await proxmoxLab((options) => {
      const made = threeNodeCluster(options);
      made.replications = [
        { guest: 120, jobnum: 0, target: 'pve3' },
        { guest: 101, jobnum: 1, target: 'pve2', failCount: 2, error: 'no route to host' },
      ];
      return made;
    });
    const replications = () => cluster()?.jobs?.filter(({ kind }) => kind === 'replication') ?? [];
    await lab.until('the replications', () => replications().length === 2);
    assert.deepEqual(
      replications()
        .map(({ key, problem, failures, error }) => [key, problem, failures, error])
        .sort(),
      [
        ['replication_101_1', true, 2, 'no route to host'],
        ['replication_120_0', false, 0, 'none'],
      ],
    );
    assert.equal(lab.find('node', 'pve1')?.readings.jobs, undefined, 'they are the cluster’s');
  });

  test('show high availability where it is used, and Ceph where it is there', async () => {
    lab = await proxmoxLab(threeNodeCluster);
    await lab.until('high availability', () => cluster()?.ha);
    assert.deepEqual([cluster()?.ha, cluster()?.ha_guests], ['ok', 1]);
    await lab.pass(10);
    assert.equal('ceph' in (cluster() ?? {}), false);
    lab.cluster.ceph = {
      health: 'HEALTH_WARN',
      checks: { OSD_DOWN: '1 osds down' },
      used: 2 ** 40,
      total: 2 ** 42,
    };
    await lab.until('Ceph', () => cluster()?.ceph === 'warning', 400);
    assert.deepEqual([cluster()?.ceph_trouble, cluster()?.ceph_total], ['1 osds down', 4096]);
    lab.cluster.ceph = undefined;
    await lab.until('its removal', () => !('ceph' in (cluster() ?? {})), 400);
    assert.deepEqual(quiet(), []);
  });
});
