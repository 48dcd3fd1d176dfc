import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Caller } from '../simulators/proxmox/client.ts';
import { OPERATOR_TOKEN } from '../simulators/proxmox/index.ts';
import { refusal, rowOf, statusOf, withProxmox } from './helpers/proxmox.ts';

type Fields = Readonly<Record<string, unknown>>;

test('every node answers for all; of a dead one the others say 595 and offline, and it refuses itself', () =>
  withProxmox(async ({ clock, cluster, simulator }) => {
    const second = new Caller(simulator, OPERATOR_TOKEN, 'pve2');
    const third = new Caller(simulator, OPERATOR_TOKEN, 'pve3');
    assert.equal((await third.get<Fields>('/nodes/pve2/qemu/120/status/current')).name, 'gitea');
    cluster.cut('pve2');
    await simulator.settled();
    await assert.rejects(second.get('/version'), { code: 'ECONNREFUSED' });
    const reply = await third.ask('/nodes/pve2/status');
    assert.equal(refusal(reply), '595 No route to host');
    assert.equal(reply.body, '');
    const node = await rowOf(third, 'node/pve2');
    assert.deepEqual([node?.status, node?.uptime, node?.maxcpu], ['offline', undefined, 16]);
    // Nobody told the others that the guests are dead.
    assert.equal((await rowOf(third, 'lxc/121'))?.status, 'running');
    const [about, ...nodes] = await third.get<readonly Fields[]>('/cluster/status');
    assert.deepEqual([about?.quorate, about?.nodes], [1, 3]);
    assert.deepEqual(
      nodes.map(({ name, online, local }) => [name, online, local]),
      [
        ['pve1', 1, 0],
        ['pve2', 0, 0],
        ['pve3', 1, 1],
      ],
    );
    await clock.advance(301_000);
    const forgotten = await rowOf(third, 'lxc/121');
    assert.deepEqual([forgotten?.status, forgotten?.name], ['unknown', undefined]);
    assert.equal((await rowOf(third, 'storage/pve2/local'))?.status, 'unknown');
    cluster.restore('pve2');
    await simulator.settled();
    await clock.advance(10_000);
    const back = await second.get<Fields>('/nodes/pve2/status');
    assert.equal(back.uptime, 10);
    assert.equal((await rowOf(second, 'lxc/121'))?.status, 'stopped');
  }));

test('without a majority nothing starts or moves', () =>
  withProxmox(async ({ caller, cluster }) => {
    cluster.cut('pve2');
    cluster.cut('pve3');
    const [about] = await caller.get<readonly Fields[]>('/cluster/status');
    assert.equal(about?.quorate, 0);
    const reply = await caller.ask('/nodes/pve1/qemu/102/status/start', { method: 'POST' });
    assert.equal(refusal(reply), '500 cluster not ready - no quorum?');
  }));

test('a guest migrates: locked meanwhile, then on the other node and no longer on the first', () =>
  withProxmox(async ({ caller, clock }) => {
    const move = (body: Readonly<Record<string, string | number>>): Promise<string> =>
      caller.post('/nodes/pve1/qemu/101/migrate', body);
    await assert.rejects(move({ target: 'pve2' }), {
      message: "500 can't migrate running VM without --online",
    });
    await assert.rejects(move({ target: 'pve1', online: 1 }), {
      message: '400 Parameter verification failed.',
    });
    await assert.rejects(move({ target: 'pve9', online: 1 }), { message: "500 no such cluster node 'pve9'" });
    const upid = await move({ target: 'pve2', online: 1, 'with-local-disks': 1 });
    assert.match(upid, /:qmigrate:101:/);
    await clock.advance(5_000);
    const row = await rowOf(caller, 'qemu/101');
    assert.deepEqual([row?.node, row?.lock], ['pve1', 'migrate']);
    await clock.advance(5_000);
    assert.equal((await statusOf(caller, upid)).exitstatus, 'OK');
    const moved = await rowOf(caller, 'qemu/101');
    assert.deepEqual([moved?.node, moved?.lock, moved?.status], ['pve2', undefined, 'running']);
    const { uptime } = await caller.get<Fields>('/nodes/pve2/qemu/101/status/current');
    assert.equal(uptime, 12 * 86_400 + 10);
    const left = await caller.ask('/nodes/pve1/qemu/101/config');
    assert.equal(refusal(left), "500 Configuration file 'nodes/pve1/qemu-server/101.conf' does not exist");
  }));

test('a container moves by a restart, and a migration that fails leaves the guest where it was', () =>
  withProxmox(async ({ caller, clock, cluster }) => {
    const path = '/nodes/pve1/lxc/110/migrate';
    await assert.rejects(caller.post(path, { target: 'pve2' }), /without --online or --restart/);
    const upid = await caller.post<string>(path, { target: 'pve2', restart: 1 });
    await clock.advance(3_000 + 10_000 + 1_500 + 2_000);
    assert.equal((await statusOf(caller, upid)).exitstatus, 'OK');
    const { status, uptime } = await caller.get<Fields>('/nodes/pve2/lxc/110/status/current');
    assert.deepEqual([status, uptime], ['running', 2]);
    cluster.find(102).migrateError = 'target has no such bridge';
    const failed = await caller.post<string>('/nodes/pve1/qemu/102/migrate', {
      ...{ target: 'pve3', online: 1, 'with-local-disks': 1 },
    });
    await clock.advance(10_000);
    assert.equal((await statusOf(caller, failed)).exitstatus, 'migration aborted');
    const row = await rowOf(caller, 'qemu/102');
    assert.deepEqual([row?.node, row?.lock], ['pve1', undefined]);
  }));

test('a guest is deleted by a task, unless it runs or is protected', () =>
  withProxmox(async ({ cluster, clock, simulator }) => {
    cluster.access.addToken({ id: 'root@pam!all', secret: 's', acl: 'all' });
    const caller = new Caller({ ...simulator, tokens: cluster.access.tokens }, 'root@pam!all');
    const refused = async (path: string): Promise<string> =>
      refusal(await caller.ask(path, { method: 'DELETE' }));
    assert.equal(await refused('/nodes/pve1/qemu/102'), '500 VM 102 is running - destroy failed');
    assert.equal(await refused('/nodes/pve1/qemu/100'), "500 can't remove VM 100 - protection mode enabled");
    assert.equal(await refused('/nodes/pve1/lxc/110'), '500 unable to destroy CT 110 - container is running');
    assert.match(await refused('/nodes/pve2/qemu/120'), /used in HA resources and purge parameter not set/);
    await caller.post('/nodes/pve1/qemu/102/status/stop');
    await clock.advance(1_000);
    const upid = await caller.delete<string>('/nodes/pve1/qemu/102?purge=1');
    assert.ok(await rowOf(caller, 'qemu/102'));
    await clock.advance(2_000);
    assert.equal((await statusOf(caller, upid)).exitstatus, 'OK');
    assert.equal(await rowOf(caller, 'qemu/102'), undefined);
    await caller.delete('/nodes/pve1/lxc/110?force=1');
    await clock.advance(2_000);
    assert.equal(await rowOf(caller, 'lxc/110'), undefined);
  }));

test('another guest under an old number has other UUIDs, and nothing of the old one’s news', () =>
  withProxmox(async ({ caller, cluster }) => {
    const old = cluster.find(102);
    const next = cluster.recreate(102, { name: 'rebuilt' });
    assert.notEqual(next.vmgenid, old.vmgenid);
    assert.notEqual(next.uuid, old.uuid);
    assert.notEqual(next.mac, old.mac);
    assert.equal((await rowOf(caller, 'qemu/102'))?.status, 'unknown');
    cluster.recreate(102, { type: 'lxc' });
    assert.equal(await rowOf(caller, 'qemu/102'), undefined);
    assert.equal((await rowOf(caller, 'lxc/102'))?.type, 'lxc');
    const config = await caller.ask('/nodes/pve1/qemu/102/config');
    assert.equal(refusal(config), "500 Configuration file 'nodes/pve1/qemu-server/102.conf' does not exist");
  }));
