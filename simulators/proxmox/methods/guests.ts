import { check } from '../access.ts';
import { badParameters } from '../errors.ts';
import type { SimGuest } from '../guest.ts';
import { destroy, migrate } from '../moves.ts';
import {
  flag,
  isSet,
  ofGuest,
  ofNode,
  oneOf,
  optional,
  type Parameters,
  text,
  textOf,
  whole,
} from '../parameters.ts';
import { preconditions } from '../preconditions.ts';
import { deleteSnapshot, rollback, snapshot, snapshotRows } from '../snapshot.ts';
import type { GuestType } from '../spec.ts';
import {
  agentExec,
  agentExecStatus,
  agentFileSystems,
  agentInterfaces,
  agentOs,
  checkAgent,
  containerInterfaces,
} from '../views/agent.ts';
import { guestConfig, guestPending } from '../views/guest-config.ts';
import { guestStatus, guestSummary, vmFull } from '../views/guest-status.ts';
import { guestHistory } from '../views/rrd.ts';
import { type Call, guestOf, type Method, perm, sees } from './method.ts';

const ROOT_ONLY = 'Only root may use this option.';

/** Refuses what only `root@pam` itself may ask for. @throws PveError 400 */
export function checkRootOnly({ who, values }: Call, ...names: readonly string[]): void {
  const asked = names.filter((name) => values[name] !== undefined && String(values[name]) !== '0');
  if (asked.length > 0 && !who.root) {
    throw badParameters(Object.fromEntries(asked.map((name) => [name, ROOT_ONLY])));
  }
}

const audit = perm('/vms/{vmid}', 'VM.Audit');
const agent = {
  path: '/vms/{vmid}',
  privileges: ['VM.GuestAgent.Audit', 'VM.GuestAgent.Unrestricted'],
  any: true,
} as const;

type Run = (call: Call, guest: SimGuest) => unknown;

const read = (type: GuestType, path: string, run: Run, more: Parameters = {}): Method => ({
  method: 'GET',
  path: `/nodes/{node}/${type}/{vmid}/${path}`,
  parameters: { ...ofGuest, ...more },
  permission: audit,
  proxied: true,
  run: (call) => run(call, guestOf(call, type)),
});

const viaAgent = (command: string, run: (guest: SimGuest) => unknown): Method => ({
  ...read('qemu', `agent/${command}`, ({ cluster }, guest) => {
    checkAgent(guest, cluster.clock.now());
    return { result: run(guest) };
  }),
  permission: agent,
});

const ofEither = (type: GuestType): readonly Method[] => [
  {
    method: 'GET',
    path: `/nodes/{node}/${type}`,
    parameters: type === 'qemu' ? { ...ofNode, full: optional(flag) } : ofNode,
    permission: 'all',
    proxied: true,
    run: (call) => list(call, type),
  },
  read(type, 'status/current', ({ cluster }, guest) => guestStatus(guest, cluster.clock.now())),
  read(type, 'config', ({ values }, guest) => guestConfig(guest, textOf(values, 'snapshot')), {
    current: optional(flag),
    snapshot: optional({ type: 'string', maxLength: 40 }),
  }),
  read(type, 'pending', (_call, guest) => guestPending(guest)),
  read(type, 'snapshot', (_call, guest) => snapshotRows(guest, String(guestConfig(guest).digest))),
  {
    method: 'GET',
    path: `/nodes/{node}/${type}/{vmid}/rrddata`,
    parameters: {
      ...ofGuest,
      timeframe: oneOf('hour', 'day', 'week', 'month', 'year'),
      cf: optional(oneOf('AVERAGE', 'MAX')),
    },
    permission: audit,
    // Every node keeps everybody's history.
    run: (call) =>
      guestHistory(call.cluster, guestOf(call, type), textOf(call.values, 'timeframe') ?? 'hour'),
  },
  {
    ...read(type, 'snapshot', takeSnapshot, {
      snapname: { type: 'string', maxLength: 40 },
      description: optional(text),
      ...(type === 'qemu' ? { vmstate: optional(flag) } : {}),
    }),
    method: 'POST',
    permission: perm('/vms/{vmid}', 'VM.Snapshot'),
  },
  {
    method: 'DELETE',
    path: `/nodes/{node}/${type}/{vmid}/snapshot/{snapname}`,
    parameters: { ...ofGuest, snapname: { type: 'string', maxLength: 40 }, force: optional(flag) },
    permission: perm('/vms/{vmid}', 'VM.Snapshot'),
    proxied: true,
    run: (call) =>
      deleteSnapshot(call.cluster, guestOf(call, type), call.who.id, textOf(call.values, 'snapname') ?? '')
        .upid,
  },
  {
    method: 'POST',
    path: `/nodes/{node}/${type}/{vmid}/snapshot/{snapname}/rollback`,
    parameters: { ...ofGuest, snapname: { type: 'string', maxLength: 40 }, start: optional(flag) },
    permission: { path: '/vms/{vmid}', privileges: ['VM.Snapshot', 'VM.Snapshot.Rollback'], any: true },
    proxied: true,
    run: (call) => {
      const { cluster, who, values } = call;
      if (isSet(values, 'start')) check(who, `/vms/${values.vmid}`, ['VM.PowerMgmt']);
      const asked = { name: textOf(values, 'snapname') ?? '', start: isSet(values, 'start') };
      return rollback(cluster, guestOf(call, type), who.id, asked).upid;
    },
  },
  {
    method: 'DELETE',
    path: `/nodes/{node}/${type}/{vmid}`,
    parameters: {
      ...ofGuest,
      'destroy-unreferenced-disks': optional(flag),
      purge: optional(flag),
      ...(type === 'qemu' ? { skiplock: optional(flag) } : { force: optional(flag) }),
    },
    permission: perm('/vms/{vmid}', 'VM.Allocate'),
    proxied: true,
    run: (call) => {
      checkRootOnly(call, 'skiplock');
      const { cluster, who, values } = call;
      const asked = { cluster, guest: guestOf(call, type), user: who.id };
      return destroy(asked, { purge: isSet(values, 'purge'), force: isSet(values, 'force') }).upid;
    },
  },
];

export const GUEST_METHODS: readonly Method[] = [
  ...ofEither('qemu'),
  ...ofEither('lxc'),
  {
    ...read('qemu', 'agent/exec', ({ cluster, values }, guest) => {
      checkAgent(guest, cluster.clock.now());
      return agentExec(guest, [values.command].flat().map(String));
    }),
    method: 'POST',
    parameters: {
      ...ofGuest,
      command: { type: 'array' },
      'input-data': optional({ type: 'string', maxLength: 65_536 }),
    },
    permission: perm('/vms/{vmid}', 'VM.GuestAgent.Unrestricted'),
  },
  {
    ...read('qemu', 'agent/exec-status', ({ cluster, values }, guest) => {
      checkAgent(guest, cluster.clock.now());
      return agentExecStatus(guest, Number(values.pid));
    }),
    parameters: { ...ofGuest, pid: whole() },
    permission: perm('/vms/{vmid}', 'VM.GuestAgent.Unrestricted'),
  },
  viaAgent('network-get-interfaces', agentInterfaces),
  viaAgent('get-osinfo', agentOs),
  viaAgent('get-fsinfo', agentFileSystems),
  read('lxc', 'interfaces', (_call, guest) => containerInterfaces(guest)),
  canMigrate('qemu'),
  canMigrate('lxc'),
  migration('qemu', {
    bwlimit: optional(whole(0)),
    force: optional(flag),
    migration_network: optional(text),
    migration_type: optional(oneOf('secure', 'insecure')),
    targetstorage: optional(text),
    'with-conntrack-state': optional(flag),
    'with-local-disks': optional(flag),
  }),
  migration('lxc', {
    bwlimit: optional({ type: 'number', minimum: 0 }),
    restart: optional(flag),
    'target-storage': optional(text),
    timeout: optional(whole()),
  }),
];

function canMigrate(type: GuestType): Method {
  return {
    ...read(type, 'migrate', ({ cluster }, guest) => preconditions(cluster, guest), {
      target: optional(text),
    }),
    permission: perm('/vms/{vmid}', 'VM.Migrate'),
  };
}

function migration(type: GuestType, more: Parameters): Method {
  return {
    method: 'POST',
    path: `/nodes/{node}/${type}/{vmid}/migrate`,
    parameters: { ...ofGuest, target: text, online: optional(flag), ...more },
    permission: perm('/vms/{vmid}', 'VM.Migrate'),
    proxied: true,
    run: (call) => {
      checkRootOnly(call, 'force', 'migration_type', 'migration_network');
      const { cluster, who, values } = call;
      const asked = { cluster, guest: guestOf(call, type), user: who.id };
      const storage = textOf(values, 'targetstorage') ?? textOf(values, 'target-storage');
      return migrate(asked, {
        ...{ target: textOf(values, 'target') ?? '', storage },
        ...{ online: isSet(values, 'online'), restart: isSet(values, 'restart') },
        withLocalDisks: isSet(values, 'with-local-disks'),
      }).upid;
    },
  };
}

function list({ cluster, who, values }: Call, type: GuestType): unknown {
  const now = cluster.clock.now();
  const view = type === 'qemu' && isSet(values, 'full') ? vmFull : guestSummary;
  return cluster
    .guestsOn(String(values.node))
    .filter((guest) => guest.type === type && sees(who, guest))
    .map((guest) => view(guest, now));
}

function takeSnapshot({ cluster, who, values }: Call, guest: SimGuest): unknown {
  const name = textOf(values, 'snapname') ?? '';
  if (!/^[a-z][a-z0-9_-]+$/i.test(name)) {
    throw badParameters({ snapname: `invalid format - invalid configuration ID '${name}'` });
  }
  const request = { name, description: textOf(values, 'description'), vmstate: isSet(values, 'vmstate') };
  return snapshot(cluster, guest, who.id, request).upid;
}
