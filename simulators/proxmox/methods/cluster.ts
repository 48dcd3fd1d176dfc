import { may } from '../access.ts';
import { died } from '../errors.ts';
import { oneOf, optional, textOf } from '../parameters.ts';
import { backupRow } from '../views/backup.ts';
import { cephStatus } from '../views/ceph.ts';
import { haStatus } from '../views/ha.ts';
import { replicationJob } from '../views/replication.ts';
import { nodeRow, resourcesOf } from '../views/resources.ts';
import { broadcastTask, who as taskUser } from '../views/task.ts';
import type { Call, Method } from './method.ts';
import { perm } from './method.ts';

/** How many ended tasks each node tells the cluster of. */
const TASKS_TOLD = 25;

export const CLUSTER_METHODS: readonly Method[] = [
  {
    method: 'GET',
    path: '/version',
    parameters: {},
    permission: 'all',
    run: ({ cluster }) => ({ ...cluster.version, console: 'html5' }),
  },
  {
    method: 'GET',
    path: '/cluster/resources',
    parameters: { type: optional(oneOf('vm', 'storage', 'node', 'sdn')) },
    permission: 'all',
    run: ({ cluster, who, values }) => resourcesOf(cluster, who, textOf(values, 'type')),
  },
  {
    method: 'GET',
    path: '/cluster/status',
    parameters: {},
    permission: perm('/', 'Sys.Audit'),
    run: clusterStatus,
  },
  { method: 'GET', path: '/cluster/tasks', parameters: {}, permission: 'all', run: clusterTasks },
  {
    method: 'GET',
    path: '/cluster/ha/status/current',
    parameters: {},
    permission: perm('/', 'Sys.Audit'),
    run: ({ cluster }) => haStatus(cluster),
  },
  {
    method: 'GET',
    path: '/cluster/backup',
    parameters: {},
    permission: perm('/', 'Sys.Audit'),
    run: ({ cluster }) => cluster.backups.map((job) => backupRow(job, cluster.clock.now())),
  },
  {
    method: 'GET',
    path: '/cluster/replication',
    parameters: {},
    permission: 'all',
    run: ({ cluster, who }) =>
      cluster.replications.filter(({ guest }) => may(who, `/vms/${guest}`, 'VM.Audit')).map(replicationJob),
  },
  {
    method: 'GET',
    path: '/cluster/ceph/status',
    parameters: {},
    permission: { path: '/', privileges: ['Sys.Audit', 'Datastore.Audit'], any: true },
    run: ({ cluster }) => {
      if (cluster.ceph === undefined) throw died('binary not installed: /usr/bin/ceph');
      return cephStatus(cluster.ceph);
    },
  },
  {
    method: 'GET',
    path: '/nodes',
    parameters: {},
    permission: 'all',
    run: ({ cluster, who }) =>
      cluster.nodes.map((node) => ({
        ...nodeRow(cluster, node, who),
        ...(node.fingerprint === undefined ? {} : { ssl_fingerprint: node.fingerprint }),
      })),
  },
];

function clusterStatus({ cluster, asked }: Call): unknown {
  const rows = cluster.nodes.map(({ name, number, online, spec }) => ({
    type: 'node',
    id: `node/${name}`,
    name,
    // In no cluster nobody has a number.
    nodeid: cluster.name === undefined ? 0 : number,
    ip: spec.ip,
    online: online ? 1 : 0,
    local: name === asked.name ? 1 : 0,
    level: '',
  }));
  if (cluster.name === undefined) return rows;
  const { name, nodes, quorate } = cluster;
  const about = {
    type: 'cluster',
    id: 'cluster',
    name,
    nodes: nodes.length,
    version: 4,
    quorate: quorate ? 1 : 0,
  };
  return [about, ...rows];
}

function clusterTasks({ cluster, who }: Call): unknown {
  const all = may(who, '/', 'Sys.Audit');
  return cluster.nodes.flatMap(({ name }) => {
    const tasks = cluster.tasks.all.filter(({ about }) => about.node === name);
    const ended = tasks.filter(({ running }) => !running).slice(0, TASKS_TOLD);
    return [...tasks.filter(({ running }) => running), ...ended]
      .filter(({ about }) => all || taskUser(about.user).user === who.id)
      .map(broadcastTask);
  });
}
