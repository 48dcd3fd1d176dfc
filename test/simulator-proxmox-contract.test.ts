import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Caller } from '../simulators/proxmox/client.ts';
import { OPERATOR_TOKEN, threeNodeCluster } from '../simulators/proxmox/index.ts';
import { METHODS } from '../simulators/proxmox/methods/index.ts';
import type { Permission } from '../simulators/proxmox/methods/method.ts';
import type { Parameter, Parameters } from '../simulators/proxmox/parameters.ts';
import { type ProxmoxSimulator, startProxmoxSimulator } from '../simulators/proxmox/server.ts';
import { type Json, type JsonObject, strangersIn } from '../simulators/shape.ts';
import { grant } from './helpers/proxmox.ts';
import { problemsOf, type Schema } from './helpers/pve-schema.ts';

/** The vendor's schema and answers of real clusters; not part of the project, so not everywhere. */
const REFERENCE = fileURLToPath(new URL('../../shared/reference', import.meta.url));
const SCHEMA = path.join(REFERENCE, 'pve-api-9.1.json');
const missing = existsSync(SCHEMA) ? false : 'no schema and no recordings here';

interface ApiMethod {
  readonly parameters: Readonly<Record<string, Schema>>;
  readonly returns?: Schema;
  readonly permissions?: unknown;
  readonly proxyto?: string;
}

/** Keys that are names of things, not fields. */
const NAMED = /^(nics|blockstat)$/;

const recorded = (name: string): Json =>
  dataOf(JSON.parse(readFileSync(path.join(REFERENCE, 'recorded', `proxmox__${name}.json`), 'utf8')) as Json);

/** Some are kept without what is around the data. */
const dataOf = (value: Json): Json => (Array.isArray(value) ? value : ((value as JsonObject).data as Json));

/** What is asked, of which path of the schema, and what may be there beside it because the vendor's source says so. */
const ANSWERS: readonly (readonly [string, string, readonly RegExp[]])[] = [
  ['/version', '/version', []],
  ['/cluster/resources', '/cluster/resources', []],
  ['/cluster/resources?type=vm', '/cluster/resources', []],
  ['/cluster/status', '/cluster/status', []],
  // The schema knows the upid only.
  ['/cluster/tasks', '/cluster/tasks', [/^\[\]\./]],
  ['/cluster/ha/status/current', '/cluster/ha/status/current', []],
  // Not in the list's schema: what kind of job it is.
  ['/cluster/backup', '/cluster/backup', [/^\[\]\.type$/]],
  // The rows are those of the resources.
  ['/nodes', '/nodes', [/^\[\]\.(id|type|disk|maxdisk)$/]],
  // The schema leaves it open what else there is. PVE::API2::Nodes has these.
  [
    '/nodes/pve2/status',
    '/nodes/{node}/status',
    [/^(uptime|idle|kversion|wait|ksm|swap)$/, /^cpuinfo\.(user_hz|mhz|hvm|flags)$/],
  ],
  ['/nodes/pve2/subscription', '/nodes/{node}/subscription', []],
  ['/nodes/pve2/services', '/nodes/{node}/services', []],
  ['/nodes/pve2/apt/update', '/nodes/{node}/apt/update', []],
  ['/nodes/pve2/apt/versions', '/nodes/{node}/apt/versions', []],
  // Not in the schema, but in the file and so in the answer.
  ['/nodes/pve2/network', '/nodes/{node}/network', [/^\[\]\.bridge_(stp|fd)$/]],
  // The schema knows the id only.
  ['/nodes/pve2/replication', '/nodes/{node}/replication', [/^\[\]\./]],
  ['/cluster/replication', '/cluster/replication', []],
  ['/cluster/ceph/status', '/cluster/ceph/status', []],
  ['/nodes/pve2/version', '/nodes/{node}/version', []],
  ['/nodes/pve2/certificates/info', '/nodes/{node}/certificates/info', []],
  ['/nodes/pve1/storage', '/nodes/{node}/storage', []],
  ['/nodes/pve1/tasks?source=all', '/nodes/{node}/tasks', [/^\[\]\.tokenid$/]],
  ['/nodes/pve1/rrddata?timeframe=hour', '/nodes/{node}/rrddata', [/^\[\]\./]],
  ['/nodes/pve1/qemu', '/nodes/{node}/qemu', [/^\[\]\.disk$/]],
  ['/nodes/pve1/lxc', '/nodes/{node}/lxc', CONTAINER('[]\\.')],
  ['/nodes/pve1/qemu/101/status/current', '/nodes/{node}/qemu/{vmid}/status/current', VM()],
  ['/nodes/pve3/qemu/900/status/current', '/nodes/{node}/qemu/{vmid}/status/current', VM()],
  ['/nodes/pve1/lxc/110/status/current', '/nodes/{node}/lxc/{vmid}/status/current', CONTAINER('')],
  ['/nodes/pve1/qemu/101/config', '/nodes/{node}/qemu/{vmid}/config', []],
  ['/nodes/pve1/lxc/110/config', '/nodes/{node}/lxc/{vmid}/config', []],
  // A number is answered as one.
  ['/nodes/pve1/qemu/101/pending', '/nodes/{node}/qemu/{vmid}/pending', [/^\[\]\.value$/]],
  ['/nodes/pve1/lxc/110/pending', '/nodes/{node}/lxc/{vmid}/pending', [/^\[\]\.value$/]],
  // The row `current` says more.
  ['/nodes/pve1/qemu/101/snapshot', '/nodes/{node}/qemu/{vmid}/snapshot', [/^\[\]\.(digest|running)$/]],
  ['/nodes/pve1/lxc/110/snapshot', '/nodes/{node}/lxc/{vmid}/snapshot', [/^\[\]\.digest$/]],
  // PVE::API2::Qemu names the devices that mappings of a node lack.
  [
    '/nodes/pve1/qemu/101/migrate',
    '/nodes/{node}/qemu/{vmid}/migrate',
    [/unavailable-resources/, /^not_allowed_nodes\./],
  ],
  ['/nodes/pve1/lxc/110/migrate', '/nodes/{node}/lxc/{vmid}/migrate', []],
  ['/nodes/pve1/lxc/110/interfaces', '/nodes/{node}/lxc/{vmid}/interfaces', []],
  ['/nodes/pve1/qemu/101/rrddata?timeframe=hour', '/nodes/{node}/qemu/{vmid}/rrddata', [/^\[\]\./]],
  ['/nodes/pve1/lxc/110/rrddata?timeframe=hour', '/nodes/{node}/lxc/{vmid}/rrddata', [/^\[\]\./]],
  // PVE::Diskmanage has these; `mounted` only where it is, and no list where there is no OSD.
  [
    '/nodes/pve1/disks/list?skipsmart=1',
    '/nodes/{node}/disks/list',
    [/^\[\]\.(by_id_link|type|rpm|wearout|mounted|osdid-list)$/],
  ],
  ['/nodes/pve1/disks/smart?disk=/dev/sda', '/nodes/{node}/disks/smart', []],
  ['/nodes/pve1/disks/smart?disk=/dev/nvme0n1', '/nodes/{node}/disks/smart', [/^wearout$/]],
  ['/nodes/pve1/disks/smart?disk=/dev/sde', '/nodes/{node}/disks/smart', []],
  ['/nodes/pve1/disks/zfs', '/nodes/{node}/disks/zfs', []],
  // As the tree of the web page needs it.
  ['/nodes/pve1/disks/zfs/tank', '/nodes/{node}/disks/zfs/{name}', [/leaf$/, /^children\[\]\.children$/]],
  ['/nodes/pve1/hardware/pci', '/nodes/{node}/hardware/pci', []],
  // Each section of a configuration file says of what type it is.
  ['/cluster/mapping/pci', '/cluster/mapping/pci', [/^\[\]\.type$/]],
  ['/nodes/pve2/disks/lvmthin', '/nodes/{node}/disks/lvmthin', []],
  ['/nodes/pve1/time', '/nodes/{node}/time', []],
  // What kind of volume it is the schema forgot.
  [
    '/nodes/pve1/storage/backup/content',
    '/nodes/{node}/storage/{storage}/content',
    [/^\[\]\.(content|subtype)$/],
  ],
  ['/storage', '/storage', [/^\[\]\./]],
  ['/cluster/backup-info/not-backed-up', '/cluster/backup-info/not-backed-up', []],
  // The schema does not describe what agents answer, nor permissions.
  [
    '/nodes/pve1/qemu/101/agent/network-get-interfaces',
    '/nodes/{node}/qemu/{vmid}/agent/network-get-interfaces',
    [/./],
  ],
  ['/nodes/pve1/qemu/101/agent/get-osinfo', '/nodes/{node}/qemu/{vmid}/agent/get-osinfo', [/./]],
  ['/nodes/pve1/qemu/101/agent/get-fsinfo', '/nodes/{node}/qemu/{vmid}/agent/get-fsinfo', [/./]],
  ['/access/permissions', '/access/permissions', [/./]],
  ['/access/roles', '/access/roles', []],
  ['/access/domains', '/access/domains', [/^\[\]\.default$/]],
  // Perl made text of the number.
  ['/cluster/nextid', '/cluster/nextid', []],
  ['/pools', '/pools', []],
  // The schema says nothing of what is in it.
  ['/nodes/pve1/aplinfo', '/nodes/{node}/aplinfo', [/./]],
];

/** PVE::QemuServer::vmstatus adds what QEMU itself says. */
function VM(): readonly RegExp[] {
  return [/^(disk|balloon|freemem|ballooninfo|blockstat|nics|proxmox-support|ha\.)/];
}

/** PVE::LXC::vmstatus adds these; a container's pressures it takes over as text. */
function CONTAINER(at: string): readonly RegExp[] {
  return [new RegExp(`^${at.replace('[]', '\\[\\]')}(pid|swap|type|pressure\\w+|ha\\.)`)];
}

/** A recording, what of it is compared, and in what ours may differ. */
const RECORDINGS: readonly (readonly [string, string, readonly RegExp[]])[] = [
  ['/cluster/status', 'go-proxmox__pve9x__cluster_status', []],
  ['/nodes', 'go-proxmox__pve9x__nodes', []],
  [
    '/nodes/pve1/qemu/101/status/current',
    'go-proxmox__pve9x__nodes_node1_qemu_101_status_current',
    // Recorded under version 8, without these, and of a VM without tags.
    [/^(memhost|pressure\w+|tags)$/],
  ],
  [
    '/nodes/pve1/lxc/110/interfaces',
    'go-proxmox__pve9x__nodes_node1_lxc_101_interfaces',
    // Recorded under version 8.
    [/^\[\]\.(hardware-address|ip-addresses)/],
  ],
  [
    '/nodes/pve1/qemu/101/agent/network-get-interfaces',
    'go-proxmox__pve9x__nodes_node1_qemu_101_agent_network-get-interfaces',
    // Trimmed; the agent's protocol has them.
    [/statistics/],
  ],
  [
    '/nodes/pve1/qemu/101/agent/get-fsinfo',
    'go-proxmox__pve9x__nodes_node1_qemu_101_agent_get-fsinfo',
    [/total-bytes-privileged$/],
  ],
  ['/nodes/pve1/qemu/101/agent/get-osinfo', 'go-proxmox__pve9x__nodes_node1_qemu_101_agent_get-osinfo', []],
  ['/nodes/pve1/tasks?source=archive', 'ha-core__nodes_tasks_vzdump', []],
  ['/cluster/tasks', 'go-proxmox__pve9x__cluster_tasks', [/^\[\]\.(pid|pstart|saved|tokenid)$/]],
  ['/nodes/pve1/storage', 'ha-core__nodes_storage', []],
  // Recorded without addresses of its own on a bridge that knows VLANs.
  ['/nodes/pve2/network', 'go-proxmox__pve9x__nodes_node1_network', [/^\[\]\.gateway$/]],
  ['/nodes/pve2/apt/update', 'ha-core__nodes_apt_update', []],
  ['/nodes/pve2/rrddata?timeframe=hour', 'pulse__rrd__pve9_node_rrddata', []],
  ['/nodes/pve1/qemu/101/rrddata?timeframe=hour', 'pulse__rrd__pve9_qemu_rrddata', []],
  ['/nodes/pve1/lxc/110/rrddata?timeframe=hour', 'pulse__rrd__pve9_lxc_rrddata', []],
];

suite('simulated Proxmox VE against the vendor', { skip: missing }, () => {
  const cluster = threeNodeCluster();
  let simulator: ProxmoxSimulator;
  let api: Readonly<Record<string, Readonly<Record<string, ApiMethod>>>>;
  let caller: Caller;
  before(async () => {
    api = JSON.parse(readFileSync(SCHEMA, 'utf8')) as typeof api;
    simulator = await startProxmoxSimulator({ cluster });
    caller = new Caller(simulator, OPERATOR_TOKEN);
    // So that lists of tasks are not empty.
    cluster.tasks.remember(
      { node: 'pve1', type: 'vzdump', id: '', user: 'root@pam' },
      cluster.clock.now() - 60_000,
      20_000,
      'OK',
      [],
    );
    await caller.post('/nodes/pve1/qemu/102/status/shutdown');
    cluster.replications = [{ guest: 120, jobnum: 0, target: 'pve3', comment: 'Every quarter' }];
    cluster.ceph = { health: 'HEALTH_WARN', checks: { OSD_DOWN: '1 osds down' }, used: 1e12, total: 6e12 };
    const pending = { name: 'pve-manager', title: 'Management tools', from: '9.1.1', to: '9.1.7' };
    cluster.node('pve2').condition.pending = [pending];
    cluster.backups = cluster.backups.map((job) => ({ ...job, exclude: '102' }));
    const map = ['node=pve1,path=0000:3b:00.0,id=10de:2204,iommugroup=40', 'node=pve2,path=0000:01:00'];
    cluster.pciMappings = [{ id: 'gpu', description: 'For whatever learns', map }];
    grant(cluster, 'Mapping.Audit');
  });
  after(() => simulator?.close());

  for (const [asked, where, beside] of ANSWERS) {
    test(`GET ${asked} keeps to the schema`, async () => {
      const { returns } = api[where]?.GET ?? {};
      assert.ok(returns, `${where} is not in the schema`);
      const data = await caller.get<Json>(asked);
      assert.deepEqual(problemsOf(data, returns, beside), []);
      assert.ok(!Array.isArray(data) || data.length > 0, 'of nothing everything is true');
    });
  }

  test('a task keeps to the schema, running and ended', async () => {
    const { returns } = api['/nodes/{node}/tasks/{upid}/status']?.GET ?? {};
    const log = api['/nodes/{node}/tasks/{upid}/log']?.GET?.returns;
    assert.ok(returns && log);
    for (const { upid } of cluster.tasks.all) {
      const status = await caller.get<Json>(`/nodes/pve1/tasks/${upid}/status`);
      assert.deepEqual(problemsOf(status, returns, [/^tokenid$/]), []);
      assert.deepEqual(problemsOf(await caller.get<Json>(`/nodes/pve1/tasks/${upid}/log`), log, []), []);
    }
  });

  test('a ticket keeps to the schema', async () => {
    const { returns } = api['/access/ticket']?.POST ?? {};
    assert.ok(returns);
    const ticket = await caller.post<Json>('/access/ticket', { username: 'root@pam', password: 'labkeeper' });
    // The source: `cap`, what the web page shows.
    assert.deepEqual(problemsOf(ticket, returns, [/^cap/]), []);
  });

  test("a process of a guest's agent keeps to the schema, running and ended", async () => {
    const at = '/nodes/{node}/qemu/{vmid}/agent';
    const [started, told] = [api[`${at}/exec`]?.POST?.returns, api[`${at}/exec-status`]?.GET?.returns];
    assert.ok(started && told);
    const guest = cluster.guest(101);
    assert.ok(guest);
    grant(cluster, 'VM.GuestAgent.Unrestricted');
    const answers = [undefined, 'up\n'];
    guest.answer = () => answers.shift();
    const agent = '/nodes/pve1/qemu/101/agent';
    const process = await caller.post<{ pid: number }>(`${agent}/exec`, { command: 'uptime' });
    assert.deepEqual(problemsOf(process, started, []), []);
    const ask = () => caller.get<JsonObject>(`${agent}/exec-status?pid=${process.pid}`);
    const [running, ended] = [await ask(), await ask()];
    assert.deepEqual([running.exited, ended.exited], [0, 1]);
    for (const each of [running, ended]) assert.deepEqual(problemsOf(each, told, []), []);
  });

  test('a configuration in a backup keeps to the schema', async () => {
    const at = '/nodes/{node}/vzdump/extractconfig';
    const { returns } = api[at]?.GET ?? {};
    assert.ok(returns);
    const [volume] = await caller.get<readonly JsonObject[]>('/nodes/pve1/storage/backup/content');
    const text = await caller.get<Json>(`/nodes/pve1/vzdump/extractconfig?volume=${volume?.volid}`);
    assert.deepEqual(problemsOf(text, returns, []), []);
    assert.match(String(text), /^name: homeassistant$/m);
  });

  test('every GET that is implemented is compared', () => {
    const compared = new Set(ANSWERS.map(([, where]) => where));
    // With tests of their own.
    const known = /\/tasks\/\{upid\}\/|\/agent\/exec-status$|\/extractconfig$/;
    const left = METHODS.filter(
      ({ method, path: at }) => method === 'GET' && !known.test(at) && !compared.has(at),
    );
    assert.deepEqual(
      left.map(({ path: at }) => at),
      [],
    );
  });

  for (const { method, path: at, parameters, permission, proxied } of METHODS) {
    test(`${method} ${at} takes what the schema says, from whom it says`, () => {
      const real = api[at]?.[method];
      assert.ok(real, 'not in the schema');
      assert.deepEqual(Object.keys(parameters).sort(), Object.keys(real.parameters).sort());
      assert.deepEqual(comparable(parameters), comparable(real.parameters as unknown as Parameters));
      assert.deepEqual(saidOf(permission), real.permissions);
      assert.equal(proxied === true, real.proxyto === 'node');
    });
  }

  for (const [asked, name, differs] of RECORDINGS) {
    test(`GET ${asked} looks as recorded`, async () => {
      const ours = await caller.get<Json>(asked);
      const theirs = recorded(name);
      assert.deepEqual(strangersIn(folded(ours), folded(theirs), NAMED, differs), []);
    });
  }

  test('rows of /cluster/resources look as recorded, and hold all that was', async () => {
    const ours = (await caller.get<Json>('/cluster/resources')) as readonly JsonObject[];
    const theirs = recorded('go-proxmox__pve9x__cluster_resources') as readonly JsonObject[];
    for (const type of ['qemu', 'node', 'storage']) {
      const keys = (rows: readonly JsonObject[]): Set<string> =>
        new Set(rows.filter((row) => row.type === type).flatMap(Object.keys));
      const [simulated, real] = [keys(ours), keys(theirs)];
      assert.deepEqual(
        [...real].filter((key) => !simulated.has(key)),
        [],
        type,
      );
      // Newer than the recording, or of guests that it does not have.
      const newer = ['memhost', 'hastate', 'pool', 'lock'];
      assert.deepEqual(
        [...simulated].filter((key) => !real.has(key) && !newer.includes(key)),
        [],
        type,
      );
    }
  });
});

/** As the schema writes it. */
function saidOf(permission: Permission): unknown {
  if (typeof permission === 'string') return permission;
  if ('and' in permission) return ['and', ...permission.and.map(saidOf)];
  if ('or' in permission) return ['or', ...permission.or.map(saidOf)];
  const { path: at, privileges, any, requires } = permission;
  return [
    ...['perm', at, privileges],
    ...(any ? ['any', 1] : []),
    ...(requires === undefined ? [] : ['require_param', requires]),
  ];
}

/** Of each list one item, with what any of them has: the first alone is not always the fullest. */
function folded(value: Json): Json {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map(folded);
    const objects = items.filter((item) => item !== null && typeof item === 'object' && !Array.isArray(item));
    return objects.length === 0 ? items.slice(0, 1) : [Object.assign({}, ...objects) as JsonObject];
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, folded(inner as Json)]));
}

/** What the simulator checks of a parameter. */
function comparable(parameters: Parameters): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, each]) => {
      const { type, enum: values, minimum, maximum, maxLength } = each;
      const number = (limit: Parameter['minimum']): number | undefined =>
        limit === undefined ? undefined : Number(limit);
      const optional = Boolean(each.optional);
      const length = maxLength === undefined ? undefined : Number(maxLength);
      // The schema names no way to compress, in place of a list.
      return [
        name,
        {
          type,
          values: values ?? undefined,
          minimum: number(minimum),
          maximum: number(maximum),
          length,
          optional,
        },
      ];
    }),
  );
}
