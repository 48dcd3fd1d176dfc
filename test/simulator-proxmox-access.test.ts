import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { type Asking, ask, Caller, type Reply } from '../simulators/proxmox/client.ts';
import {
  AUDITOR_TOKEN,
  makeCertificate,
  OPERATOR_TOKEN,
  ROLES,
  seededCluster,
} from '../simulators/proxmox/index.ts';
import { type ProxmoxWorld, refusal, withProxmox } from './helpers/proxmox.ts';

interface Login {
  readonly ticket: string;
  readonly CSRFPreventionToken: string;
}

const plainly = (
  { simulator }: ProxmoxWorld,
  path: string,
  asking: Omit<Asking, 'ca'> = {},
): Promise<Reply> => ask(`${simulator.urls[0]}/api2/json${path}`, { ca: simulator.ca, ...asking });

const withToken = (world: ProxmoxWorld, token: string, path = '/version'): Promise<Reply> =>
  plainly(world, path, { headers: { Authorization: `PVEAPIToken=${token}` } });

async function login(world: ProxmoxWorld, username = 'root@pam', password = 'labkeeper'): Promise<Login> {
  const reply = await plainly(world, '/access/ticket', { method: 'POST', body: { username, password } });
  assert.equal(refusal(reply), '200 OK');
  return (JSON.parse(reply.body) as { data: Login }).data;
}

const cookie = ({ ticket }: Login): Readonly<Record<string, string>> => ({
  Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`,
});

test('each node shows its own certificate, which the authority of the cluster signed', () =>
  withProxmox(async ({ simulator }) => {
    const seen = await Promise.all(
      [...simulator.nodes.values()].map(async ({ url, fingerprint }) => {
        const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), ca: simulator.ca });
        await once(socket, 'secureConnect');
        assert.equal(socket.authorized, true);
        assert.equal(socket.getPeerCertificate().fingerprint256, fingerprint);
        socket.destroy();
        return fingerprint;
      }),
    );
    assert.equal(new Set(seen).size, 3);
    assert.equal(simulator.fingerprint, seen[0]);
  }));

test('a certificate of one’s own serves all nodes, and who does not trust it gets nowhere', () => {
  const certificate = makeCertificate({ name: 'lab', hosts: ['127.0.0.1'] });
  return withProxmox(
    async ({ simulator, caller }) => {
      assert.deepEqual(
        [...simulator.nodes.values()].map(({ fingerprint }) => fingerprint),
        Array(3).fill(certificate.fingerprint),
      );
      await caller.get('/version');
      const stranger = makeCertificate({ name: 'other', hosts: [], authority: true });
      await assert.rejects(
        ask(`${simulator.urls[0]}/api2/json/version`, { ca: stranger.cert }),
        /self-signed/,
      );
    },
    undefined,
    { certificate },
  );
});

test('a certificate that has run out, or of another host, is refused by TLS', () => {
  const old = makeCertificate({
    name: 'lab',
    hosts: ['127.0.0.1'],
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2021-01-01'),
  });
  const elsewhere = makeCertificate({ name: 'lab', hosts: ['elsewhere.example'] });
  const meets = (certificate: typeof old, expected: RegExp): Promise<void> =>
    withProxmox(({ caller }) => assert.rejects(caller.get('/version'), expected), undefined, { certificate });
  return Promise.all([meets(old, /expired/), meets(elsewhere, /does not match certificate/)]);
});

test('nobody gets in without a ticket or a token, and is told nothing but the status line', () =>
  withProxmox(async (world) => {
    const reply = await plainly(world, '/version');
    assert.equal(refusal(reply), '401 No ticket');
    assert.equal(reply.body, '');
    assert.equal(reply.headers.connection, 'close');
  }));

test('what is wrong with a token is said in the words of the real server', () =>
  withProxmox(async (world) => {
    const { cluster, simulator, clock } = world;
    const secret = simulator.tokens[0]?.secret ?? '';
    const says = async (token: string): Promise<string> => refusal(await withToken(world, token));
    assert.equal(await says(`${OPERATOR_TOKEN}=${secret}`), '200 OK');
    assert.equal(await says(`${OPERATOR_TOKEN}=${secret.replace(/.$/, '-')}`), '401 invalid token value!');
    assert.equal(await says('labkeeper@pve!none=x'), "401 no such token 'none' for user 'labkeeper@pve'");
    assert.equal(await says('nobody@pve!app=x'), "401 no such user ('nobody@pve')");
    assert.equal(await says('nonsense'), '401 no tokenid specified');
    cluster.access.addToken({
      id: 'labkeeper@pve!old',
      secret: 's',
      acl: 'all',
      expire: clock.now() / 1_000 - 1,
    });
    assert.equal(await says('labkeeper@pve!old=s'), "401 token 'old' access expired");
    cluster.access.addUser({ id: 'gone@pve', password: '', acl: {}, enabled: false });
    cluster.access.addToken({ id: 'gone@pve!app', secret: 's', acl: 'all' });
    assert.equal(await says('gone@pve!app=s'), "401 user 'gone@pve' is disabled");
    cluster.access.revoke(OPERATOR_TOKEN);
    assert.equal(
      await says(`${OPERATOR_TOKEN}=${secret}`),
      "401 no such token 'app' for user 'labkeeper@pve'",
    );
    cluster.access.silent = true;
    assert.equal(await says('nobody@pve!app=x'), '401 Authentication failed!');
  }));

test('a password gives a ticket, by form and by JSON, with the realm apart or not', () =>
  withProxmox(async (world) => {
    const ticket = await login(world);
    const reply = await plainly(world, '/version', { headers: cookie(ticket) });
    assert.equal(refusal(reply), '200 OK');
    const json = await plainly(world, '/access/ticket', {
      method: 'POST',
      body: JSON.stringify({ username: 'root', realm: 'pam', password: 'labkeeper' }),
      headers: { 'Content-Type': 'application/json' },
    });
    assert.equal(refusal(json), '200 OK');
    assert.match(json.body, /"username":"root@pam"/);
    assert.match(json.body, /"clustername":"home"/);
  }));

test('a wrong password, an unknown user and an app that refuses all sound the same', () =>
  withProxmox(async (world) => {
    const tries = async (username: string, password: string): Promise<Reply> =>
      plainly(world, '/access/ticket', { method: 'POST', body: { username, password } });
    const wrong = await tries('root@pam', 'wrong');
    assert.equal(refusal(wrong), '401 authentication failure');
    assert.deepEqual(JSON.parse(wrong.body), { data: null, message: 'authentication failure\n' });
    assert.equal((await tries('nobody@pam', 'labkeeper')).body, wrong.body);
    world.cluster.access.refusesLogins = true;
    assert.equal((await tries('root@pam', 'labkeeper')).body, wrong.body);
    const incomplete = await plainly(world, '/access/ticket', {
      method: 'POST',
      body: { username: 'root@pam' },
    });
    assert.deepEqual(JSON.parse(incomplete.body), {
      data: null,
      message: 'Parameter verification failed.\n',
      errors: { password: 'property is missing and it is not optional' },
    });
  }));

test('a ticket writes only with its CSRF token', () =>
  withProxmox(async (world) => {
    const ticket = await login(world);
    const start = (headers: Readonly<Record<string, string>>): Promise<Reply> =>
      plainly(world, '/nodes/pve1/qemu/102/status/reset', { method: 'POST', headers });
    const refused = '401 Permission denied - invalid csrf token';
    assert.equal(refusal(await start(cookie(ticket))), refused);
    assert.equal(refusal(await start({ ...cookie(ticket), CSRFPreventionToken: '00000000:abc' })), refused);
    const { CSRFPreventionToken } = ticket;
    assert.equal(refusal(await start({ ...cookie(ticket), CSRFPreventionToken })), '200 OK');
    const other = await login(world, 'labkeeper@pve');
    assert.equal(refusal(await start({ ...cookie(other), CSRFPreventionToken })), refused);
  }));

test('a ticket lasts two hours, can be renewed by itself until then, and can be made to end', () =>
  withProxmox(async (world) => {
    const { clock, cluster } = world;
    const works = async (ticket: Login): Promise<string> =>
      refusal(await plainly(world, '/version', { headers: cookie(ticket) }));
    const first = await login(world);
    await clock.advance(7_199_000);
    assert.equal(await works(first), '200 OK');
    const renewed = await login(world, 'root@pam', first.ticket);
    await clock.advance(1_000);
    assert.equal(await works(first), '401 permission denied - invalid PVE ticket');
    assert.equal(await works(renewed), '200 OK');
    cluster.access.expireTickets();
    assert.equal(await works(renewed), '401 permission denied - invalid PVE ticket');
    assert.equal(await works({ ...first, ticket: 'PVE:root@pam:FFFFFFFF::AAAA' }), await works(renewed));
    cluster.access.ticketMs = 5_000;
    const short = await login(world);
    await clock.advance(5_000);
    assert.equal(await works(short), '401 permission denied - invalid PVE ticket');
  }));

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

test('who is not let in waits as long as it is set', () =>
  withProxmox(
    async (world) => {
      let answered = false;
      const reply = plainly(world, '/version').finally(() => {
        answered = true;
      });
      while (world.simulator.faults.count() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await world.clock.advance(2_999);
      assert.equal(answered, false);
      await world.clock.advance(1);
      assert.equal(refusal(await reply), '401 No ticket');
    },
    (clock) => seededCluster({ clock }),
    { unauthorizedDelayMs: 3_000 },
  ));

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
