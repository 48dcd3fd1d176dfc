/** Which of the three documented roles gives it. Each holds what the one before does. */
export type Role = 'observe' | 'operate' | 'provision';

/** What a privilege is for: of the whole cluster, or of each guest, node or storage. */
export type Scope = 'cluster' | 'guest' | 'node' | 'storage' | 'backup storage';

/** Something that Labkeeper shows or does, and what it takes in Proxmox VE. */
export interface Feature {
  readonly key: string;
  /** For people, as the rest of “may not”. */
  readonly what: string;
  readonly role: Role;
  readonly scope: Scope;
  /** One of them is enough; the first is the one to ask for. */
  readonly privileges: readonly [string, ...string[]];
  /** The same for versions before 9, where they differ. */
  readonly before9?: readonly [string, ...string[]];
  /** What of the API demands it, as in `GET /nodes/{node}/status`; where only its code does, that says so. */
  readonly api: readonly string[];
  /** It shows something that is half told, or wrongly, without it. */
  readonly half?: true;
}

const CONTAINER = 'PUT /nodes/{node}/lxc/{vmid}/config';
const guest = (path: string): string => `/nodes/{node}/qemu/{vmid}/${path}`;

/** All that depends on privileges, and that is there for whoever gives them. */
export const FEATURES: readonly Feature[] = [
  {
    key: 'cluster',
    what: 'show the cluster: quorum, high availability, Ceph, backup jobs',
    role: 'observe',
    scope: 'cluster',
    privileges: ['Sys.Audit'],
    api: ['GET /cluster/status', 'GET /cluster/ha/status/current', 'GET /cluster/backup'],
  },
  {
    key: 'hardware',
    what: 'show disks, their health, and ZFS pools',
    role: 'observe',
    scope: 'cluster',
    privileges: ['Sys.Audit'],
    api: ['GET /nodes/{node}/disks/smart', 'GET /nodes/{node}/disks/zfs', 'GET /nodes/{node}/disks/lvmthin'],
  },
  {
    key: 'nodes',
    what: 'show how nodes are: load, memory, services, certificate',
    role: 'observe',
    scope: 'node',
    privileges: ['Sys.Audit'],
    api: ['GET /nodes/{node}/status', 'GET /nodes/{node}/services', 'GET /nodes/{node}/rrddata'],
  },
  {
    key: 'guests',
    what: 'show guests with their configuration and snapshots',
    role: 'observe',
    scope: 'guest',
    privileges: ['VM.Audit'],
    api: [`GET ${guest('config')}`, `GET ${guest('snapshot')}`, 'GET /nodes/{node}/lxc/{vmid}/interfaces'],
  },
  {
    key: 'agent',
    what: 'ask the agents of guests: disks, addresses, system',
    role: 'observe',
    scope: 'guest',
    privileges: ['VM.GuestAgent.Audit', 'VM.GuestAgent.Unrestricted'],
    before9: ['VM.Monitor'],
    api: [`GET ${guest('agent/get-fsinfo')}`],
  },
  {
    key: 'storages',
    what: 'show storages and what lies on them',
    role: 'observe',
    scope: 'storage',
    privileges: ['Datastore.Audit', 'Datastore.AllocateSpace'],
    api: ['GET /nodes/{node}/storage/{storage}/content'],
  },
  {
    key: 'power',
    what: 'start, shut down, restart, suspend and reset guests',
    role: 'operate',
    scope: 'guest',
    privileges: ['VM.PowerMgmt'],
    api: [
      `POST ${guest('status/start')}`,
      `POST ${guest('status/reset')}`,
      `POST ${guest('status/suspend')}`,
    ],
  },
  {
    key: 'snapshot',
    what: 'make snapshots of guests',
    role: 'operate',
    scope: 'guest',
    privileges: ['VM.Snapshot'],
    api: [`POST ${guest('snapshot')}`],
  },
  {
    key: 'backup',
    what: 'back guests up, and see all of their backups',
    role: 'operate',
    scope: 'guest',
    privileges: ['VM.Backup'],
    // `vzdump` and the list of backups look it up themselves.
    api: [],
    half: true,
  },
  {
    key: 'backup-storage',
    what: 'put backups on storages, and see all that are there',
    role: 'operate',
    scope: 'backup storage',
    privileges: ['Datastore.AllocateSpace', 'Datastore.Allocate'],
    // As above.
    api: [],
    half: true,
  },
  {
    key: 'migrate',
    what: 'move guests to another node before maintenance',
    role: 'operate',
    scope: 'guest',
    privileges: ['VM.Migrate'],
    api: [`POST ${guest('migrate')}`],
  },
  {
    key: 'node-power',
    what: 'reboot, shut down and wake nodes',
    role: 'operate',
    scope: 'node',
    privileges: ['Sys.PowerMgmt'],
    api: ['POST /nodes/{node}/status', 'POST /nodes/{node}/wakeonlan'],
  },
];

/** What making and changing guests will take, beside what operating them does. */
export const PROVISION: Readonly<Record<string, readonly string[]>> = {
  'VM.Allocate': [
    `POST ${guest('clone')}`,
    `POST ${guest('template')}`,
    'DELETE /nodes/{node}/qemu/{vmid}',
    'DELETE /nodes/{node}/lxc/{vmid}',
  ],
  'VM.Clone': [`POST ${guest('clone')}`, 'POST /nodes/{node}/lxc/{vmid}/clone'],
  'VM.Config.CDROM': [`PUT ${guest('config')}`],
  'VM.Config.CPU': [`PUT ${guest('config')}`, CONTAINER],
  'VM.Config.Cloudinit': [`PUT ${guest('config')}`],
  'VM.Config.Disk': [`PUT ${guest('resize')}`, CONTAINER],
  'VM.Config.HWType': [`PUT ${guest('config')}`],
  'VM.Config.Memory': [`PUT ${guest('config')}`, CONTAINER],
  'VM.Config.Network': [`PUT ${guest('config')}`, CONTAINER],
  'VM.Config.Options': [`PUT ${guest('config')}`, CONTAINER],
  'VM.Snapshot.Rollback': [`POST ${guest('snapshot/{snapname}/rollback')}`],
  'Datastore.AllocateTemplate': [
    'POST /nodes/{node}/storage/{storage}/upload',
    'POST /nodes/{node}/storage/{storage}/download-url',
    'POST /nodes/{node}/aplinfo',
  ],
  'Pool.Audit': ['GET /pools/{poolid}'],
  // The code that makes a guest looks these two up.
  'SDN.Use': [],
  'Mapping.Use': [],
};

/** A download by address is done by the node, which before 8.2 took the right to change that. */
export const PROVISION_9: Readonly<Record<string, readonly string[]>> = {
  'Sys.AccessNetwork': [
    'POST /nodes/{node}/storage/{storage}/download-url',
    'POST /nodes/{node}/storage/{storage}/oci-registry-pull',
  ],
};

/** The privileges of a role. @param version the main one, as in 9 */
export function privilegesOf(role: Role, version: number): readonly string[] {
  const own = FEATURES.filter((feature) => feature.role === 'observe' || role !== 'observe').map(
    (feature) => neededFor(feature, version)[0],
  );
  const more = role === 'provision' ? { ...PROVISION, ...(version >= 9 && PROVISION_9) } : {};
  return [...new Set([...own, ...Object.keys(more)])].sort();
}

/** Those of which one is enough. @param version the main one */
export const neededFor = (
  { privileges, before9 }: Feature,
  version: number,
): readonly [string, ...string[]] => (version < 9 ? (before9 ?? privileges) : privileges);

/** What the roles are called in what is documented and proposed. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  observe: 'LabkeeperObserve',
  operate: 'LabkeeperOperate',
  provision: 'LabkeeperProvision',
};

/** The line that makes a role. */
export const roleLine = (role: Role, version: number): string =>
  `pveum role add ${ROLE_NAMES[role]} --privs "${privilegesOf(role, version).join(' ')}"`;
