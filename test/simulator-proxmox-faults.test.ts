import assert from 'node:assert/strict';
import { test } from 'node:test';
import { htmlPage } from '../simulators/proxmox/index.ts';
import { refusal, rowOf, withProxmox } from './helpers/proxmox.ts';

test('answers can be replaced, cut, reset and kept back, as often as asked and counted', () =>
  withProxmox(async ({ caller, clock, cluster, simulator: { faults } }) => {
    const path = '/cluster/resources';
    faults.inject({ path }, htmlPage(502, 'Bad Gateway'), 1);
    const page = await caller.ask(path);
    assert.equal(refusal(page), '502 Bad Gateway');
    assert.match(page.body, /^<html>/);
    assert.equal(refusal(await caller.ask(path)), '200 OK');

    faults.inject({ path: /^\/cluster/ }, { kind: 'truncate', bytes: 100 }, 1);
    await assert.rejects(caller.ask(path), /aborted/);

    faults.inject({ node: 'pve1' }, { kind: 'reset' }, 1);
    await assert.rejects(caller.ask(path), { code: 'ECONNRESET' });

    const stop = '/nodes/pve1/qemu/102/status/stop';
    faults.inject({ method: 'POST', path: stop }, { kind: 'reset', carriedOut: true }, 1);
    await assert.rejects(caller.ask(stop, { method: 'POST' }), { code: 'ECONNRESET' });
    await clock.advance(1_000);
    assert.equal(cluster.find(102).status, 'stopped');

    const undo = faults.inject({ path }, { kind: 'delay', ms: 5_000 });
    let answered = false;
    const slow = caller.ask(path).finally(() => {
      answered = true;
    });
    const asked = faults.count(`GET ${path}`);
    while (faults.count(`GET ${path}`) === asked) await new Promise((resolve) => setTimeout(resolve, 5));
    await clock.advance(4_999);
    assert.equal(answered, false);
    await clock.advance(1);
    assert.equal(refusal(await slow), '200 OK');
    undo();
    assert.equal(refusal(await caller.ask(path)), '200 OK');

    assert.equal(faults.count(`POST ${stop}`), 1);
    assert.equal(faults.count(/^GET \/cluster\/resources$/), 6);
    faults.resetCounts();
    assert.equal(faults.count(), 0);
  }));

test('an answer can hang until the simulator closes', async () => {
  let hanging: Promise<unknown> | undefined;
  await withProxmox(async ({ caller, simulator: { faults } }) => {
    faults.inject({ path: '/version' }, { kind: 'hang' });
    hanging = assert.rejects(caller.ask('/version'), /socket hang up/);
    while (faults.count('GET /version') === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(refusal(await caller.ask('/nodes')), '200 OK');
  });
  await hanging;
});

test('long answers are compressed for who asks for that', () =>
  withProxmox(async ({ caller }) => {
    const plain = await caller.ask('/cluster/resources');
    assert.equal(plain.headers['content-encoding'], undefined);
    const packed = await caller.ask('/cluster/resources', { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.ok(Number(packed.headers['content-length']) < Number(plain.headers['content-length']) / 2);
  }));

test('a name in the cluster may hold anything, and no status line breaks over it', () =>
  withProxmox(async ({ caller, cluster, clock }) => {
    cluster.find(102).startError = 'Zoë’s error\nX-Injected: 1';
    cluster.configure(102, { name: 'a"b\\c\u0000€' });
    await clock.advance(10_000);
    assert.equal((await rowOf(caller, 'qemu/102'))?.name, 'a"b\\c\u0000€');
    const reply = await caller.ask(`/nodes/${encodeURIComponent('p€\r\nX-Evil: 1')}/status`);
    assert.match(refusal(reply), /^500 hostname lookup 'p€/);
    assert.equal(reply.headers['x-evil'], undefined);
  }));
