import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bigCluster, seededCluster, steady } from '../simulators/proxmox/index.ts';
import { refusal, rowOf, withProxmox } from './helpers/proxmox.ts';

type Fields = Readonly<Record<string, unknown>>;

const GIB = 1024 ** 3;

test('/cluster/resources is as old as the last broadcast; status/current is not', () =>
  withProxmox(async ({ caller, clock }) => {
    await clock.advance(10_000);
    await caller.post('/nodes/pve1/qemu/102/status/stop');
    await clock.advance(1_000);
    const now = await caller.get<Fields>('/nodes/pve1/qemu/102/status/current');
    assert.equal(now.status, 'stopped');
    const told = await rowOf(caller, 'qemu/102');
    assert.equal(told?.status, 'running');
    const uptime = told?.uptime;
    await clock.advance(8_999);
    assert.deepEqual(await rowOf(caller, 'qemu/102'), told);
    assert.equal((await rowOf(caller, 'qemu/101'))?.uptime, 12 * 86_400 + 10);
    await clock.advance(1);
    const later = await rowOf(caller, 'qemu/102');
    assert.deepEqual([later?.status, later?.uptime, later?.cpu, later?.mem], ['stopped', 0, 0, 0]);
    assert.equal((await rowOf(caller, 'qemu/101'))?.uptime, 12 * 86_400 + 20);
    assert.ok(Number(uptime) > 0);
  }));

test('existence, place, tags and lock of a guest show at once, name and state with the next broadcast', () =>
  withProxmox(async ({ caller, clock, cluster }) => {
    cluster.configure(102, { name: 'renamed', tags: ['new', 'tags'] });
    cluster.find(102).lock = 'backup';
    const early = await rowOf(caller, 'qemu/102');
    assert.deepEqual([early?.name, early?.tags, early?.lock], ['dev-test', 'new;tags', 'backup']);
    const config = await caller.get<Fields>('/nodes/pve1/qemu/102/config');
    assert.deepEqual([config.name, config.lock], ['renamed', 'backup']);
    cluster.create({
      vmid: 103,
      type: 'qemu',
      name: 'fresh',
      node: 'pve1',
      cores: 1,
      memory: GIB,
      disk: 8 * GIB,
    });
    assert.deepEqual(await rowOf(caller, 'qemu/103'), {
      id: 'qemu/103',
      vmid: 103,
      node: 'pve1',
      type: 'qemu',
      status: 'unknown',
    });
    await clock.advance(10_000);
    assert.equal((await rowOf(caller, 'qemu/102'))?.name, 'renamed');
    assert.equal((await rowOf(caller, 'qemu/103'))?.status, 'stopped');
    cluster.remove(103);
    assert.equal(await rowOf(caller, 'qemu/103'), undefined);
  }));

test('counters grow by the load, and mem and cpu are as it says', () =>
  withProxmox(async ({ caller, clock, cluster }) => {
    const mark = await rowOf(caller, 'qemu/101');
    cluster.setLoad(101, steady({ cpu: 0.5, memory: 0.25, netin: 1_000, diskwrite: 2_000 }));
    await clock.advance(10_000);
    const row = await rowOf(caller, 'qemu/101');
    assert.equal(row?.cpu, 0.5);
    assert.equal(row?.mem, 4 * GIB);
    assert.equal(Number(row?.netin) - Number(mark?.netin), 10_000);
    assert.equal(Number(row?.diskwrite) - Number(mark?.diskwrite), 20_000);
    // What a VM uses of its disk only its agent knows.
    assert.equal(row?.disk, 0);
    const container = await rowOf(caller, 'lxc/110');
    assert.ok(Number(container?.disk) > 0);
  }));

test('types can be asked for; a shared storage is there once a node', () =>
  withProxmox(async ({ caller }) => {
    const of = async (type: string): Promise<readonly Fields[]> =>
      caller.get(`/cluster/resources?type=${type}`);
    assert.deepEqual(new Set((await of('vm')).map(({ type }) => type)), new Set(['qemu', 'lxc']));
    assert.deepEqual(
      (await of('node')).map(({ node }) => node),
      ['pve1', 'pve2', 'pve3'],
    );
    const shared = (await of('storage')).filter(({ storage }) => storage === 'backup');
    assert.deepEqual(
      shared.map(({ id, shared: is }) => [id, is]),
      ['pve1', 'pve2', 'pve3'].map((node) => [`storage/${node}/backup`, 1]),
    );
    const template = await rowOf(caller, 'qemu/900');
    assert.deepEqual([template?.template, template?.status], [1, 'stopped']);
    const managed = await rowOf(caller, 'qemu/120');
    assert.deepEqual([managed?.hastate, managed?.pool], ['started', 'services']);
  }));

test('the seeded lab is one server in no cluster with the guests of the design', () =>
  withProxmox(
    async ({ caller }) => {
      const [only, ...more] = await caller.get<readonly Fields[]>('/cluster/status');
      assert.deepEqual(
        [only?.type, only?.name, only?.nodeid, only?.local, more.length],
        ['node', 'pve1', 0, 1, 0],
      );
      const guests = await caller.get<readonly Fields[]>('/cluster/resources?type=vm');
      assert.deepEqual(
        guests.map(({ vmid, type, name, maxcpu, maxmem }) => [
          vmid,
          type,
          name,
          maxcpu,
          Number(maxmem) / GIB,
        ]),
        [
          [100, 'qemu', 'homeassistant', 2, 4],
          [101, 'qemu', 'docker-host', 4, 16],
          [102, 'qemu', 'dev-test', 4, 8],
          [110, 'lxc', 'pulse', 1, 1],
        ],
      );
      const storages = await caller.get<readonly Fields[]>('/nodes/pve1/storage');
      assert.deepEqual(
        storages.map(({ storage }) => storage),
        ['local', 'local-zfs', 'backup'],
      );
      const { cpuinfo } = await caller.get<{ readonly cpuinfo: Fields }>('/nodes/pve1/status');
      assert.deepEqual([cpuinfo.sockets, cpuinfo.cores, cpuinfo.cpus], [2, 32, 64]);
      const backups = await caller.get<readonly Fields[]>(
        '/nodes/pve1/storage?content=backup&storage=backup',
      );
      assert.equal(backups.length, 1);
    },
    (clock) => seededCluster({ clock }),
  ));

test('the configuration holds what others know the guest by', () =>
  withProxmox(async ({ caller, cluster }) => {
    const guest = cluster.find(101);
    const config = await caller.get<Fields>('/nodes/pve1/qemu/101/config');
    assert.equal(config.net0, `virtio=${guest.mac},bridge=vmbr0,firewall=1,tag=20`);
    assert.match(guest.mac, /^BC:24:11(:[0-9A-F]{2}){3}$/);
    assert.equal(config.smbios1, `uuid=${guest.uuid}`);
    assert.equal(config.vmgenid, guest.vmgenid);
    assert.deepEqual([config.onboot, config.memory, config.tags], [1, '16384', 'core;docker']);
    const { digest } = config;
    cluster.configure(101, { tags: ['other'] });
    assert.notEqual((await caller.get<Fields>('/nodes/pve1/qemu/101/config')).digest, digest);
    const container = await caller.get<Fields>('/nodes/pve1/lxc/110/config');
    assert.equal(container.hostname, 'pulse');
    assert.match(
      String(container.net0),
      new RegExp(`hwaddr=${cluster.find(110).mac},ip=10\\.0\\.20\\.30/24`),
    );
    assert.equal((await caller.get<Fields>('/nodes/pve1/qemu/100/config')).protection, 1);
  }));

test('an agent answers with addresses when it is there, and each way of not being there has its words', () =>
  withProxmox(async ({ caller, clock, cluster }) => {
    type Interfaces = { readonly result: readonly Fields[] };
    const path = '/nodes/pve1/qemu/101/agent/network-get-interfaces';
    const { result } = await caller.get<Interfaces>(path);
    const [, first] = result;
    assert.equal(first?.['hardware-address'], cluster.find(101).mac.toLowerCase());
    assert.ok(first);
    const [address] = first['ip-addresses'] as readonly Fields[];
    assert.deepEqual(address, { 'ip-address': '10.0.20.20', 'ip-address-type': 'ipv4', prefix: 24 });
    const says = async (): Promise<string> => refusal(await caller.ask(path));
    cluster.find(101).agentSilent = true;
    assert.equal(await says(), '500 QEMU guest agent is not running');
    cluster.find(101).agentSilent = false;
    await caller.post('/nodes/pve1/qemu/101/status/stop');
    await clock.advance(1_000);
    assert.equal(await says(), '500 VM 101 is not running');
    await caller.post('/nodes/pve1/qemu/101/status/start');
    await clock.advance(2_500 + 19_999);
    assert.equal(await says(), '500 QEMU guest agent is not running');
    await clock.advance(1);
    assert.equal(await says(), '200 OK');
    const { agent: _agent, ...spec } = cluster.find(101).spec;
    cluster.find(101).spec = spec;
    assert.equal(await says(), '500 No QEMU guest agent configured');
  }));

test('a big lab has as many nodes and guests as it should, and answers', () =>
  withProxmox(
    async ({ caller, clock }) => {
      const rows = await caller.get<readonly Fields[]>('/cluster/resources');
      const count = (type: string): number => rows.filter((row) => row.type === type).length;
      assert.deepEqual([count('node'), count('qemu'), count('lxc')], [5, 134, 66]);
      assert.equal(rows.filter(({ status, vmid }) => vmid !== undefined && status === 'stopped').length, 20);
      await clock.advance(10_000);
      assert.equal((await rowOf(caller, 'qemu/100'))?.uptime, 70);
    },
    (clock) => bigCluster({ nodes: 5, guests: 200 }, { clock }),
  ));
