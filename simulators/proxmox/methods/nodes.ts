import { check, may } from '../access.ts';
import { backup } from '../backup.ts';
import { forbidden } from '../errors.ts';
import { commandNode, type Several, startAll, stopAll } from '../node-power.ts';
import {
  flag,
  isSet,
  numberOf,
  ofNode,
  oneOf,
  optional,
  text,
  textOf,
  type Values,
  whole,
} from '../parameters.ts';
import { certificateRows } from '../views/certificates.ts';
import { nodeStatus } from '../views/node-status.ts';
import { isOn } from '../views/resources.ts';
import { nodeHistory } from '../views/rrd.ts';
import type { Call, Method } from './method.ts';
import { perm } from './method.ts';

const timeframe = oneOf('hour', 'day', 'week', 'month', 'year', 'decade');
const nodeName = ({ values }: Call): string => textOf(values, 'node') ?? '';

export const NODE_METHODS: readonly Method[] = [
  {
    method: 'GET',
    path: '/nodes/{node}/status',
    parameters: ofNode,
    permission: perm('/nodes/{node}', 'Sys.Audit'),
    proxied: true,
    run: (call) => nodeStatus(call.cluster, call.cluster.node(nodeName(call))),
  },
  {
    method: 'POST',
    path: '/nodes/{node}/status',
    parameters: { ...ofNode, command: oneOf('reboot', 'shutdown') },
    permission: perm('/nodes/{node}', 'Sys.PowerMgmt'),
    proxied: true,
    run: (call) => {
      const command = textOf(call.values, 'command');
      commandNode(call.cluster, nodeName(call), command === 'reboot' ? 'reboot' : 'shutdown');
      return null;
    },
  },
  {
    method: 'GET',
    path: '/nodes/{node}/version',
    parameters: ofNode,
    permission: 'all',
    proxied: true,
    run: ({ cluster }) => cluster.version,
  },
  {
    method: 'GET',
    path: '/nodes/{node}/certificates/info',
    parameters: ofNode,
    permission: 'all',
    proxied: true,
    run: (call) => {
      const local = nodeName(call) === 'localhost';
      const node = local ? call.asked : call.cluster.node(nodeName(call));
      return certificateRows(node.certificates, local);
    },
  },
  {
    method: 'GET',
    path: '/nodes/{node}/storage',
    parameters: {
      ...ofNode,
      content: optional(text),
      enabled: optional(flag),
      format: optional(flag),
      storage: optional(text),
      target: optional(text),
    },
    permission: 'all',
    proxied: true,
    run: storages,
  },
  {
    method: 'GET',
    path: '/nodes/{node}/rrddata',
    parameters: { ...ofNode, timeframe, cf: optional(oneOf('AVERAGE', 'MAX')) },
    permission: perm('/nodes/{node}', 'Sys.Audit'),
    run: (call) => {
      const { cluster, values } = call;
      return nodeHistory(cluster, cluster.node(nodeName(call)), textOf(values, 'timeframe') ?? 'hour');
    },
  },
  {
    method: 'POST',
    path: '/nodes/{node}/startall',
    parameters: {
      ...ofNode,
      force: optional(flag),
      'max-workers': optional(whole(1, 64)),
      vms: optional(text),
    },
    permission: 'all',
    proxied: true,
    run: (call) => {
      const { cluster, who, values } = call;
      const how = { ...guestsAsked(call), force: isSet(values, 'force') };
      return startAll(cluster, nodeName(call), who.id, how).upid;
    },
  },
  {
    method: 'POST',
    path: '/nodes/{node}/stopall',
    parameters: {
      ...ofNode,
      'force-stop': optional(flag),
      'max-workers': optional(whole(1, 64)),
      timeout: optional(whole(0, 7_200)),
      vms: optional(text),
    },
    permission: 'all',
    proxied: true,
    run: (call) => {
      const { cluster, who, values } = call;
      const force = values['force-stop'] === undefined || isSet(values, 'force-stop');
      const how = { ...guestsAsked(call), force, timeout: numberOf(values, 'timeout') };
      return stopAll(cluster, nodeName(call), who.id, how).upid;
    },
  },
  {
    method: 'POST',
    path: '/nodes/{node}/vzdump',
    parameters: {
      node: optional(text),
      all: optional(flag),
      bwlimit: optional(whole(0)),
      compress: optional(oneOf('0', '1', 'gzip', 'lzo', 'zstd')),
      dumpdir: optional(text),
      exclude: optional(text),
      'exclude-path': optional({ type: 'array' }),
      fleecing: optional(text),
      ionice: optional(whole(0, 8)),
      'job-id': optional({ type: 'string', maxLength: 50 }),
      lockwait: optional(whole(0)),
      mailnotification: optional(oneOf('always', 'failure')),
      mailto: optional(text),
      maxfiles: optional(whole(1)),
      mode: optional(oneOf('snapshot', 'suspend', 'stop')),
      'notes-template': optional({ type: 'string', maxLength: 1_024 }),
      'notification-mode': optional(oneOf('auto', 'legacy-sendmail', 'notification-system')),
      'pbs-change-detection-mode': optional(oneOf('legacy', 'data', 'metadata')),
      performance: optional(text),
      pigz: optional(whole()),
      pool: optional(text),
      protected: optional(flag),
      'prune-backups': optional(text),
      quiet: optional(flag),
      remove: optional(flag),
      script: optional(text),
      stdexcludes: optional(flag),
      stdout: optional(flag),
      stop: optional(flag),
      stopwait: optional(whole(0)),
      storage: optional(text),
      tmpdir: optional(text),
      vmid: optional(text),
      zstd: optional(whole()),
    },
    permission: 'all',
    proxied: true,
    run: (call) => {
      const { cluster, who, values } = call;
      const vmid = numberOf(values, 'vmid');
      check(who, vmid === undefined ? '/' : `/vms/${vmid}`, ['VM.Backup']);
      const storage = textOf(values, 'storage') ?? 'local';
      check(who, `/storage/${storage}`, ['Datastore.AllocateSpace']);
      return backup(cluster, { node: nodeName(call), user: who.id, storage, vmid }).upid;
    },
  },
];

/** Without the privilege for all of them each has to be named, and allowed. */
function guestsAsked({ who, values }: Call): Several {
  const vms = listOf(values);
  if (may(who, '/', 'VM.PowerMgmt')) return { vms };
  if (vms === undefined) throw forbidden('/, VM.PowerMgmt');
  for (const vmid of vms) check(who, `/vms/${vmid}`, ['VM.PowerMgmt']);
  return { vms };
}

function listOf(values: Values): readonly number[] | undefined {
  const vms = textOf(values, 'vms')
    ?.split(/[\s,;]+/)
    .filter(Boolean);
  return vms === undefined || vms.length === 0 ? undefined : vms.map(Number);
}

function storages(call: Call): unknown {
  const { cluster, who, values } = call;
  const node = nodeName(call);
  const content = textOf(values, 'content')?.split(',');
  const name = textOf(values, 'storage');
  return cluster.storages
    .filter((storage) => isOn(storage, node))
    .filter(({ storage }) => name === undefined || storage === name)
    .filter((each) => content?.some((kind) => each.content.split(',').includes(kind)) ?? true)
    .filter(({ storage }) => may(who, `/storage/${storage}`, 'Datastore.Audit'))
    .map(({ storage, type, content: kinds, total, used, shared }) => ({
      storage,
      type,
      content: kinds,
      active: 1,
      enabled: 1,
      shared: shared === true ? 1 : 0,
      total,
      used,
      avail: total - used,
      used_fraction: used / total,
    }));
}
