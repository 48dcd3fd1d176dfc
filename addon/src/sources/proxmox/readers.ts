import { permissions } from './access.ts';
import { clusterCeph } from './cluster/ceph.ts';
import { failedTasks } from './cluster/failed-tasks.ts';
import { clusterHa } from './cluster/ha.ts';
import { identity } from './cluster/identity.ts';
import { clusterJobs } from './cluster/jobs.ts';
import { resources } from './cluster/resources.ts';
import { clusterTasks } from './cluster/tasks.ts';
import { diskHealth } from './disk/health.ts';
import { diskList } from './disk/list.ts';
import { agent } from './guest/agent.ts';
import { guestConfig } from './guest/config.ts';
import { interfaces } from './guest/interfaces.ts';
import { snapshots } from './guest/snapshots.ts';
import { nodeCards } from './hardware/cards.ts';
import { nodeExporter } from './node/exporter.ts';
import { nodeHistory } from './node/history.ts';
import { nodeLinks } from './node/links.ts';
import { nodeKernels, nodeUpdates } from './node/packages.ts';
import { nodePapers } from './node/papers.ts';
import { nodeServices } from './node/services.ts';
import { nodeStatus } from './node/status.ts';
import { backupCoverage } from './protection/jobs.ts';
import type { GuestReader, Reader } from './reader.ts';
import { storageContents, thinPools } from './storage/content.ts';
import { zfsPools } from './zfs/status.ts';

/** All that is read again and again. */
export const READERS: readonly Reader[] = [
  resources,
  nodeStatus,
  identity,
  permissions,
  clusterTasks,
  failedTasks,
  clusterJobs,
  clusterHa,
  clusterCeph,
  nodeHistory,
  nodeServices,
  nodeLinks,
  nodePapers,
  nodeKernels,
  nodeUpdates,
  nodeExporter,
  nodeCards,
  storageContents,
  thinPools,
  backupCoverage,
  zfsPools,
  diskList,
  diskHealth,
];

/** All that is read of single guests: the first is known first of all of them. */
export const GUEST_READERS: readonly GuestReader[] = [agent, interfaces, snapshots, guestConfig];
