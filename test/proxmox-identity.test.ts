import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { htmlPage, seededCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

const CERTIFICATES = { path: /\/certificates\/info$/ };
const STATUS = { path: '/cluster/status' };
const BROKEN = htmlPage(502, 'Bad Gateway');
const FORBIDDEN = { kind: 'answer', status: 403, message: 'Permission check failed (/, Sys.Audit)' } as const;

suite('a Proxmox VE cluster is known as ever', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  beforeEach(async () => {
    lab = await proxmoxLab(seededCluster, { database: memoryDatabase() });
  });
  afterEach(() => lab.close());

  const bound = (): Promise<void> =>
    lab.until('the guests', () => lab.store.get('proxmox/home/guest/101')?.available);

  test('where its authority becomes readable, and the id in the options changed meanwhile', async () => {
    lab.simulator.faults.inject(CERTIFICATES, BROKEN);
    await lab.reopen('home');
    await bound();
    lab.simulator.faults.clear();
    await lab.reopen('office');
    await bound();
    assert.match(lab.log.lines.join('\n'), /known as proxmox\/home/);
  });

  test('under another address, and where only its authority can be read', async () => {
    await bound();
    const [node] = lab.cluster.nodes;
    assert.ok(node);
    node.spec = { ...node.spec, ip: '10.9.9.9' };
    await lab.reopen('office');
    await bound();
    lab.simulator.faults.inject(STATUS, FORBIDDEN);
    await lab.reopen('attic');
    await bound();
  });

  test('where its authority cannot be read any more', async () => {
    await bound();
    lab.simulator.faults.inject(CERTIFICATES, BROKEN);
    await lab.reopen('office');
    await bound();
    lab.simulator.faults.clear();
    await lab.reopen('attic');
    await bound();
  });

  test('and another one at its place is not it', async () => {
    await bound();
    lab.simulator.faults.inject(CERTIFICATES, {
      kind: 'answer',
      status: 200,
      type: 'application/json',
      body: JSON.stringify({ data: [{ filename: 'pve-root-ca.pem', fingerprint: 'AA:BB' }] }),
    });
    const [node] = lab.cluster.nodes;
    assert.ok(node);
    node.spec = { ...node.spec, ip: '10.9.9.9' };
    await lab.reopen('office');
    await lab.until('the other', () => lab.store.get('proxmox/office/guest/101')?.available);
  });
});
