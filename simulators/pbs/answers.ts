import type { BackupServer, SimDatastore, SimJob, SimSnapshot } from './backup-server.ts';

/** What the server refuses, with the plain text that it puts into the body. */
export class PbsRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Roles by path, as in an access list; each holds below its path as well. */
export type Acl = Readonly<Record<string, readonly Role[]>>;
export type Role = keyof typeof ROLES;

/** https://pbs.proxmox.com/docs/user-management.html#access-roles, as far as reading goes. */
const ROLES = {
  Admin: [
    'Sys.Audit',
    'Sys.Modify',
    'Datastore.Audit',
    'Datastore.Modify',
    'Datastore.Read',
    'Datastore.Backup',
  ],
  Audit: ['Sys.Audit', 'Datastore.Audit'],
  DatastoreAudit: ['Datastore.Audit'],
  DatastoreBackup: ['Datastore.Backup'],
  NoAccess: [],
} as const;

export interface Asked {
  readonly server: BackupServer;
  readonly acl: Acl;
  /** Below `/api2/json`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly fingerprint: string;
}

/** What `data` holds. @throws PbsRefusal */
export function dataOf(asked: Asked): unknown {
  const { server, path, acl } = asked;
  const [, name = '', what = ''] = /^\/admin\/datastore\/([^/]+)\/(\w+)$/.exec(path) ?? [];
  if (name !== '') return ofDatastore(asked, decodeURIComponent(name), what);
  const visible = server.datastores.filter((each) => sees(acl, each.name));
  switch (path) {
    case '/version':
      return server.version;
    case '/access/permissions':
      return permissionsOf(acl, server);
    case '/nodes/localhost/status':
      demand(acl, '/system/status', 'Sys.Audit');
      return statusOf(asked);
    case '/nodes/localhost/subscription':
      return { status: 'notfound', ...(server.serverid !== undefined && { serverid: server.serverid }) };
    case '/nodes/localhost/tasks':
      return tasksOf(asked);
    case '/status/datastore-usage':
      return visible.map((each) => usageOf(server, each, privileges(acl, `/datastore/${each.name}`)));
    case '/admin/datastore':
      return visible.map(({ name: store, comment, maintenance }) => ({
        store,
        ...(comment !== undefined && { comment }),
        ...(maintenance !== undefined && { maintenance }),
      }));
    case '/admin/gc':
    case '/admin/verify':
    case '/admin/prune':
    case '/admin/sync':
      return visible
        .filter((each) => privileges(acl, `/datastore/${each.name}`).has('Datastore.Audit'))
        .flatMap((each) =>
          each.jobs.filter(({ kind }) => path.endsWith(kind)).map((job) => jobOf(each, job)),
        );
    default:
      throw new PbsRefusal(404, `Path '${path}' not found.`);
  }
}

function ofDatastore({ server, acl, query }: Asked, name: string, what: string): unknown {
  if (!sees(acl, name))
    throw new PbsRefusal(403, `permission check failed - missing Datastore.Audit on /datastore/${name}`);
  const store = server.datastores.find((each) => each.name === name);
  if (store === undefined) throw new PbsRefusal(400, `no such datastore '${name}'`);
  if (store.error !== undefined) throw new PbsRefusal(400, store.error);
  if (store.maintenance?.includes('offline')) {
    throw new PbsRefusal(400, `datastore '${name}' is unavailable: datastore is in offline maintenance mode`);
  }
  if (what === 'namespace') return [...store.namespaces.keys()].map((ns) => ({ ns }));
  if (what !== 'snapshots') throw new PbsRefusal(404, `Path not found.`);
  const namespace = query.get('ns') ?? '';
  const held = store.namespaces.get(namespace);
  if (held === undefined) throw new PbsRefusal(400, `namespace '${namespace}' does not exist`);
  // Who may only back up sees what is theirs: nothing of this.
  const mine = privileges(acl, `/datastore/${name}`).has('Datastore.Audit') ? held : [];
  return mine.map(snapshotOf);
}

const snapshotOf = (snapshot: SimSnapshot): object => ({
  'backup-type': snapshot.type,
  'backup-id': snapshot.id,
  'backup-time': snapshot.time,
  owner: 'pve@pbs!cluster',
  protected: false,
  ...(snapshot.comment !== undefined && { comment: snapshot.comment }),
  ...(snapshot.size !== undefined && { size: snapshot.size }),
  ...(snapshot.state !== undefined && { verification: { upid: 'UPID:pbs:verify:', state: snapshot.state } }),
  files: [
    {
      filename: 'drive-scsi0.img.fidx',
      'crypt-mode': snapshot.encrypted ? 'encrypt' : 'none',
      size: snapshot.size,
    },
    { filename: 'index.json.blob', 'crypt-mode': snapshot.encrypted ? 'sign-only' : 'none', size: 512 },
  ],
});

const jobOf = (store: SimDatastore, { kind, id, schedule, state, ended, upid }: SimJob): object => ({
  store: store.name,
  schedule,
  ...(id !== undefined && { id }),
  ...(kind === 'sync' && { remote: 'friend', 'remote-store': 'lab' }),
  ...(state !== undefined && { 'last-run-state': state }),
  ...(ended !== undefined && { 'last-run-endtime': ended, 'next-run': ended + 86_400 }),
  ...(upid !== undefined && { 'last-run-upid': upid }),
});

function usageOf(server: BackupServer, store: SimDatastore, held: ReadonlySet<string>): object {
  const base = { store: store.name, 'mount-status': 'nonremovable' };
  // Who may only back up is shown that there is one.
  if (!held.has('Datastore.Audit')) return base;
  if (store.error !== undefined) return { ...base, error: store.error };
  if (store.maintenance?.includes('offline')) {
    return {
      ...base,
      error: `datastore '${store.name}' is unavailable: datastore is in offline maintenance mode`,
    };
  }
  return {
    ...base,
    ...{ total: store.total, used: store.used, avail: store.total - store.used },
    history: [0.28, 0.29, null, 0.3],
    'history-start': server.now - 2_592_000,
    'history-delta': 648_000,
    'estimated-full-date': server.now + 400 * 86_400,
    'gc-status': {
      'index-file-count': 56,
      'index-data-bytes': store.used * 14,
      'disk-bytes': store.used,
      'disk-chunks': 412_000,
      'removed-bytes': 5_368_709_120,
      'removed-chunks': 1_300,
      'pending-bytes': 1_073_741_824,
      'pending-chunks': 260,
      'removed-bad': 0,
      'still-bad': 0,
    },
  };
}

const statusOf = ({ server, fingerprint }: Asked): object => ({
  cpu: 0.034,
  wait: 0.002,
  uptime: Math.floor((server.clock.now() - server.booted) / 1_000),
  loadavg: [0.12, 0.1, 0.08],
  memory: { total: 8_589_934_592, used: 2_147_483_648, free: 6_442_450_944 },
  swap: { total: 0, used: 0, free: 0 },
  root: { total: 34_359_738_368, used: 6_871_947_674, avail: 27_487_790_694 },
  kversion: 'Linux 6.14.8-2-pve',
  'current-kernel': { sysname: 'Linux', release: '6.14.8-2-pve', version: '#1 SMP', machine: 'x86_64' },
  cpuinfo: { model: 'Intel(R) N100', sockets: 1, cpus: 4 },
  info: { fingerprint },
  'boot-info': { mode: 'efi', secureboot: false },
});

/** The newest first, as the real one lists them. */
function tasksOf({ server, acl, query }: Asked): readonly object[] {
  const all = privileges(acl, '/system/tasks').has('Sys.Audit') ? server.tasks : [];
  const since = Number(query.get('since') ?? 0);
  const wanted = all.filter(
    ({ started, status }) =>
      started >= since && (query.get('errors') !== '1' || (status !== undefined && status !== 'OK')),
  );
  return wanted
    .toReversed()
    .slice(0, Number(query.get('limit') ?? 50))
    .map(({ upid, type, id, started, ended, status }) => ({
      ...{ upid, node: 'pbs', pid: 700, pstart: 9_000, starttime: started, worker_type: type },
      ...{ worker_id: id, user: 'root@pam' },
      ...(ended !== undefined && { endtime: ended }),
      ...(status !== undefined && { status }),
    }));
}

/** What holds at a path: of the nearest one at or above it that is in the access list. */
export function privileges(acl: Acl, path: string): ReadonlySet<string> {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/')) || '/') {
    const roles = acl[at];
    if (roles !== undefined) return new Set(roles.flatMap((role) => ROLES[role] as readonly string[]));
    if (at === '/') return new Set();
  }
}

const sees = (acl: Acl, store: string): boolean => {
  const held = privileges(acl, `/datastore/${store}`);
  return held.has('Datastore.Audit') || held.has('Datastore.Backup');
};

function demand(acl: Acl, path: string, privilege: string): void {
  if (!privileges(acl, path).has(privilege)) {
    throw new PbsRefusal(403, `permission check failed - missing ${privilege} on ${path}`);
  }
}

function permissionsOf(acl: Acl, server: BackupServer): object {
  const paths = ['/', '/datastore', '/system', ...server.datastores.map(({ name }) => `/datastore/${name}`)];
  const all = new Set([...paths, ...Object.keys(acl)]);
  const listed = [...all].map((path) => [
    path,
    Object.fromEntries([...privileges(acl, path)].map((privilege) => [privilege, true])),
  ]);
  return Object.fromEntries(listed.filter(([, held]) => Object.keys(held as object).length > 0));
}
