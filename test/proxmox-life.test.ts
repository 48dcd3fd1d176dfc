import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { htmlPage, seededCluster, steady, threeNodeCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

const MIB = 1024 ** 2;

suite('the life of a Proxmox VE cluster', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());

  async function begin(make: Parameters<typeof proxmoxLab>[0], vmid = '101'): Promise<void> {
    lab = await proxmoxLab(make);
    await lab.until('the guests', () => lab.find('guest', vmid)?.available);
  }

  test('keeps a guest that moves, and moves its parent', async () => {
    await begin(threeNodeCluster);
    const moved = lab.cluster.find(101);
    moved.node = 'pve2';
    await lab.until('the move', () => lab.find('guest', '101')?.parent === 'proxmox/home/node/pve2');
    moved.node = 'pve3';
    // Not listed there yet: it is looked for before anything is sent.
    const power = lab.engine.for('proxmox/home/guest/101', 'power');
    const notes: string[] = [];
    const stopped = power?.stop('proxmox/home/guest/101', new AbortController().signal, (note) => {
      notes.push(note.vendorRef);
    });
    let ended = false;
    void stopped?.finally(() => {
      ended = true;
    });
    await lab.until('the shutdown', () => ended);
    await stopped;
    assert.match(notes.join(), /^UPID:pve3:.*:qmshutdown:101:/);
    assert.equal(moved.status, 'stopped');
  });

  test('waits for what high availability does after its task has ended', async () => {
    await begin(threeNodeCluster, '120');
    const id = 'proxmox/home/guest/120';
    const shown: unknown[] = [];
    lab.store.subscribe(() => shown.push(lab.find('guest', '120')?.readings.on));
    let ended = false;
    const stopped = lab.engine.for(id, 'power')?.stop(id, new AbortController().signal);
    void stopped?.finally(() => {
      ended = true;
    });
    await lab.until('the end', () => ended);
    await stopped;
    assert.equal(lab.cluster.find(120).status, 'stopped');
    // Without being asked to look again, and long before the next list.
    assert.equal(lab.find('guest', '120')?.readings.on, false);
    await lab.pass(120);
    assert.deepEqual(
      shown.slice(shown.indexOf(false)).filter((on) => on !== false),
      [],
    );
  });

  test('shows what is on a node that is off as unavailable, under its name', async () => {
    await begin(threeNodeCluster, '130');
    lab.cluster.cut('pve3');
    await lab.until('the loss', () => lab.find('node', 'pve3')?.available === false);
    // Long enough for the cluster to forget what the node told last.
    await lab.pass(400);
    const guest = lab.find('guest', '130');
    assert.deepEqual([guest?.name, guest?.available, guest?.readings.on], ['dns3', false, null]);
    assert.equal(lab.find('storage', 'pve3/local')?.available, false);
    assert.equal(lab.find('storage', 'pve1/local')?.readings.problem, false);
    assert.equal(lab.find('cluster', 'cluster')?.readings.nodes_online, 2);
    assert.equal(lab.find('guest', '101')?.available, true);
  });

  test('gives rates from counters that moved, and 0 of what does not run', async () => {
    await begin(seededCluster);
    const load = steady({ netin: 2 * MIB, netout: MIB, diskread: 0, diskwrite: 3 * MIB });
    assert.equal(lab.find('guest', '101')?.readings.network_received, null, 'one reading gives no rate');
    lab.cluster.setLoad(101, load);
    await lab.pass(130);
    const { network_received: received, disk_read: read } = lab.find('guest', '101')?.readings ?? {};
    assert.ok(Math.abs((received ?? 0) - 2) < 0.2, `${received} MiB/s`);
    assert.equal(read, 0);
    lab.cluster.find(101).stopped();
    await lab.pass(45);
    assert.equal(lab.find('guest', '101')?.readings.network_received, 0);
    assert.equal(lab.find('guest', '101')?.readings.started, null);
  });

  test('refuses a guest that is locked, in words, and sends nothing', async () => {
    await begin(seededCluster);
    lab.cluster.find(101).lock = 'backup';
    const id = 'proxmox/home/guest/101';
    let refused: Error | undefined;
    void lab.engine
      .for(id, 'power')
      ?.stop(id, new AbortController().signal)
      .catch((thrown: Error) => {
        refused = thrown;
      });
    await lab.until('the refusal', () => refused);
    assert.match(refused?.message ?? '', /docker-host is locked \(backup\)/);
    assert.equal(lab.simulator.faults.count(/^POST/), 0);
    await lab.until('the lock', () => lab.find('guest', '101')?.readings.lock === 'backup');
  });

  test('that is paused goes on when it is switched on', async () => {
    await begin(seededCluster);
    lab.cluster.find(101).paused = true;
    await lab.until('the pause', () => lab.find('guest', '101')?.readings.state === 'paused');
    const id = 'proxmox/home/guest/101';
    let ended = false;
    const started = lab.engine.for(id, 'power')?.start(id, new AbortController().signal);
    void started?.finally(() => {
      ended = true;
    });
    await lab.until('the end', () => ended);
    await started;
    assert.equal(lab.cluster.find(101).paused, false);
  });

  test('does not send a command twice where its answer was lost', async () => {
    await begin(threeNodeCluster);
    lab.simulator.faults.inject({ method: 'POST' }, { kind: 'reset', carriedOut: true });
    const id = 'proxmox/home/guest/101';
    let failed: { code?: string } | undefined;
    void lab.engine
      .for(id, 'power')
      ?.stop(id, new AbortController().signal)
      .catch((thrown: object) => {
        failed = thrown;
      });
    await lab.until('the failure', () => failed);
    assert.equal(failed?.code, 'unreachable');
    await lab.until('what came of it', () => lab.find('guest', '101')?.readings.on === false);
    assert.equal(lab.simulator.faults.count(/^POST/), 1);
  });

  test('starts once: the time of it never moves', async () => {
    await begin(seededCluster);
    const times = new Set<unknown>();
    lab.store.subscribe(() => times.add(lab.find('guest', '101')?.readings.started));
    await lab.pass(1_800);
    times.add(lab.find('guest', '101')?.readings.started);
    assert.equal(times.size, 1, [...times].join());
  });

  test('goes on where one node’s status is a page of a proxy, and says so once', async () => {
    lab = await proxmoxLab(seededCluster);
    lab.simulator.faults.inject({ path: /\/nodes\/pve1\/status$/ }, htmlPage(502, 'Bad Gateway'));
    await lab.until('the guests', () => lab.find('guest', '101')?.available);
    await lab.pass(200);
    assert.equal(lab.find('guest', '101')?.available, true);
    assert.equal(lab.find('node', 'pve1')?.readings.version, null);
    const said = lab.log.lines.filter((line) => line.startsWith('warn'));
    assert.equal(said.length, 1, said.join('\n'));
    assert.match(said[0] ?? '', /502/);
  });

  test('shows names as they are, and reboots by a task until it runs again', async () => {
    const name = `a'b"c <b>🦊 {{ x }}`;
    await begin((options) => {
      const cluster = seededCluster(options);
      cluster.configure(101, { name });
      cluster.broadcast.tell();
      return cluster;
    });
    assert.equal(lab.find('guest', '101')?.name, name);
    const guest = lab.cluster.find(101);
    const before = guest.pid;
    const id = 'proxmox/home/guest/101';
    let ended = false;
    const rebooted = lab.engine.for(id, 'power')?.restart(id, new AbortController().signal);
    void rebooted?.finally(() => {
      ended = true;
    });
    await lab.until('the reboot', () => ended);
    await rebooted;
    assert.equal(guest.status, 'running');
    assert.notEqual(guest.pid, before);
  });

  test('that shows nothing any more keeps its things, and names what is missing', async () => {
    await begin(seededCluster);
    const [token] = lab.simulator.tokens.filter(({ id }) => id.endsWith('!app'));
    assert.ok(token);
    lab.cluster.access.addToken({ ...token, acl: {} });
    await lab.until('the loss', () => lab.find('guest', '101')?.available === false);
    assert.match(lab.log.lines.join('\n'), /VM\.Audit, Sys\.Audit, Datastore\.Audit/);
    await lab.pass(120);
    assert.ok(lab.find('guest', '101'));
  });
});
