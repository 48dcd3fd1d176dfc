import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { ask, type Reply } from '../simulators/proxmox/client.ts';
import { makeCertificate, OPERATOR_TOKEN, seededCluster } from '../simulators/proxmox/index.ts';
import {
  cookie,
  type Login,
  login,
  type ProxmoxWorld,
  plainly,
  refusal,
  withProxmox,
} from './helpers/proxmox.ts';

const withToken = (world: ProxmoxWorld, token: string, path = '/version'): Promise<Reply> =>
  plainly(world, path, { headers: { Authorization: `PVEAPIToken=${token}` } });

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

test('a certificate that has run out, or of another host, is refused by TLS', async () => {
  const old = makeCertificate({
    name: 'lab',
    hosts: ['127.0.0.1'],
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2021-01-01'),
  });
  const elsewhere = makeCertificate({ name: 'lab', hosts: ['elsewhere.example'] });
  const meets = (certificate: typeof old, expected: RegExp): Promise<void> =>
    withProxmox(({ caller }) => assert.rejects(caller.get('/version'), expected), undefined, { certificate });
  await Promise.all([meets(old, /expired/), meets(elsewhere, /does not match certificate/)]);
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
