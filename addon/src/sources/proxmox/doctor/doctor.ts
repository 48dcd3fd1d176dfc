import type { Finding } from '../../../contract/finding.ts';
import { entryOf, mayAt, type Permissions, type Roles } from '../permissions.ts';
import {
  FEATURES,
  type Feature,
  neededFor,
  privilegesOf,
  ROLE_NAMES,
  type Role,
  roleLine,
  type Scope,
} from './features.ts';

/** What the doctor looks at. */
export interface Patient {
  readonly owner: string;
  /** What the API says of user and token; undefined: it was not read. */
  readonly permissions: Permissions | undefined;
  /** Of the token's user alone; undefined: nobody tells. */
  readonly userPermissions?: Permissions | undefined;
  /** That there are; undefined: nobody tells. */
  readonly roles?: Roles | undefined;
  /** As configured: `user@realm!token`, or a user. */
  readonly account: string;
  readonly guests: readonly number[];
  readonly nodes: readonly string[];
  readonly storages: readonly string[];
  readonly backupStorages: readonly string[];
  /** The main one, as in 9. */
  readonly version: number;
}

/** What a feature lacks. */
export interface Lack {
  readonly feature: Feature;
  readonly privilege: string;
  /** As in `/vms`, or the single ones. */
  readonly paths: readonly string[];
}

const TOP: Readonly<Record<Scope, string>> = {
  cluster: '/',
  guest: '/vms',
  node: '/nodes',
  storage: '/storage',
  'backup storage': '/storage',
};
/** More paths than that are not named one by one. */
const MOST_PATHS = 5;

/**
 * Which features lack which privilege on which path. Somebody who was given single guests only was meant to have those:
 * then nothing else is missed.
 */
export function lacksOf(patient: Patient): readonly Lack[] {
  const { permissions, version } = patient;
  if (permissions === undefined) return [];
  const isNarrow = isNarrowed(permissions);
  return expectedBy(permissions).flatMap((feature) => {
    const top = TOP[feature.scope];
    const paths = pathsOf(feature.scope, patient);
    // Where there is none yet, whoever comes next counts.
    const all = paths.length > 0 ? paths : isNarrow || feature.scope === 'backup storage' ? [] : [top];
    const needed = neededFor(feature, version);
    const lacking = all.filter((path) => !needed.some((privilege) => mayAt(permissions, path, privilege)));
    if (lacking.length === 0) return [];
    const isAll = lacking.length === all.length && !isNarrow;
    return [{ feature, privilege: needed[0], paths: isAll ? [top] : lacking }];
  });
}

/** What user and token lack, for people: one finding for what is not shown, one for what is not offered. */
export function diagnose(patient: Patient): readonly Finding[] {
  const lacks = lacksOf(patient);
  const of = (role: Role): readonly Lack[] => lacks.filter(({ feature }) => feature.role === role);
  const [observe, operate] = [of('observe'), of('operate')];
  return [
    ...(observe.length === 0
      ? []
      : [findingOf(patient, 'observe', observe, 'warning', 'Proxmox VE does not show everything')]),
    ...(operate.length === 0
      ? []
      : [
          findingOf(
            patient,
            'operate',
            operate,
            isHalf(patient, operate) ? 'warning' : 'info',
            'Proxmox VE offers fewer controls than it could',
          ),
        ]),
  ];
}

/** Something is told by half. Who was given nothing of that role is meant to look only, and knows. */
function isHalf({ permissions = {} }: Patient, lacks: readonly Lack[]): boolean {
  const expected = expectedBy(permissions).filter(({ role }) => role === 'operate');
  return lacks.length < expected.length && lacks.some(({ feature }) => feature.half);
}

function findingOf(
  patient: Patient,
  role: Role,
  lacks: readonly Lack[],
  severity: Finding['severity'],
  title: string,
): Finding {
  const { owner, account } = patient;
  const told = lacks.map(
    ({ feature, privilege, paths }) => `${feature.what} (${privilege} at ${shortened(paths)})`,
  );
  const { words, lines } = grants(patient, ROLE_NAMES[role], lacks);
  return {
    key: `rights/${role}`,
    severity,
    about: owner,
    title,
    message: [`${account} may not ${told.join('; may not ')}.`, ...words].join(' '),
    remedy:
      'If that is not how it is meant to be, run these lines as root on a node. A role that is given below / takes the ' +
      'place there of what would be inherited.',
    commands: [...roleLines(patient, role), ...lines],
  };
}

/** Makes the role what it should be, if it is not. */
function roleLines({ roles, version }: Patient, role: Role): readonly string[] {
  const held = roles?.get(ROLE_NAMES[role]);
  if (held === undefined) return [roleLine(role, version)];
  const missing = privilegesOf(role, version).filter((privilege) => !held.includes(privilege));
  return missing.length === 0
    ? []
    : [`pveum role modify ${ROLE_NAMES[role]} --append --privs "${missing.join(' ')}"`];
}

/** Gives the role to whoever lacks it, as far as that is known. */
function grants(
  { account, permissions = {}, userPermissions, version }: Patient,
  role: string,
  lacks: readonly Lack[],
): { readonly words: readonly string[]; readonly lines: readonly string[] } {
  const [user = account, token] = account.split('!');
  const toUser = entriesOf(userPermissions ?? permissions, lacks).map(
    (path) => `pveum acl modify ${quoted(path)} --users ${quoted(user)} --roles ${role}`,
  );
  if (token === undefined) return { words: [], lines: toUser };
  const toToken = entriesOf(permissions, lacks).map(
    (path) => `pveum acl modify ${quoted(path)} --tokens ${quoted(account)} --roles ${role}`,
  );
  if (userPermissions === undefined) {
    const words = ['A token with separated privileges may do what both it and its user may.'];
    return { words, lines: [...toUser, ...toToken] };
  }
  const userLacks = lacks.some(({ feature, paths }) =>
    paths.some((path) =>
      neededFor(feature, version).every((privilege) => !mayAt(userPermissions, path, privilege)),
    ),
  );
  return userLacks
    ? { words: [`Its user, ${user}, lacks rights for it as well.`], lines: [...toUser, ...toToken] }
    : {
        words: [
          `Its user, ${user}, may: the privileges of the token are separated, and it lacks them itself.`,
        ],
        lines: toToken,
      };
}

/** Where a role is to be given so that it counts wherever something is lacking. */
function entriesOf(permissions: Permissions, lacks: readonly Lack[]): readonly string[] {
  const paths = new Set(lacks.flatMap((lack) => lack.paths.map((path) => entryOf(permissions, path))));
  return [...paths].sort();
}

/** What whoever gave these rights may have had in mind. */
const expectedBy = (permissions: Permissions): readonly Feature[] =>
  isNarrowed(permissions) ? FEATURES.filter(({ scope }) => scope === 'guest') : FEATURES;

/** Nothing is held but at single things: there was no intention to show the rest. */
function isNarrowed(permissions: Permissions): boolean {
  const held = Object.keys(permissions).filter((path) => Object.keys(permissions[path] ?? {}).length > 0);
  return held.length > 0 && held.every((path) => /^\/(vms|pool|storage|nodes)\/./.test(path));
}

function pathsOf(scope: Scope, patient: Patient): readonly string[] {
  switch (scope) {
    case 'cluster':
      return ['/'];
    case 'guest':
      return patient.guests.map((vmid) => `/vms/${vmid}`);
    case 'node':
      return patient.nodes.map((node) => `/nodes/${node}`);
    case 'storage':
      return patient.storages.map((storage) => `/storage/${storage}`);
    case 'backup storage':
      return patient.backupStorages.map((storage) => `/storage/${storage}`);
  }
}

const shortened = (paths: readonly string[]): string =>
  paths.length <= MOST_PATHS
    ? paths.join(', ')
    : `${paths.slice(0, MOST_PATHS).join(', ')} and ${paths.length - MOST_PATHS} more`;

/** For a shell: names of users may hold anything. */
const quoted = (text: string): string =>
  /^[\w@./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
