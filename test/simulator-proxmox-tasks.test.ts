import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boot } from '../simulators/proxmox/index.ts';
import { decodeUpid, encodeUpid } from '../simulators/proxmox/upid.ts';
import { act, current, grant, linesOf, refused, rowOf, statusOf, withProxmox } from './helpers/proxmox.ts';

const DEV = '/nodes/pve1/qemu/102';
const PULSE = '/nodes/pve1/lxc/110';

test('a task’s id says where, when, what and who', () =>
  withProxmox(async (world) => {
    const upid = await act(world, DEV, 'shutdown');
    assert.match(upid, /^UPID:pve1:[0-9A-F]{8}:[0-9A-F]{8}:[0-9A-F]{8}:qmshutdown:102:labkeeper@pve!app:$/);
    const about = decodeUpid(upid);
    assert.ok(about);
    assert.equal(about.starttime, world.clock.now() / 1_000);
    assert.equal(about.pstart, world.cluster.node('pve1').uptime(world.clock.now()) * 100);
    assert.equal(encodeUpid(about), upid);
    const status = await world.caller.get(`/nodes/pve1/tasks/${upid}/status`);
    assert.deepEqual(status, { ...about, user: 'labkeeper@pve', tokenid: 'app', upid, status: 'running' });
    assert.equal(decodeUpid('UPID:pve1:zz'), undefined);
  }));

test('a shutdown takes its time, then the VM is stopped and the task OK', () =>
  withProxmox(async (world) => {
    const upid = await act(world, DEV, 'shutdown');
    await world.clock.advance(7_999);
    assert.equal((await current(world, DEV)).status, 'running');
    assert.deepEqual((await statusOf(world.caller, upid)).status, 'running');
    await world.clock.advance(1);
    const after = await current(world, DEV);
    assert.deepEqual(
      [after.status, after.qmpstatus, after.uptime, after.pid],
      ['stopped', 'stopped', 0, undefined],
    );
    const { status, exitstatus } = await statusOf(world.caller, upid);
    assert.deepEqual([status, exitstatus], ['stopped', 'OK']);
    assert.deepEqual(await linesOf(world, upid), ['TASK OK']);
  }));

test('a start begins uptime and counters anew, and fails within its task when it runs already', () =>
  withProxmox(async (world) => {
    await act(world, DEV, 'stop');
    await world.clock.advance(1_000);
    await act(world, DEV, 'start');
    await world.clock.advance(2_500 + 30_000);
    const { status, uptime, netin } = await current(world, DEV);
    assert.deepEqual([status, uptime, netin], ['running', 30, 36_000]);
    const again = await act(world, DEV, 'start');
    assert.equal((await statusOf(world.caller, again)).exitstatus, 'VM 102 already running');
    assert.equal(await refused(world, PULSE, 'start'), '500 CT 110 already running');
  }));

test('a start that fails says why as its exit status, and the guest stays stopped', () =>
  withProxmox(async (world) => {
    await act(world, DEV, 'stop');
    await world.clock.advance(1_000);
    world.cluster.find(102).startError = 'start failed: QEMU exited with code 1';
    const upid = await act(world, DEV, 'start');
    await world.clock.advance(2_500);
    const { exitstatus } = await statusOf(world.caller, upid);
    assert.equal(exitstatus, 'start failed: QEMU exited with code 1');
    assert.deepEqual(await linesOf(world, upid), [`TASK ERROR: ${exitstatus}`]);
    assert.equal((await current(world, DEV)).status, 'stopped');
  }));

test('who does not hear runs into the timeout, or is stopped by force with a warning', () =>
  withProxmox(async (world) => {
    for (const [guest, vmid, words] of [
      [DEV, 102, 'VM quit/powerdown failed - got timeout'],
      [PULSE, 110, "command 'lxc-stop -n 110 --nokill --timeout 60' failed: exit code 1"],
    ] as const) {
      world.cluster.find(vmid).ignoresShutdown = true;
      const gentle = await act(world, guest, 'shutdown');
      await world.clock.advance(60_000);
      assert.equal((await statusOf(world.caller, gentle)).exitstatus, words);
      assert.equal((await current(world, guest)).status, 'running');
      const forced = await act(world, guest, 'shutdown', { timeout: 5, forceStop: 1 });
      await world.clock.advance(6_000);
      assert.equal((await statusOf(world.caller, forced)).exitstatus, 'WARNINGS: 1');
      assert.equal((await current(world, guest)).status, 'stopped');
    }
  }));

test('two that want one guest: the second waits ten seconds for the lock, and stop can end a shutdown', () =>
  withProxmox(async (world) => {
    world.cluster.find(102).ignoresShutdown = true;
    const first = await act(world, DEV, 'shutdown');
    const second = await act(world, DEV, 'stop');
    await world.clock.advance(10_000);
    assert.equal(
      (await statusOf(world.caller, second)).exitstatus,
      "can't lock file '/var/lock/qemu-server/lock-102.conf' - got timeout",
    );
    const third = await act(world, DEV, 'stop', { 'overrule-shutdown': 1 });
    await world.clock.advance(2_000);
    assert.equal((await statusOf(world.caller, first)).exitstatus, 'received interrupt');
    assert.equal((await statusOf(world.caller, third)).exitstatus, 'OK');
    assert.deepEqual((await linesOf(world, third))[0], `overruled qmshutdown tasks: ${first}`);
    assert.equal((await current(world, DEV)).status, 'stopped');
  }));

test('a VM’s reboot is a shutdown, and a start by the system; reset leaves the uptime', () =>
  withProxmox(async (world) => {
    const reset = await act(world, DEV, 'reset');
    await world.clock.advance(1_000);
    assert.equal((await statusOf(world.caller, reset)).exitstatus, 'OK');
    assert.equal((await current(world, DEV)).uptime, 3 * 86_400 + 1);
    const upid = await act(world, DEV, 'reboot');
    await world.clock.advance(8_000 + 1_000 + 2_500 + 4_000);
    assert.equal((await statusOf(world.caller, upid)).exitstatus, 'OK');
    assert.equal((await current(world, DEV)).uptime, 4);
    const [newest] = world.cluster.tasks.all;
    assert.deepEqual(
      [newest?.about.type, newest?.about.user, newest?.exitstatus],
      ['qmstart', 'root@pam', 'OK'],
    );
    await act(world, PULSE, 'reboot');
    await world.clock.advance(3_000 + 1_500 + 2_000);
    assert.equal((await current(world, PULSE)).uptime, 2);
    await act(world, DEV, 'stop');
    await world.clock.advance(1_000);
    for (const what of ['reset', 'reboot', 'suspend', 'resume']) {
      assert.equal(await refused(world, DEV, what), '500 VM 102 not running', what);
    }
  }));

test('a paused VM still runs, its cluster row says paused, and it cannot be shut down', () =>
  withProxmox(async (world) => {
    await act(world, DEV, 'suspend');
    await world.clock.advance(300);
    const before = await current(world, DEV);
    assert.deepEqual([before.status, before.qmpstatus], ['running', 'paused']);
    assert.equal(await refused(world, DEV, 'shutdown'), '500 VM is paused - cannot shutdown');
    await world.clock.advance(10_000);
    assert.equal((await rowOf(world.caller, 'qemu/102'))?.status, 'paused');
    assert.equal((await current(world, DEV)).netin, before.netin);
    await act(world, DEV, 'resume');
    await world.clock.advance(10_300);
    const after = await current(world, DEV);
    assert.equal(after.qmpstatus, 'running');
    assert.equal(after.netin, before.netin + 12_000);
  }));

test('a VM suspended to disk is stopped and locked until it resumes; a container cannot be', () =>
  withProxmox(async (world) => {
    await assert.rejects(act(world, DEV, 'suspend', { todisk: 1 }), /403 .*VM\.Config\.Disk/);
    grant(world.cluster, 'VM.Config.Disk');
    await act(world, DEV, 'suspend', { todisk: 1 });
    await world.clock.advance(4_000);
    assert.equal((await current(world, DEV)).lock, 'suspending');
    await world.clock.advance(4_000);
    const asleep = await current(world, DEV);
    assert.deepEqual([asleep.status, asleep.lock], ['stopped', 'suspended']);
    await act(world, DEV, 'resume');
    await world.clock.advance(5_000);
    const awake = await current(world, DEV);
    assert.deepEqual([awake.status, awake.lock], ['running', undefined]);
    const frozen = await act(world, PULSE, 'suspend');
    await world.clock.advance(500);
    assert.match(
      (await statusOf(world.caller, frozen)).exitstatus ?? '',
      /^command 'lxc-checkpoint .* exit code 1$/,
    );
  }));

test('what high availability manages is asked of it, and it acts a while later as the system', () =>
  withProxmox(async (world) => {
    const upid = await act(world, '/nodes/pve2/qemu/120', 'stop');
    assert.match(upid, /:hastop:120:/);
    await world.clock.advance(1_000);
    assert.equal((await statusOf(world.caller, upid)).exitstatus, 'OK');
    assert.equal((await current(world, '/nodes/pve2/qemu/120')).status, 'running');
    await world.clock.advance(5_000);
    assert.equal((await current(world, '/nodes/pve2/qemu/120')).status, 'stopped');
    const start = await act(world, '/nodes/pve2/qemu/120', 'start');
    assert.match(start, /:hastart:120:/);
    await world.clock.advance(1_000 + 4_000 + 2_500);
    assert.equal((await current(world, '/nodes/pve2/qemu/120')).status, 'running');
    assert.equal(world.cluster.tasks.all[0]?.about.user, 'root@pam');
  }));

test('a running task can be stopped, and a node that dies takes its tasks along without a word', () =>
  withProxmox(async (world) => {
    world.cluster.find(102).ignoresShutdown = true;
    const upid = await act(world, DEV, 'shutdown');
    assert.equal(await world.caller.delete(`/nodes/pve1/tasks/${upid}`), null);
    assert.equal((await statusOf(world.caller, upid)).exitstatus, 'received interrupt');
    world.cluster.find(121).ignoresShutdown = true;
    const lost = await act(world, '/nodes/pve2/lxc/121', 'shutdown');
    world.cluster.cut('pve2');
    await world.clock.advance(120_000);
    boot(world.cluster, 'pve2');
    assert.deepEqual(
      await statusOf(world.caller, lost).then(({ exitstatus }) => exitstatus),
      'unexpected status',
    );
  }));
