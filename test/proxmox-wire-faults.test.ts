import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { ADMIN, htmlPage, seededCluster, threeNodeCluster } from '../simulators/proxmox/index.ts';
import { type LabOptions, proxmoxLab } from './helpers/proxmox-lab.ts';

const LIST = { path: '/cluster/resources' };
const JSON_TYPE = 'application/json;charset=UTF-8';
const said = (status: number, message: string, body = '') =>
  ({ kind: 'answer', status, message, type: body === '' ? '' : JSON_TYPE, body }) as const;

suite('Proxmox VE on a bad wire', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  afterEach(() => lab.close());

  async function begin(make: Parameters<typeof proxmoxLab>[0], options?: LabOptions['options']) {
    lab = await proxmoxLab(make, options && { options });
    await lab.until('the guests', () => lab.find('guest', '101')?.available);
    await lab.pass(60);
  }
  const isThere = (): boolean => lab.find('guest', '101')?.available === true;
  const log = (): string => lab.log.lines.join('\n');
  const byPassword = (): object => ({
    token_id: undefined,
    token_secret: undefined,
    username: ADMIN.id,
    password: ADMIN.password,
  });

  test('is asked at its first address again once that is back', async () => {
    await begin(threeNodeCluster);
    const [first, second] = lab.simulator.urls;
    const asked = (): string => String(lab.find('guest', '120')?.facts?.url);
    assert.ok(asked().startsWith(`${first}/`));
    lab.cluster.cut('pve1');
    await lab.simulator.settled();
    await lab.until('the other address', () => asked().startsWith(`${second}/`));
    await lab.pass(200);
    assert.ok(asked().startsWith(`${second}/`));
    lab.cluster.restore('pve1');
    await lab.simulator.settled();
    await lab.until('the first address', () => asked().startsWith(`${first}/`));
    assert.equal(isThere(), true);
  });

  test('sends nothing to who shows another certificate, and says which one that is', async () => {
    const wrong = Array.from({ length: 32 }, () => 'AB').join(':');
    lab = await proxmoxLab(seededCluster, { options: () => ({ fingerprint: wrong }) });
    await lab.until('the warning', () => log().includes('another certificate'));
    await lab.pass(60);
    assert.equal(lab.simulator.faults.count(), 0);
    const shown = lab.simulator.fingerprint.replaceAll(':', '').toLowerCase();
    assert.match(log(), new RegExp(`if it was renewed on purpose, set fingerprint to ${shown}`));
    for (const { secret } of lab.simulator.tokens) assert.ok(!log().includes(secret));
  });

  test('that hangs is given up after a time, and found again', async () => {
    await begin(seededCluster);
    const heal = lab.simulator.faults.inject(LIST, { kind: 'hang' });
    await lab.until('the loss', () => !isThere(), 200);
    assert.match(log(), /warn .*GET \/api2\/json\/cluster\/resources/);
    heal();
    await lab.until('its return', isThere, 200);
  });

  test('of which one node hangs is asked at another', async () => {
    await begin(threeNodeCluster);
    lab.simulator.faults.inject({ ...LIST, node: 'pve1' }, { kind: 'hang' });
    const [, second] = lab.simulator.urls;
    await lab.until('the other address', () =>
      String(lab.find('guest', '101')?.facts?.url).startsWith(`${second}/`),
    );
    assert.equal(isThere(), true);
  });

  for (const [what, fault, words] of [
    ['an answer that is cut short', { kind: 'truncate', bytes: 40 }, /cannot reach/],
    ['half of an answer', said(200, 'OK', '{"data":[{"id":"qemu/101","vm'), /not in JSON; is there a proxy/],
    ['a page of a proxy', htmlPage(200, 'OK'), /not in JSON; is there a proxy/],
    ['nothing', said(200, 'OK', '{"data":null}'), /something else; is there a proxy/],
    ['no list', said(200, 'OK', '{"data":{"a":1}}'), /something else; is there a proxy/],
    ['a list of nothing', said(200, 'OK', '{"data":[null,1]}'), /something else; is there a proxy/],
    ['that it is too busy', said(503, 'Service Unavailable'), /failed \(503\): Service Unavailable/],
    ['that it cannot reach itself', said(595, 'Connection refused'), /failed \(595\): Connection refused/],
  ] as const) {
    test(`that answers with ${what} is unavailable until it does better, and loses nothing`, async () => {
      await begin(seededCluster);
      const things = [...lab.store.all()].length;
      const heal = lab.simulator.faults.inject(LIST, fault);
      await lab.until('the loss', () => !isThere(), 200);
      assert.match(log(), words);
      assert.equal([...lab.store.all()].length, things);
      heal();
      await lab.until('its return', isThere, 200);
    });
  }

  test('that is busy once is not unavailable for it', async () => {
    await begin(seededCluster);
    lab.simulator.faults.inject(LIST, said(503, 'Service Unavailable'), 1);
    const before = lab.simulator.faults.count(/resources/);
    for (let second = 0; second < 90; second += 1) {
      await lab.pass(1);
      assert.equal(isThere(), true);
    }
    assert.ok(lab.simulator.faults.count(/resources/) > before);
  });

  test('goes on where a node cannot be reached by the one that is asked', async () => {
    lab = await proxmoxLab(threeNodeCluster);
    lab.simulator.faults.inject({ path: /^\/nodes\/pve3\// }, said(595, 'No route to host'));
    await lab.until('a status', () => lab.find('node', 'pve2')?.readings.version);
    assert.equal(isThere(), true);
    assert.equal(lab.find('node', 'pve3')?.readings.version, null);
    assert.equal(lab.find('guest', '130')?.available, true);
  });

  test('that takes the token back is not asked again and again, and is back with it', async () => {
    await begin(seededCluster);
    const heal = lab.simulator.faults.inject({}, said(401, 'no such token'));
    await lab.until('the loss', () => !isThere(), 200);
    assert.match(log(), /the login was refused: no such token; check token_id/);
    const before = lab.simulator.faults.count();
    await lab.pass(25);
    assert.ok(lab.simulator.faults.count() - before <= 1);
    heal();
    await lab.until('its return', isThere, 1_000);
  });

  test('that ends a ticket early is logged in to once more, and nothing shows', async () => {
    await begin(seededCluster, byPassword);
    const logins = (): number => lab.simulator.faults.count('POST /access/ticket');
    assert.equal(logins(), 1, 'one login for all that was read at the start');
    lab.simulator.faults.inject(LIST, said(401, 'invalid PVE ticket'), 1);
    const reads = lab.simulator.faults.count(/resources/);
    for (let second = 0; second < 45; second += 1) {
      await lab.pass(1);
      assert.equal(isThere(), true);
    }
    assert.equal(logins(), 2);
    assert.ok(lab.simulator.faults.count(/resources/) > reads);
    assert.doesNotMatch(log(), /warn/);
  });

  test('that ends a ticket while several things are read goes on with all of them', async () => {
    lab = await proxmoxLab(threeNodeCluster, { options: byPassword });
    lab.simulator.faults.inject({ path: /\/config$/ }, said(401, 'invalid PVE ticket'), 4);
    await lab.until('the guests', isThere);
    for (const vmid of ['100', '101', '120', '130']) {
      assert.ok((lab.find('guest', vmid)?.aliases?.length ?? 0) > 1, `${vmid} was read`);
    }
    assert.doesNotMatch(log(), /refused/);
  });

  test('that refuses the password for good says so and waits', async () => {
    await begin(seededCluster, byPassword);
    lab.simulator.faults.inject({}, said(401, 'authentication failure'));
    await lab.until('the loss', () => !isThere(), 200);
    assert.match(log(), /check username with its realm/);
    assert.ok(!log().replaceAll('labkeeper@pve', '').includes(ADMIN.password));
    const before = lab.simulator.faults.count();
    await lab.pass(25);
    assert.ok(lab.simulator.faults.count() - before <= 1);
  });

  test('may call a guest as it likes', async () => {
    const names = ['a/b/../c', '"quoted"', "it's", '{{ states() }}', '🦊', '<b>', '%2e%2e', '-'];
    await begin((options) => {
      const cluster = seededCluster(options);
      const { spec } = cluster.find(110);
      for (const [index, name] of names.entries()) cluster.create({ ...spec, vmid: 200 + index, name });
      cluster.broadcast.tell();
      return cluster;
    });
    for (const [index, name] of names.entries())
      assert.equal(lab.find('guest', String(200 + index))?.name, name);
  });
});
