import { may } from '../access.ts';
import { badParameters } from '../errors.ts';
import { boot } from '../node-power.ts';
import { ofNode, oneOf, optional, textOf, whole } from '../parameters.ts';
import {
  networkRows,
  packageVersions,
  pendingUpdates,
  services,
  subscription,
} from '../views/node-condition.ts';
import { replicationState } from '../views/replication.ts';
import type { Call, Method } from './method.ts';
import { perm } from './method.ts';

const nodeOf = ({ cluster, values }: Call) => cluster.node(textOf(values, 'node') ?? '');

const audited = {
  method: 'GET',
  parameters: ofNode,
  permission: perm('/nodes/{node}', 'Sys.Audit'),
  proxied: true,
} as const;
const open = { ...audited, permission: 'all' } as const;

const INTERFACES = [
  'bridge',
  'bond',
  'eth',
  'alias',
  'vlan',
  'fabric',
  'OVSBridge',
  'OVSBond',
  'OVSPort',
  'OVSIntPort',
];
const CHOICES = ['vnet', 'any_bridge', 'any_local_bridge', 'include_sdn'];

export const NODE_CONDITION_METHODS: readonly Method[] = [
  { ...open, path: '/nodes/{node}/subscription', run: (call) => subscription(nodeOf(call)) },
  { ...audited, path: '/nodes/{node}/services', run: (call) => services(call.cluster, nodeOf(call)) },
  {
    ...audited,
    path: '/nodes/{node}/apt/update',
    permission: perm('/nodes/{node}', 'Sys.Modify'),
    run: (call) => pendingUpdates(nodeOf(call)),
  },
  {
    ...audited,
    path: '/nodes/{node}/apt/versions',
    run: (call) => packageVersions(call.cluster, nodeOf(call)),
  },
  {
    ...open,
    path: '/nodes/{node}/network',
    parameters: { ...ofNode, type: optional(oneOf(...INTERFACES, ...CHOICES)) },
    run: (call) => {
      const type = textOf(call.values, 'type') ?? '';
      const rows = networkRows(nodeOf(call));
      if (type === 'any_bridge') return rows.filter((row) => /bridge/i.test(String(row.type)));
      return type === '' ? rows : rows.filter((row) => row.type === type);
    },
  },
  {
    ...open,
    path: '/nodes/{node}/replication',
    parameters: { ...ofNode, guest: optional(whole(100, 999_999_999)) },
    run: replications,
  },
  {
    method: 'POST',
    path: '/nodes/{node}/wakeonlan',
    parameters: ofNode,
    permission: perm('/nodes/{node}', 'Sys.PowerMgmt'),
    run: wake,
  },
];

function replications(call: Call): unknown {
  const { cluster, who } = call;
  const node = nodeOf(call).name;
  return cluster.replications.flatMap((job) => {
    const guest = cluster.guest(job.guest);
    if (guest?.node !== node || !may(who, `/vms/${job.guest}`, 'VM.Audit')) return [];
    return [replicationState(job, guest, cluster.clock.now())];
  });
}

function wake(call: Call): unknown {
  const { cluster, asked } = call;
  const node = nodeOf(call);
  if (node.name === asked.name)
    throw badParameters({ node: `'${node.name}' is local node, cannot wake my self!` });
  const { mac } = node.condition;
  if (mac === undefined) {
    throw badParameters({ wakeonlan: `No wake on LAN MAC address defined for '${node.name}'!` });
  }
  if (!node.online) {
    node.cancelPower();
    node.cancelPower = cluster.clock.after(node.bootMs, () => boot(cluster, node.name));
  }
  return mac;
}
