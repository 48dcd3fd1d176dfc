import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { jobOf as backupJobOf } from '../addon/src/sources/proxmox/cluster/backup-jobs.ts';
import { backupRunIn, isRunOf } from '../addon/src/sources/proxmox/cluster/backup-run.ts';
import { cephOf } from '../addon/src/sources/proxmox/cluster/ceph.ts';
import { Failures } from '../addon/src/sources/proxmox/cluster/failures.ts';
import { Feed, hasFailed, vmidOf } from '../addon/src/sources/proxmox/cluster/feed.ts';
import { haOf } from '../addon/src/sources/proxmox/cluster/ha.ts';
import { progressIn } from '../addon/src/sources/proxmox/cluster/progress.ts';
import { jobOf as replicationJobOf } from '../addon/src/sources/proxmox/cluster/replications.ts';
import { runningOf } from '../addon/src/sources/proxmox/cluster/tasks.ts';
import type { TaskRow } from '../addon/src/sources/proxmox/cluster/wire.ts';
import { isFree, roomiest } from '../addon/src/sources/proxmox/node/evacuate.ts';

const GIB = 1024 ** 3;
const DAY = 86_400;
const NOW = 1_800_000_000;

const task = (change: Partial<TaskRow> = {}): TaskRow => {
  const row = { node: 'pve1', type: 'vzdump', id: '101', user: 'root@pam', starttime: NOW - 600, ...change };
  const hex = row.starttime.toString(16).toUpperCase();
  return { upid: `UPID:${row.node}:0000A1B2:0000C3D4:${hex}:${row.type}:${row.id}:${row.user}:`, ...row };
};
const ended = (status: string, change: Partial<TaskRow> = {}): TaskRow =>
  task({ endtime: NOW - 60, status, ...change });

suite('progress in the log of a task', () => {
  test('is what its tools print', () => {
    const table: readonly (readonly [string, number | undefined])[] = [
      ['INFO:  25% (4.0 GiB of 16.0 GiB) in 10s, read: 410 MiB/s, write: 400 MiB/s', 25],
      ['drive-scsi0: transferred 1.2 GiB of 32.0 GiB (3.75%) in 5s', 3.75],
      ['transferred 32.0 GiB of 32.0 GiB (100.00%)', 100],
      ['progress 12% (read 4123168608 bytes, duration 21 sec)', 12],
      [' 51200K ........ ........ ........ ........  12% 55.3M 10s', 12],
      // A share of something else.
      ['INFO: backup is sparse: 12.31 GiB (38%) total zero data', undefined],
      ['INFO: archive file size: 4.96GB', undefined],
      ['migration active, transferred 1.1 GiB of 8.0 GiB VM-state, 112.0 MiB/s', undefined],
      ['INFO:  250% (4.0 GiB of 16.0 GiB) in 10s', undefined],
    ];
    for (const [line, percent] of table) assert.equal(progressIn([line]), percent, line);
  });

  test('is the last that was printed', () => {
    const lines = [
      'INFO:  25% (4.0 GiB of 16.0 GiB) in 10s',
      'INFO:  50% (8.0 GiB of 16.0 GiB) in 20s',
      'INFO: x',
    ];
    assert.equal(progressIn(lines), 50);
    assert.equal(progressIn([]), undefined);
  });
});

suite('the list of tasks', () => {
  test('tells what ended since it was read last, and nothing of the past', () => {
    const feed = new Feed();
    const old = ended('OK', { starttime: NOW - 5_000 });
    const runs = task({ type: 'qmstart', id: '102' });
    assert.deepEqual(feed.take([old, runs]), { ended: [], running: [runs] });
    const over = { ...runs, endtime: NOW, status: 'OK' };
    assert.deepEqual(feed.take([old, over]), { ended: [over], running: [] });
    assert.deepEqual(feed.take([over]).ended, []);
    const quick = ended('OK', { starttime: NOW - 3 });
    assert.deepEqual(feed.take([quick, over]).ended, [quick], 'it began and ended between two looks');
  });

  test('names guests by their numbers only', () => {
    assert.equal(vmidOf({ id: '101' }), 101);
    for (const id of ['', 'rpool', '7', '0101', null]) assert.equal(vmidOf({ id }), undefined, `${id}`);
  });

  test('knows failures: warnings are none, nor is what still runs', () => {
    assert.equal(hasFailed(ended('job errors')), true);
    assert.equal(hasFailed(ended('unexpected status')), true);
    for (const status of ['OK', 'WARNINGS: 2']) assert.equal(hasFailed(ended(status)), false, status);
    assert.equal(hasFailed(task({ status: 'running' })), false);
  });

  test('shows how far what runs is, the longest first', () => {
    const rows = [task({ starttime: NOW - 50 }), task({ id: '', type: 'startall', starttime: NOW - 9 })];
    const shown = runningOf(rows, (upid) => (upid.includes('vzdump') ? 40 : null));
    assert.deepEqual([shown.tasks_running, shown.task, shown.task_progress], [2, 'vzdump 101', 40]);
    assert.deepEqual(
      shown.running_tasks?.map(({ title, progress }) => [title, progress]),
      [
        ['vzdump 101', 40],
        ['startall pve1', null],
      ],
    );
    for (const { key } of shown.running_tasks ?? []) assert.match(key, /^[a-z0-9_]+$/);
    assert.deepEqual(
      runningOf([], () => 5),
      {
        tasks_running: 0,
        task: 'none',
        task_progress: null,
        running_tasks: [],
      },
    );
  });
});

suite('failed tasks', () => {
  test('are counted once and for a day, and the last one says what it said', () => {
    const failures = new Failures();
    assert.deepEqual(failures.readings, { tasks_failed: 0, last_failure: 'none', last_failure_at: null });
    const [first, second] = [
      ended('job errors', { endtime: NOW - 500 }),
      ended('exit code 1', { type: 'aptupdate', id: '' }),
    ];
    assert.deepEqual(failures.take([second, first, ended('WARNINGS: 1', { type: 'qmstart' })], NOW), [
      first,
      second,
    ]);
    assert.deepEqual(failures.take([first, second], NOW), []);
    failures.said(second.upid, 'exit code 1: no route to host');
    assert.equal(failures.readings.tasks_failed, 2);
    assert.equal(failures.readings.last_failure, 'aptupdate pve1: exit code 1: no route to host');
    assert.equal(
      failures.readings.last_failure_at,
      new Date((NOW - 60) * 1_000).toISOString().replace('.000Z', '+00:00'),
    );
    failures.take([], NOW + DAY - 300);
    assert.equal(failures.readings.tasks_failed, 1);
    assert.deepEqual(failures.take([ended('late', { endtime: NOW - 2 * DAY })], NOW), [], 'too long ago');
  });
});

suite('what a backup was started with', () => {
  const line = (command: string) =>
    backupRunIn(['INFO: x', `INFO: starting new backup job: vzdump ${command}`]);

  test('is in its log', () => {
    assert.deepEqual(line('100 101 --mode snapshot --quiet 1 --storage pbs --compress zstd'), {
      all: false,
      vmids: [100, 101],
      storage: 'pbs',
      pool: undefined,
      job: undefined,
      isQuiet: true,
    });
    const all = line('--all 1 --storage local --job-id backup-1');
    assert.deepEqual([all?.all, all?.vmids, all?.job], [true, [], 'backup-1']);
    assert.equal(backupRunIn(['INFO: Starting Backup of VM 100 (qemu)']), undefined);
  });

  test('tells whose it is', () => {
    const some = { id: 'backup-1', storage: 'pbs', vmid: '100,101,102' };
    const all = { id: 'backup-2', storage: 'pbs', all: 1 };
    const pool = { id: 'backup-3', storage: 'pbs', pool: 'prod' };
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['100 101 --quiet 1 --storage pbs', ['backup-1']],
      ['100 101 102 --storage pbs', ['backup-1']],
      // By hand.
      ['101 --storage pbs --remove 0', []],
      ['100 103 --quiet 1 --storage pbs', []],
      ['--all 1 --storage pbs', ['backup-2']],
      ['--all 1 --storage local', []],
      ['--pool prod --storage pbs', ['backup-3']],
      ['100 --quiet 1 --storage pbs --job-id backup-9', []],
      ['100 --storage x --job-id backup-1', ['backup-1']],
    ];
    for (const [command, owners] of cases) {
      const run = line(command);
      assert.ok(run);
      const found = [some, all, pool].filter((job) => isRunOf(run, job)).map(({ id }) => id);
      assert.deepEqual(found, owners, command);
    }
  });
});

suite('a backup job', () => {
  const job = { id: 'backup-1f2e-33', schedule: '02:00', storage: 'pbs', all: 1, 'next-run': NOW + 600 };
  const run = (days: number, status: string | undefined, node = 'pve1'): TaskRow => {
    const starttime = NOW - days * DAY;
    return status === undefined ? task({ node, starttime }) : ended(status, { node, starttime });
  };
  const of = (...runs: readonly TaskRow[]) => backupJobOf(job, runs, () => undefined);

  test('that never ran has nothing to tell but when it will', () => {
    const { key, title, problem, last_result, failures, next_run } = of();
    assert.deepEqual([key, title], ['backup_1f2e_33', 'Backup pbs']);
    assert.deepEqual([problem, last_result, failures], [null, null, 0]);
    assert.equal(next_run, new Date((NOW + 600) * 1_000).toISOString().replace('.000Z', '+00:00'));
    assert.equal(backupJobOf({ ...job, enabled: '0' }, [], () => undefined).next_run, null);
  });

  test('is as its worst node was, and failed as often as in a row', () => {
    assert.equal(of(run(1, 'OK'), run(1, 'OK', 'pve2')).last_result, 'ok');
    assert.equal(of(run(1, 'OK'), run(1, 'WARNINGS: 3', 'pve2')).last_result, 'warnings');
    assert.equal(of(run(0, undefined), run(1, 'OK')).last_result, 'running');
    assert.equal(of(run(0, undefined), run(1, 'job errors')).problem, true, 'while it runs again');
    const bad = of(
      run(1, 'OK'),
      run(1, 'job errors', 'pve2'),
      run(2, 'job errors'),
      run(3, 'OK'),
      run(4, 'job errors'),
    );
    assert.deepEqual([bad.problem, bad.last_result, bad.failures], [true, 'failed', 2]);
    assert.equal(bad.error, 'job errors');
    assert.equal(of(run(1, 'job errors'), run(2, 'job errors')).failures, 2);
    assert.equal(of(run(1, 'OK'), run(2, 'job errors')).failures, 0);
  });

  test('is called as its comment says, and tells what the log of its failure said', () => {
    const shown = backupJobOf(
      { ...job, comment: 'Every night' },
      [run(1, 'job errors')],
      () => 'no space left',
    );
    assert.deepEqual([shown.title, shown.error], ['Backup Every night', 'no space left']);
  });
});

suite('a replication job', () => {
  const row = {
    id: '101-0',
    target: 'pve2',
    schedule: '*/15',
    last_try: NOW,
    next_sync: NOW + 900,
    fail_count: 0,
  };

  test('is well, fails as often as it says, runs, or never did', () => {
    const well = replicationJobOf(row);
    assert.deepEqual(
      [well.key, well.title, well.problem, well.last_result, well.failures, well.error],
      ['replication_101_0', 'Replication 101 to pve2', false, 'ok', 0, 'none'],
    );
    const bad = replicationJobOf({ ...row, fail_count: 3, error: 'command failed\n' });
    assert.deepEqual(
      [bad.problem, bad.last_result, bad.failures, bad.error],
      [true, 'failed', 3, 'command failed'],
    );
    assert.equal(replicationJobOf({ ...row, pid: 99 }).last_result, 'running');
    assert.equal(replicationJobOf({ ...row, last_try: 0 }).last_result, 'never');
    assert.equal(replicationJobOf({ ...row, disable: 1 }).next_run, null);
  });
});

suite('high availability', () => {
  const quorum = { type: 'quorum', id: 'quorum', status: 'OK', quorate: 1 };
  const service = (state: string) => ({
    type: 'service',
    id: 'service:vm:120',
    sid: 'vm:120',
    state,
    status: '',
  });

  test('is not there while it looks after nothing', () => {
    assert.deepEqual(haOf([quorum]), {});
  });

  test('is as well as what it looks after, and as who does', () => {
    assert.deepEqual(haOf([quorum, service('started')]), { ha: 'ok', ha_trouble: 'none', ha_guests: 1 });
    const bad = haOf([quorum, service('error')]);
    assert.deepEqual([bad.ha, bad.ha_trouble], ['error', 'vm:120: error']);
    const dead = { type: 'lrm', id: 'lrm:pve2', status: 'pve2 (old timestamp - dead?, Thu Jan  1)' };
    const warned = haOf([quorum, dead, service('started')]);
    assert.deepEqual([warned.ha, warned.ha_trouble], ['warning', 'lrm:pve2 does not answer']);
    assert.equal(haOf([{ ...quorum, quorate: 0 }, service('started')]).ha, 'error');
  });
});

suite('Ceph', () => {
  test('tells its health, what it complains of and how full it is', () => {
    const checks = { OSD_DOWN: { summary: { message: '1 osds down' } }, PG_DEGRADED: {} };
    const pgmap = { bytes_used: GIB, bytes_total: 3 * GIB };
    assert.deepEqual(cephOf({ health: { status: 'HEALTH_WARN', checks }, pgmap }), {
      ceph: 'warning',
      ceph_trouble: '1 osds down, unknown',
      ceph_used: 1,
      ceph_total: 3,
    });
    assert.equal(cephOf({ health: { status: 'HEALTH_NEW_WORD' } }).ceph, null);
  });
});

suite('a guest that has to leave its node', () => {
  const node = (name: string, free: number, status: 'online' | 'offline' = 'online') =>
    ({ type: 'node', node: name, status, maxmem: 64 * GIB, mem: (64 - free) * GIB }) as const;

  test('goes where most memory is free, and nowhere where it would not fit', () => {
    const guest = { node: 'pve1', maxmem: 8 * GIB };
    const nodes = [node('pve1', 60), node('pve2', 10), node('pve3', 20), node('pve4', 50, 'offline')];
    assert.equal(roomiest(nodes, guest), 'pve3');
    assert.equal(roomiest(nodes, { ...guest, maxmem: 30 * GIB }), undefined);
  });

  test('can go only if nothing of it is its node’s own', () => {
    const shared = new Set(['ceph', 'nas']);
    assert.equal(
      isFree({ scsi0: 'ceph:vm-101-disk-0,size=32G', ide2: 'none,media=cdrom', net0: 'x' }, shared),
      true,
    );
    assert.equal(isFree({ scsi0: 'ceph:a', scsi1: 'local-zfs:b' }, shared), false);
    assert.equal(isFree({ scsi0: 'ceph:a', hostpci0: '0000:3b:00' }, shared), false);
    assert.equal(isFree({ rootfs: 'nas:a', mp0: '/mnt/local,mp=/data' }, shared), false);
    assert.equal(isFree({ scsi0: 'ceph:a', usb0: 'spice' }, shared), true);
  });
});
