import { check, heldAt } from '../access.ts';
import { optional, type Parameter, text, textOf } from '../parameters.ts';
import type { Call, Method } from './method.ts';

const short: Parameter = { type: 'string', maxLength: 64 };

export const ACCESS_METHODS: readonly Method[] = [
  {
    method: 'POST',
    path: '/access/ticket',
    parameters: {
      username: short,
      password: text,
      realm: optional({ type: 'string', maxLength: 32 }),
      otp: optional(text),
      path: optional(short),
      privs: optional(short),
      'new-format': optional({ type: 'boolean' }),
      'tfa-challenge': optional(text),
    },
    permission: 'world',
    run: login,
  },
  {
    method: 'GET',
    path: '/access/permissions',
    parameters: { path: optional(text), userid: optional(text) },
    permission: 'all',
    run: permissions,
  },
  {
    method: 'GET',
    path: '/access/roles',
    parameters: {},
    permission: 'all',
    run: ({ cluster }) =>
      [...cluster.access.roles].map(([roleid, privs]) => ({
        ...{ roleid, privs: privs.join(',') },
        special: ['PVEAuditor', 'NoAccess'].includes(roleid) ? 1 : 0,
      })),
  },
  {
    method: 'GET',
    path: '/access/domains',
    parameters: {},
    permission: 'world',
    run: () => [
      { realm: 'pam', type: 'pam', comment: 'Linux PAM standard authentication', default: 1 },
      { realm: 'pve', type: 'pve', comment: 'Proxmox VE authentication server' },
    ],
  },
];

function login({ cluster, values }: Call): unknown {
  const realm = textOf(values, 'realm');
  const name = textOf(values, 'username') ?? '';
  const userId = realm === undefined ? name : `${name}@${realm}`;
  const ticket = cluster.access.login(userId, textOf(values, 'password') ?? '');
  return {
    ...ticket,
    cap: { vms: {}, storage: {}, nodes: {}, dc: {}, access: {}, sdn: {}, mapping: {} },
    ...(cluster.name === undefined ? {} : { clustername: cluster.name }),
  };
}

/** What a user may at all, by path; 1: also below it. */
function permissions({ cluster, who, values }: Call): unknown {
  const userId = textOf(values, 'userid');
  // One's own tokens may be asked about; a token may not ask about its user.
  const isOwn = userId === undefined || userId === who.id || userId.startsWith(`${who.id}!`);
  if (!isOwn) check(who, '/access', ['Sys.Audit']);
  const rights = userId === undefined ? who : cluster.access.rightsOf(userId);
  const path = textOf(values, 'path');
  const listed = [rights.acl, rights.limit ?? {}].flatMap((acl) => (acl === 'all' ? [] : Object.keys(acl)));
  const pooled = cluster.guests.flatMap(({ vmid, spec: { pool } }) =>
    pool === undefined ? [] : [`/pool/${pool}`, `/vms/${vmid}`],
  );
  const paths = path === undefined ? [...new Set([...TOP, ...listed, ...pooled])] : [path];
  return Object.fromEntries(
    paths.flatMap((each) => {
      const all = heldAt(rights, each);
      const held = all === 'all' ? EVERYTHING : [...all];
      // Where nothing is held nothing is said.
      return held.length === 0 && path === undefined
        ? []
        : [[each, Object.fromEntries(held.map((privilege) => [privilege, 1]))]];
    }),
  );
}

/** Paths that are listed in any case. */
const TOP = ['/', '/access', '/access/groups', '/nodes', '/pool', '/sdn', '/storage', '/vms'];

const EVERYTHING = [
  ...['Allocate', 'Audit', 'Backup', 'Clone', 'Console', 'Migrate', 'PowerMgmt', 'Snapshot'].map(
    (it) => `VM.${it}`,
  ),
  ...['VM.Config.Disk', 'VM.Config.Options', 'VM.GuestAgent.Audit', 'VM.GuestAgent.Unrestricted'],
  ...['Sys.Audit', 'Sys.Modify', 'Sys.PowerMgmt', 'Sys.Syslog', 'Pool.Audit', 'SDN.Audit'],
  ...['Datastore.Allocate', 'Datastore.AllocateSpace', 'Datastore.Audit', 'Permissions.Modify'],
];
