import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bringToLife, seededCluster } from '../simulators/proxmox/index.ts';
import { encodeUpid } from '../simulators/proxmox/upid.ts';
import { act, type Line, linesOf, refusal, rowOf, statusOf, withProxmox } from './helpers/proxmox.ts';

const DEV = '/nodes/pve1/qemu/102';
const PULSE = '/nodes/pve1/lxc/110';

test('lists of tasks: ended ones by default, the newest first, by errors, type, guest, time and part', () =>
  withProxmox(async (world) => {
    const { caller, clock, cluster } = world;
    type Task = { readonly upid: string; readonly status?: string; readonly type: string };
    const list = async (query = ''): Promise<readonly string[]> =>
      (await caller.get<readonly Task[]>(`/nodes/pve1/tasks?${query}`)).map(({ type }) => type);
    await act(world, DEV, 'stop');
    await clock.advance(10_000);
    cluster.find(102).startError = 'no';
    await act(world, DEV, 'start');
    await clock.advance(10_000);
    await act(world, PULSE, 'shutdown');
    assert.deepEqual(await list(), ['qmstart', 'qmstop']);
    assert.deepEqual(await list('source=active'), ['vzshutdown']);
    assert.deepEqual(await list('source=all'), ['vzshutdown', 'qmstart', 'qmstop']);
    assert.deepEqual(await list('errors=1'), ['qmstart']);
    assert.deepEqual(await list('statusfilter=ok'), ['qmstop']);
    assert.deepEqual(await list('typefilter=qmstop'), ['qmstop']);
    assert.deepEqual(await list('source=all&vmid=110'), ['vzshutdown']);
    assert.deepEqual(await list(`since=${clock.now() / 1_000 - 12}`), ['qmstart']);
    assert.deepEqual(await list(`until=${clock.now() / 1_000 - 12}`), ['qmstop']);
    assert.deepEqual(await list('start=1&limit=1'), ['qmstop']);
    assert.deepEqual(await list('userfilter=root'), []);
    const part = await caller.ask('/nodes/pve1/tasks?limit=1');
    assert.equal((JSON.parse(part.body) as { total: number }).total, 2);
    const running = await caller.get<readonly Task[]>('/nodes/pve1/tasks?source=active');
    assert.equal(running[0]?.status, 'RUNNING');
    const [about] = await caller.get<readonly Readonly<Record<string, unknown>>[]>('/cluster/tasks');
    assert.equal(about?.status, undefined);
    assert.equal(about?.type, 'vzshutdown');
  }));

test('a log is read in parts, and an unknown task refused', () =>
  withProxmox(async (world) => {
    const { caller, cluster, clock } = world;
    const log = Array.from({ length: 60 }, (_, index) => `line ${index + 1}`);
    const work = { node: 'pve1', type: 'vzdump', id: '', user: 'root@pam' };
    const { upid } = cluster.tasks.remember(work, clock.now() - 60_000, 5_000, 'job errors', log);
    const read = (query: string): Promise<readonly Line[]> =>
      caller.get(`/nodes/pve1/tasks/${upid}/log?${query}`);
    assert.equal((await read('')).length, 50);
    assert.deepEqual(await read('start=59&limit=10'), [
      { n: 60, t: 'line 60' },
      { n: 61, t: 'TASK ERROR: job errors' },
    ]);
    assert.equal((await read('limit=0')).length, 61);
    const none = await caller.ask('/nodes/pve1/tasks/nonsense/log');
    assert.match(none.body, /"upid":"unable to parse worker upid"/);
    const gone = encodeUpid({ ...work, pid: 1, pstart: 1, starttime: 1 });
    assert.match((await caller.ask(`/nodes/pve1/tasks/${gone}/status`)).body, /"upid":"no such task"/);
    const escaped = await caller.ask(`/nodes/pve1/tasks/${encodeURIComponent(upid)}/status`);
    assert.equal(refusal(escaped), '200 OK');
  }));

test('a backup locks its guest, writes a log, and a snapshot shows in the list', () =>
  withProxmox(async (world) => {
    const { caller, clock } = world;
    const upid = await caller.post<string>('/nodes/pve1/vzdump', { vmid: 110, storage: 'backup' });
    await clock.advance(1_000);
    assert.equal((await rowOf(caller, 'lxc/110'))?.lock, 'backup');
    const blocked = await act(world, PULSE, 'shutdown');
    assert.equal((await statusOf(caller, blocked)).exitstatus, 'CT is locked (backup)');
    await clock.advance(60_000);
    assert.equal((await statusOf(caller, upid)).exitstatus, 'OK');
    assert.equal((await rowOf(caller, 'lxc/110'))?.lock, undefined);
    const lines = await linesOf(world, upid);
    assert.ok(lines.includes('INFO: Starting Backup of CT 110 (lxc)'));
    assert.equal(lines.at(-2), 'INFO: Backup job finished successfully');
    await caller.post(`${DEV}/snapshot`, { snapname: 'before', description: 'Before', vmstate: 1 });
    await clock.advance(6_000);
    const [taken, now] = await caller.get<readonly Readonly<Record<string, unknown>>[]>(`${DEV}/snapshot`);
    const snaptime = clock.now() / 1_000;
    assert.deepEqual(taken, { name: 'before', description: 'Before', snaptime, vmstate: 1 });
    assert.deepEqual([now?.name, now?.parent], ['current', 'before']);
  }));

test('in the living lab a past of backups is there, new ones run, and some fail with their log', () =>
  withProxmox(
    async (world) => {
      const { caller, clock, cluster } = world;
      const stop = bringToLife(cluster, { backupEveryMs: 20 * 60_000, failsOneIn: 2 });
      const failed = await caller.get<readonly { readonly upid: string }[]>('/nodes/pve1/tasks?errors=1');
      assert.equal(failed.length, 1);
      const lines = await linesOf(world, failed[0]?.upid ?? '');
      assert.ok(
        lines.includes('ERROR: Backup of VM 100 failed - job failed with err -28 - No space left on device'),
      );
      assert.equal(lines.at(-1), 'TASK ERROR: job errors');
      const before = await rowOf(caller, 'qemu/101');
      await clock.advance(4 * 3_600_000);
      const after = await rowOf(caller, 'qemu/101');
      assert.notEqual(after?.cpu, before?.cpu);
      assert.ok(Number(after?.netin) > Number(before?.netin));
      const backups = cluster.tasks.all.filter(({ about }) => about.type === 'vzdump' && about.id !== '');
      assert.ok(backups.some(({ exitstatus }) => exitstatus === 'OK'));
      assert.ok(backups.some(({ lines: said }) => said.some((line) => line.startsWith('ERROR: Backup of'))));
      assert.ok(cluster.tasks.all.some(({ about }) => about.type === 'aptupdate'));
      stop();
      const { length } = cluster.tasks.all;
      await clock.advance(3_600_000);
      assert.equal(cluster.tasks.all.length, length);
    },
    (clock) => seededCluster({ clock }),
  ));

test('a node that is told to reboot stops its guests, goes, comes back and starts who starts with it', () =>
  withProxmox(async (world) => {
    const { caller, clock, cluster } = world;
    assert.equal(await caller.post('/nodes/pve2/status', { command: 'reboot' }), null);
    const node = cluster.node('pve2');
    await clock.advance(2_000 + node.haltMs);
    assert.equal(node.online, false);
    await clock.advance(node.bootMs + 10_000);
    assert.equal(node.online, true);
    assert.equal(cluster.find(121).status, 'running');
    const types = cluster.tasks.all
      .filter(({ about }) => about.node === 'pve2')
      .map(({ about }) => about.type);
    assert.ok(types.includes('stopall') && types.includes('startall') && types.includes('vzstart'));
    await caller.post('/nodes/pve3/status', { command: 'shutdown' });
    await clock.advance(3_600_000);
    assert.equal(cluster.node('pve3').online, false);
  }));

test('all guests of a node, or those that are named, start and stop', () =>
  withProxmox(async (world) => {
    const { caller, clock, cluster } = world;
    const running = (): readonly number[] =>
      cluster
        .guestsOn('pve1')
        .filter((guest) => guest.running)
        .map(({ vmid }) => vmid);
    const stop = await caller.post<string>('/nodes/pve1/stopall', { vms: '102,110' });
    await clock.advance(30_000);
    assert.equal((await statusOf(caller, stop)).exitstatus, 'OK');
    assert.deepEqual(running(), [100, 101]);
    await caller.post('/nodes/pve1/startall');
    await clock.advance(30_000);
    // The other does not start with the node.
    assert.deepEqual(running(), [100, 101, 110]);
    await caller.post('/nodes/pve1/startall', { force: 1 });
    await clock.advance(30_000);
    assert.deepEqual(running(), [100, 101, 102, 110]);
  }));
