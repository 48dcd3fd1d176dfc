import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { publishedRows } from '../addon/src/entities/published-rows.ts';
import type { LabResourceOf } from '../addon/src/kinds/index.ts';
import {
  AUDITOR_TOKEN,
  bigCluster,
  OPERATOR_TOKEN,
  seededCluster,
  threeNodeCluster,
} from '../simulators/proxmox/index.ts';
import { VERSIONS } from '../simulators/proxmox/seed.ts';
import { snapshot } from '../simulators/proxmox/snapshot.ts';
import { type LabOptions, proxmoxLab } from './helpers/proxmox-lab.ts';

const HOST = 'proxmox/home/guest/101';

suite('what is read of single guests', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());

  async function begin(make: Parameters<typeof proxmoxLab>[0], options: LabOptions = {}): Promise<void> {
    lab = await proxmoxLab(make, options);
    await lab.until('the guests', () => host()?.available);
  }
  const host = (): LabResourceOf<'guest'> | undefined => lab.find('guest', '101');
  const readings = (vmid = '101') => lab.find('guest', vmid)?.readings;
  const count = (path: RegExp): number => lab.simulator.faults.count(path);
  const controls = (guest = host()) =>
    guest === undefined
      ? []
      : publishedRows(guest, { level: 'all', levels: new Map() })
          .filter(({ platform }) => platform === 'switch' || platform === 'button')
          .map(({ key }) => key);

  test('comes from its agent: disks, addresses without Docker’s, system', async () => {
    await begin((options) => {
      const cluster = seededCluster(options);
      cluster.configure(101, { agent: { os: 'Debian GNU/Linux 12 (bookworm)', docker: true, images: true } });
      return cluster;
    });
    await lab.until('the agent', () => readings()?.os?.startsWith('Debian GNU'), 300);
    const { ip, ips, agent, disk = 0, disk_usage = 0, snapshots } = readings() ?? {};
    assert.deepEqual([ip, ips, agent], ['10.0.20.20', '10.0.20.20', 'answers']);
    assert.ok(Math.abs((disk_usage ?? 0) - 42) < 0.1, `${disk_usage} %`);
    assert.ok(Math.abs((disk ?? 0) - 256 * 0.97 * 0.42) < 0.1, `${disk} GiB`);
    await lab.until('the snapshots', () => readings()?.snapshots === 1, 300);
    assert.equal(snapshots === null || snapshots === 1, true);
    assert.deepEqual(readings()?.snapshot_list, [
      {
        ...{ key: 'before-upgrade', title: 'before-upgrade', taken: '2025-12-06T05:46:40+00:00' },
        ...{ memory: false, about: 'Before the move to Docker 28', parent: 'none' },
      },
    ]);
    assert.ok(host()?.aliases?.includes('ip:10.0.20.20'));
    assert.ok(!host()?.aliases?.some((alias) => alias.startsWith('ip:172.')));
    assert.deepEqual(host()?.links, [{ type: 'uses_storage', to: 'proxmox/home/storage/pve1/local-zfs' }]);
    await lab.until('the container', () => readings('110')?.ip === '10.0.20.30', 300);
    assert.equal(readings('110')?.os, 'Debian');
    assert.equal('agent' in (readings('110') ?? {}), false);
  });

  test('keeps nobody waiting where an agent hangs: one call at a time, five seconds, ever less often', async () => {
    lab = await proxmoxLab(threeNodeCluster);
    const { faults } = lab.simulator;
    faults.inject({ path: /\/qemu\/101\/agent\// }, { kind: 'hang' });
    await lab.until('the guests', () => host()?.available);
    await lab.until('the silence', () => readings()?.agent === 'silent', 300);
    assert.deepEqual([readings()?.disk, readings()?.ip], [null, null]);
    await lab.until('the others', () => readings('102')?.agent === 'answers', 300);
    assert.equal(lab.simulator.faults.count(/\/qemu\/101\/agent\//), 1, 'no other node is asked instead');
    await lab.pass(1_800);
    const asked = count(/\/qemu\/101\/agent\//);
    assert.ok(asked >= 4 && asked <= 9, `${asked} times in half an hour`);
    assert.equal(lab.find('node', 'pve1')?.available, true);
  });

  test('tells an agent that answers from one that is silent, one that is off and a guest without', async () => {
    await begin((options) => {
      const cluster = seededCluster(options);
      const { agent: _, ...without } = cluster.find(102).spec;
      cluster.create({ ...without, vmid: 140, name: 'plain', upMs: 3_600_000 });
      cluster.find(102).agentSilent = true;
      return cluster;
    });
    await lab.until(
      'them all',
      () => readings()?.agent === 'answers' && readings('102')?.agent === 'silent',
      600,
    );
    await lab.until('the other', () => readings('140')?.agent === 'off', 600);
    assert.equal('agent' in (readings('110') ?? {}), false);
    assert.equal(typeof readings()?.disk, 'number');
    for (const vmid of ['102', '140']) {
      // Not 0: nobody knows.
      assert.ok((readings(vmid)?.disk ?? null) === null, vmid);
      assert.ok((readings(vmid)?.ip ?? null) === null, vmid);
    }
    lab.cluster.find(102).agentSilent = false;
    await lab.until('its answer', () => readings('102')?.agent === 'answers', 2_000);
    assert.equal(typeof readings('102')?.disk, 'number');
  });

  test('asks one agent of a node at a time', async () => {
    lab = await proxmoxLab((options) => bigCluster({ nodes: 1, guests: 30 }, options));
    const { faults } = lab.simulator;
    faults.inject({ path: /\/agent\// }, { kind: 'hang' });
    await lab.until('an agent', () => faults.count(/\/agent\//) > 0);
    for (let step = 0; step < 5; step += 1) {
      const before = faults.count(/\/agent\//);
      // A little less: what was asked at the end of one span may arrive in the next.
      await lab.pass(4);
      assert.ok(faults.count(/\/agent\//) - before <= 1, 'the next one only after five seconds');
    }
    assert.ok(faults.count(/\/agent\//) >= 3);
  });

  test('is there soon after a start, and gone with the end', async () => {
    await begin(seededCluster);
    await lab.until('the agent', () => readings()?.agent === 'answers', 300);
    lab.cluster.find(101).stopped();
    await lab.until('the end', () => readings()?.on === false, 300);
    assert.deepEqual([readings()?.agent, readings()?.ip, readings()?.disk], [null, null, null]);
    lab.cluster.find(101).started(lab.clock.now(), 4_711);
    await lab.until('the start', () => readings()?.on === true, 300);
    // It takes 20 seconds until it answers.
    await lab.until('the agent again', () => readings()?.agent === 'answers', 600);
    assert.equal(readings()?.ip, '10.0.20.20');
  });

  test('follows what others do: tags, settings, snapshots', async () => {
    await begin(seededCluster);
    await lab.until('the snapshots', () => readings()?.snapshots === 1, 300);
    assert.deepEqual([readings()?.protection, readings()?.pending_changes], [false, 'none']);
    const { cluster } = lab;
    cluster.configure(101, {
      ...{ tags: ['core', 'new'], protection: true, hostpci: ['0000:3b:00'] },
      pending: { memory: '32768', hotplug: null },
    });
    await lab.until('the tags', () => readings()?.tags === 'core, new', 60);
    await lab.until('the settings', () => readings()?.protection === true, 60);
    assert.deepEqual([readings()?.pending, readings()?.pending_changes], [true, 'memory, hotplug']);
    assert.equal(readings()?.passthrough, 'PCI 0000:3b:00');
    snapshot(cluster, cluster.find(101), 'root@pam', { name: 'by-hand' });
    await lab.until('the snapshot', () => readings()?.snapshots === 2, 60);
  });

  test('is read again within the hour where nothing tells of a change', async () => {
    await begin(seededCluster);
    await lab.pass(60);
    lab.cluster.configure(101, { onboot: false });
    await lab.pass(4_600);
    assert.equal(readings()?.on_boot, false);
  });

  test('is asked for again soon where it could not be read after something had happened', async () => {
    await begin(seededCluster);
    const vmids = ['100', '101', '102'];
    const known = (): boolean => vmids.every((vmid) => typeof readings(vmid)?.ip === 'string');
    await lab.until('the agents', known, 600);
    const busy = { kind: 'answer', status: 503, message: 'Service Unavailable' } as const;
    const heal = lab.simulator.faults.inject({ path: /\/qemu\/\d+\/./ }, busy);
    for (const vmid of vmids) lab.cluster.find(Number(vmid)).started(lab.clock.now(), 4_711);
    lab.cluster.broadcast.tell();
    await lab.until('their silence', () => !known(), 120);
    heal();
    await lab.until('their addresses', known, 120);
  });

  test('is what the version of Proxmox VE has', async () => {
    lab = await proxmoxLab((options) => seededCluster({ ...options, version: VERSIONS[7] }));
    lab.simulator.faults.inject(
      { path: /\/lxc\/\d+\/interfaces$/ },
      { kind: 'answer', status: 501, message: "Method 'GET /…/interfaces' not implemented" },
    );
    await lab.until('the guests', () => host()?.available);
    await lab.until('the agent', () => readings()?.agent === 'answers', 300);
    assert.equal('memory_host' in (readings() ?? {}), false);
    assert.equal(readings('110')?.ip, '10.0.20.30', 'its configuration says it');
    await lab.pass(3_000);
    assert.equal(count(/\/lxc\/110\/interfaces$/), 1);
  });

  test('shows names and tags as they are', async () => {
    const name = `a'b"c <b>🦊 {{ x }}\u202e`;
    await begin((options) => {
      const cluster = seededCluster(options);
      cluster.configure(101, { name, tags: ['<script>', '{{7*7}}'], agent: { os: `x\ny{{ 1 }}` } });
      cluster.broadcast.tell();
      return cluster;
    });
    await lab.until('the agent', () => readings()?.agent === 'answers', 300);
    assert.equal(host()?.name, name);
    assert.equal(readings()?.tags, '<script>, {{7*7}}');
    assert.match(host()?.facts.console as string, /^https:\/\/[^ <>"]+&vmname=[^ <>"&]+&node=pve1$/);
  });

  test('offers nothing to who may only look', async () => {
    await begin(seededCluster, { options: (simulator) => tokenOf(simulator.tokens, AUDITOR_TOKEN) });
    await lab.until('the agent', () => readings()?.agent === 'answers', 300);
    assert.deepEqual(controls(), []);
  });

  test('offers all to who may, and as soon as they may', async () => {
    await begin(seededCluster);
    assert.deepEqual(controls(), [
      ...['power', 'start', 'shutdown', 'restart', 'suspend', 'resume', 'snapshot_now', 'backup_now'],
      ...['force_stop', 'reset'],
    ]);
    assert.deepEqual(controls(lab.find('guest', '110')), [
      ...['power', 'start', 'shutdown', 'restart', 'snapshot_now', 'backup_now', 'force_stop'],
    ]);
    const token = lab.simulator.tokens.find(({ id }) => id === OPERATOR_TOKEN);
    assert.ok(token);
    lab.cluster.access.addToken({
      ...token,
      acl: { '/': ['VM.Audit', 'Sys.Audit'], '/vms/101': ['VM.Audit', 'VM.Snapshot'] },
    });
    await lab.until('fewer', () => controls().length === 1, 2_400);
    assert.deepEqual(controls(), ['snapshot_now']);
  });

  test('of one guest alone is enough for a token', async () => {
    await begin(seededCluster, {
      options: ({ tokens, cluster }) => {
        const token = tokens.find(({ id }) => id === OPERATOR_TOKEN);
        assert.ok(token);
        cluster.access.addToken({
          ...token,
          acl: { '/vms/101': ['VM.Audit', 'VM.PowerMgmt', 'VM.GuestAgent.Audit'] },
        });
        return tokenOf(tokens, OPERATOR_TOKEN);
      },
    });
    await lab.until('the agent', () => readings()?.agent === 'answers', 300);
    await lab.pass(120);
    const guests = [...lab.store.all()].filter(({ kind }) => kind === 'guest');
    assert.deepEqual(
      guests.map(({ id }) => id),
      [HOST],
    );
    assert.equal(host()?.available, true);
    assert.ok(controls().includes('power') && !controls().includes('snapshot_now'));
    assert.deepEqual(
      lab.log.lines.filter((line) => line.startsWith('error')),
      [],
    );
  });

  test('says of fields that it does not know once that they are there', async () => {
    lab = await proxmoxLab(seededCluster);
    const rows = [
      { type: 'node', node: 'pve1', status: 'online', id: 'node/pve1', novelty: 1 },
      { type: 'qemu', vmid: 101, node: 'pve1', status: 'running', uptime: 9, id: 'qemu/101', novelty: 2 },
    ];
    lab.simulator.faults.inject(
      { path: /\/cluster\/resources$/ },
      {
        kind: 'answer',
        status: 200,
        message: 'OK',
        type: 'application/json',
        body: JSON.stringify({ data: rows }),
      },
    );
    await lab.until('the guest', () => host()?.available);
    await lab.pass(60);
    const said = lab.log.lines.filter((line) => line.includes('is not known'));
    assert.equal(said.length, 2, said.join('\n'));
    assert.ok(said.every((line) => line.startsWith('debug')));
  });
});

const tokenOf = (tokens: readonly { id: string; secret: string }[], wanted: string): object => ({
  token_id: wanted,
  token_secret: tokens.find(({ id }) => id === wanted)?.secret,
});
