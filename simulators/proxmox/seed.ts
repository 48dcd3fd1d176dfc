import type { Clock } from '../../addon/src/core/clock.ts';
import { ROLES, type User } from './access.ts';
import { type ClusterOptions, ProxmoxCluster } from './cluster.ts';
import type { BackupJobSpec, GuestSpec, NodeSpec, StorageSpec } from './spec.ts';
import type { Archive } from './views/volumes.ts';

const GIB = 1024 ** 3;
const TIB = 1024 ** 4;
const DAY_MS = 86_400_000;
const SERVER_VLAN = 20;

/** A PowerEdge R640 as it comes used. */
export const R640: NodeSpec = {
  node: 'pve1',
  ip: '10.0.10.11',
  sockets: 2,
  cores: 32,
  cpus: 64,
  model: 'Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz',
  mhz: '2100.000',
  memory: 192 * GIB,
  swap: 8 * GIB,
  root: 880 * GIB,
  upMs: 41 * DAY_MS,
  hardware: 'zfs',
};

export const STORAGES: readonly StorageSpec[] = [
  { storage: 'local', type: 'dir', content: 'iso,vztmpl,backup', total: 880 * GIB, used: 61 * GIB },
  {
    ...{ storage: 'local-zfs', type: 'zfspool', content: 'images,rootdir' },
    ...{ total: 3.4 * TIB, used: 0.61 * TIB, more: { pool: 'rpool/data', sparse: 1 } },
  },
  { storage: 'backup', type: 'nfs', content: 'backup', total: 8 * TIB, used: 2.9 * TIB, shared: true },
].map((each) => ({ ...each, total: Math.floor(each.total), used: Math.floor(each.used) }));

/** On the small nodes, whose disks hide behind a controller. */
const LOCAL_LVM: StorageSpec = {
  ...{ storage: 'local-lvm', type: 'lvmthin', content: 'images,rootdir', nodes: ['pve2', 'pve3'] },
  ...{ total: 794 * GIB, used: 301 * GIB, more: { vgname: 'pve', thinpool: 'data' } },
};

/** The guests of the lab that Labkeeper is designed against. */
export const GUESTS: readonly GuestSpec[] = [
  {
    vmid: 100,
    type: 'qemu',
    name: 'homeassistant',
    node: 'pve1',
    cores: 2,
    memory: 4 * GIB,
    disk: 64 * GIB,
    tags: ['core'],
    onboot: true,
    protection: true,
    startup: 'order=1,up=60',
    agent: { os: 'Home Assistant OS 16.3' },
    vlan: SERVER_VLAN,
    addresses: ['10.0.20.10/24'],
    upMs: 20 * DAY_MS,
  },
  {
    vmid: 101,
    type: 'qemu',
    name: 'docker-host',
    node: 'pve1',
    cores: 4,
    memory: 16 * GIB,
    disk: 256 * GIB,
    tags: ['core', 'docker'],
    onboot: true,
    startup: 'order=2,up=30',
    agent: { os: 'Debian GNU/Linux 12 (bookworm)', docker: true },
    vlan: SERVER_VLAN,
    addresses: ['10.0.20.20/24'],
    upMs: 12 * DAY_MS,
    snapshots: [{ name: 'before-upgrade', description: 'Before the move to Docker 28', time: 1_765_000_000 }],
  },
  {
    vmid: 102,
    type: 'qemu',
    name: 'dev-test',
    node: 'pve1',
    cores: 4,
    memory: 8 * GIB,
    disk: 80 * GIB,
    tags: ['lab'],
    agent: { os: 'Ubuntu 24.04.3 LTS' },
    vlan: 40,
    addresses: ['10.0.40.12/24'],
    upMs: 3 * DAY_MS,
  },
  {
    vmid: 110,
    type: 'lxc',
    name: 'pulse',
    node: 'pve1',
    cores: 1,
    memory: GIB,
    disk: 8 * GIB,
    tags: ['monitoring'],
    onboot: true,
    vlan: SERVER_VLAN,
    addresses: ['10.0.20.30/24'],
    upMs: 30 * DAY_MS,
  },
];

export const BACKUPS: readonly BackupJobSpec[] = [
  { id: 'backup-b7a3f1c2-4d5e', schedule: '02:00', storage: 'backup', all: true, comment: 'Every night' },
];

/** Whom every seeded cluster knows: an administrator with a password, and tokens of a user for Labkeeper. */
export const ADMIN: User = { id: 'root@pam', password: 'labkeeper', acl: 'all' };
export const OPERATOR_TOKEN = 'labkeeper@pve!app';
export const AUDITOR_TOKEN = 'labkeeper@pve!audit';

/** What `GET /version` says of older ones. */
export const VERSIONS = {
  8: { version: '8.4.14', release: '8.4', repoid: 'b502d23c55afcba1' },
  7: { version: '7.4-17', release: '7.4', repoid: '513c62be' },
} as const;

export interface SeedOptions extends Pick<ClusterOptions, 'version'> {
  readonly clock?: Clock;
  readonly seed?: number;
}

/** The lab: one server that is in no cluster, four guests. */
export function seededCluster(options: SeedOptions = {}): ProxmoxCluster {
  return known(
    new ProxmoxCluster({ ...options, nodes: [R640], storages: STORAGES, guests: GUESTS, backups: BACKUPS }),
  );
}

/** Three nodes, two of them smaller; what is on `pve1` may move. */
export function threeNodeCluster(options: SeedOptions = {}): ProxmoxCluster {
  const small = {
    ...R640,
    sockets: 1,
    cores: 8,
    cpus: 16,
    memory: 64 * GIB,
    model: 'Intel(R) Xeon(R) E-2288G',
    hardware: 'raid' as const,
  };
  return known(
    new ProxmoxCluster({
      ...options,
      name: 'home',
      nodes: [
        R640,
        { ...small, node: 'pve2', ip: '10.0.10.12' },
        { ...small, node: 'pve3', ip: '10.0.10.13' },
      ],
      storages: [...STORAGES, LOCAL_LVM],
      guests: [
        ...GUESTS,
        { ...guest(120, 'pve2', 'qemu'), name: 'gitea', ha: 'started', upMs: 5 * DAY_MS, pool: 'services' },
        { ...guest(121, 'pve2', 'lxc'), name: 'dns2', upMs: 9 * DAY_MS, onboot: true },
        { ...guest(130, 'pve3', 'lxc'), name: 'dns3', upMs: 9 * DAY_MS, onboot: true },
        { ...guest(900, 'pve3', 'qemu'), name: 'debian-12-template', template: true },
      ],
      backups: BACKUPS,
    }),
  );
}

/** @param guests in all, spread over the nodes; every third a container, every tenth stopped */
export function bigCluster(
  { nodes, guests }: { readonly nodes: number; readonly guests: number },
  options: SeedOptions = {},
): ProxmoxCluster {
  const names = Array.from({ length: nodes }, (_, index) => `pve${index + 1}`);
  return known(
    new ProxmoxCluster({
      ...options,
      ...(nodes > 1 ? { name: 'big' } : {}),
      nodes: names.map((node, index) => ({
        ...R640,
        hardware: 'none',
        node,
        ip: `10.0.${100 + (index >> 8)}.${index & 0xff}`,
      })),
      storages: STORAGES,
      guests: Array.from({ length: guests }, (_, index) => ({
        ...guest(100 + index, names[index % nodes] ?? 'pve1', index % 3 === 2 ? 'lxc' : 'qemu'),
        ...(index % 10 === 9 ? {} : { upMs: (index + 1) * 60_000 }),
      })),
    }),
  );
}

/** What tools for one server are compared by: 30 guests, 5 storages, 8 disks, 2 pools. */
export function homeServer(options: SeedOptions = {}): ProxmoxCluster {
  const [local, ...others] = STORAGES;
  const more = ['iso', 'scratch'].map((storage) => ({ ...(local as StorageSpec), storage }));
  const guests = Array.from({ length: 30 }, (_, index) => ({
    ...guest(100 + index, R640.node, index % 3 === 2 ? 'lxc' : 'qemu'),
    ...(index % 10 === 9 ? {} : { upMs: (index + 1) * 60_000 }),
  }));
  const storages = [local as StorageSpec, ...others, ...more];
  return known(new ProxmoxCluster({ ...options, nodes: [R640], storages, guests, backups: BACKUPS }));
}

const guest = (vmid: number, node: string, type: GuestSpec['type']): GuestSpec => ({
  vmid,
  node,
  type,
  name: `${type === 'qemu' ? 'vm' : 'ct'}-${vmid}`,
  cores: 2,
  memory: 2 * GIB,
  disk: 16 * GIB,
  ...(type === 'qemu' ? { agent: {} } : {}),
});

/** Last night's, of all but the machine that is only played with. */
function nightly(now: number): readonly Archive[] {
  return GUESTS.filter(({ name }) => name !== 'dev-test').map(({ vmid, type, node, disk }) => ({
    ...{ storage: 'backup', vmid, type, node },
    time: Math.floor(now / 1_000) - 8 * 3_600,
    size: Math.floor(disk * 0.31),
  }));
}

function known(cluster: ProxmoxCluster): ProxmoxCluster {
  const { access, chance, clock } = cluster;
  cluster.archives = nightly(clock.now());
  access.addUser(ADMIN);
  access.addUser({ id: 'labkeeper@pve', password: 'labkeeper', acl: { '/': ROLES.operator } });
  access.addToken({ id: OPERATOR_TOKEN, secret: chance.uuid(), acl: { '/': ROLES.operator } });
  access.addToken({ id: AUDITOR_TOKEN, secret: chance.uuid(), acl: { '/': ROLES.auditor } });
  return cluster;
}
