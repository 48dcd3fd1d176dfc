import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, Caller } from '../simulators/proxmox/client.ts';
import { AUDITOR_TOKEN, ROLES } from '../simulators/proxmox/index.ts';
import { cookie, login, plainly, refusal, withProxmox } from './helpers/proxmox.ts';

test('who may not is told which privilege is missing where', () =>
  withProxmox(async ({ simulator }) => {
    const auditor = new Caller(simulator, AUDITOR_TOKEN);
    const start = await auditor.ask('/nodes/pve1/qemu/101/status/start', { method: 'POST' });
    assert.equal(refusal(start), '403 Permission check failed (/vms/101, VM.PowerMgmt)');
    assert.deepEqual(JSON.parse(start.body), {
      data: null,
      message: 'Permission check failed (/vms/101, VM.PowerMgmt)\n',
    });
    const says = async (path: string, body: Readonly<Record<string, string>> = {}): Promise<string> =>
      refusal(await auditor.ask(path, { method: 'POST', body }));
    const denied = (what: string): string => `403 Permission check failed (${what})`;
    assert.equal(
      await says('/nodes/pve2/status', { command: 'reboot' }),
      denied('/nodes/pve2, Sys.PowerMgmt'),
    );
    assert.equal(await says('/nodes/pve1/stopall'), denied('/, VM.PowerMgmt'));
    assert.equal(await says('/nodes/pve1/stopall', { vms: '101,102' }), denied('/vms/101, VM.PowerMgmt'));
    assert.equal(await says('/nodes/pve1/vzdump', { vmid: '101' }), denied('/vms/101, VM.Backup'));
    // Before it is looked at whether there is such a guest.
    assert.equal(await says('/nodes/pve1/qemu/999/status/stop'), denied('/vms/999, VM.PowerMgmt'));
    const gone = await auditor.ask('/nodes/pve1/qemu/999/config');
    assert.equal(refusal(gone), "500 Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist");
  }));

test('privileges hold by path: guests, storages and numbers of nodes that one may not see are absent', () =>
  withProxmox(async ({ cluster, simulator }) => {
    cluster.access.addToken({
      id: 'labkeeper@pve!one',
      secret: 's',
      acl: { '/vms/101': ['VM.Audit', 'VM.PowerMgmt'], '/storage/backup': ['Datastore.Audit'] },
    });
    const one = new Caller({ ...simulator, tokens: cluster.access.tokens }, 'labkeeper@pve!one');
    const rows = await one.get<readonly Readonly<Record<string, unknown>>[]>('/cluster/resources');
    assert.deepEqual(
      rows.map(({ id }) => id),
      [
        'qemu/101',
        'node/pve1',
        'node/pve2',
        'node/pve3',
        ...['pve1', 'pve2', 'pve3'].map((node) => `storage/${node}/backup`),
      ],
    );
    const node = rows.find(({ id }) => id === 'node/pve1');
    assert.deepEqual(node, {
      id: 'node/pve1',
      node: 'pve1',
      type: 'node',
      status: 'online',
      level: '',
      'cgroup-mode': 2,
    });
    const list = await one.get<readonly Readonly<Record<string, unknown>>[]>('/nodes/pve1/qemu');
    assert.deepEqual(
      list.map(({ vmid }) => vmid),
      [101],
    );
    const agent = await one.ask('/nodes/pve1/qemu/101/agent/get-osinfo');
    assert.equal(
      refusal(agent),
      '403 Permission check failed (/vms/101, VM.GuestAgent.Audit|VM.GuestAgent.Unrestricted)',
    );
    assert.deepEqual(await one.get('/access/permissions'), {
      '/vms/101': { 'VM.Audit': 1, 'VM.PowerMgmt': 1 },
      '/storage/backup': { 'Datastore.Audit': 1 },
    });
  }));

test('options for root are for root alone, not for its tokens', () =>
  withProxmox(async (world) => {
    const { cluster } = world;
    cluster.access.addToken({ id: 'root@pam!ci', secret: 's', acl: 'all' });
    const path = '/nodes/pve1/qemu/102/status/stop';
    const body = { skiplock: 1 };
    const byToken = await plainly(world, path, {
      method: 'POST',
      body,
      headers: { Authorization: 'PVEAPIToken=root@pam!ci=s' },
    });
    assert.equal(refusal(byToken), '400 Parameter verification failed.');
    assert.match(byToken.body, /"skiplock":"Only root may use this option\."/);
    const ticket = await login(world);
    const headers = { ...cookie(ticket), CSRFPreventionToken: ticket.CSRFPreventionToken };
    assert.equal(refusal(await plainly(world, path, { method: 'POST', body, headers })), '200 OK');
  }));

test('what is no method is refused as the real one does', () =>
  withProxmox(async ({ caller, simulator }) => {
    const reply = await caller.ask('/foo');
    assert.equal(refusal(reply), "501 Method 'GET /foo' not implemented");
    assert.deepEqual(JSON.parse(reply.body), { data: null, message: "Method 'GET /foo' not implemented" });
    const lxc = await caller.ask('/nodes/pve1/lxc/110/status/reset', { method: 'POST' });
    assert.equal(refusal(lxc), "501 Method 'POST /nodes/pve1/lxc/110/status/reset' not implemented");
    const body = await caller.ask('/nodes/pve1/qemu/102', { method: 'DELETE', body: { purge: 1 } });
    assert.equal(refusal(body), "501 Unexpected content for method 'DELETE'");
    const outside = await ask(`${simulator.urls[0]}/`, { ca: simulator.ca });
    assert.equal(refusal(outside), '501 no such uri');
  }));

test('parameters are checked, each with its own error, and unknown ones refused', () =>
  withProxmox(async ({ caller }) => {
    const errorsOf = async (
      path: string,
      method: string,
      body: Readonly<Record<string, string>>,
    ): Promise<unknown> => {
      const form = new URLSearchParams(body).toString();
      const reply =
        method === 'GET' ? await caller.ask(`${path}?${form}`) : await caller.ask(path, { method, body });
      assert.equal(refusal(reply), '400 Parameter verification failed.');
      return (JSON.parse(reply.body) as { errors: unknown }).errors;
    };
    const stop = '/nodes/pve1/qemu/102/status/stop';
    assert.deepEqual(await errorsOf(stop, 'POST', { timeout: '-1', keepActive: 'yes', colour: 'red' }), {
      timeout: 'value must have a minimum value of 0',
      keepActive: "type check ('boolean') failed - got 'yes'",
      colour: 'property is not defined in schema and the schema does not allow additional properties',
    });
    assert.deepEqual(await errorsOf('/nodes/pve1/status', 'POST', { command: 'explode' }), {
      command: "value 'explode' does not have a value in the enumeration 'reboot, shutdown'",
    });
    assert.deepEqual(await errorsOf('/nodes/pve1/tasks', 'GET', { limit: 'many' }), {
      limit: "type check ('integer') failed - got 'many'",
    });
    assert.deepEqual(await errorsOf(stop, 'POST', { vmid: '101' }), {
      vmid: 'duplicate parameter (already defined in URI) with conflicting values!',
    });
    assert.deepEqual(await errorsOf('/nodes/pve1/qemu/7/config', 'GET', {}), {
      vmid: 'value must have a minimum value of 100',
    });
    assert.deepEqual(await errorsOf('/nodes/pve1/qemu/102/migrate', 'POST', {}), {
      target: 'property is missing and it is not optional',
    });
  }));

test('roles know what they are for', () => {
  assert.ok(!ROLES.auditor.some((privilege) => !privilege.endsWith('.Audit')));
  assert.ok(ROLES.operator.includes('VM.PowerMgmt'));
  assert.ok(!(ROLES.operator as readonly string[]).includes('VM.Allocate'));
});
