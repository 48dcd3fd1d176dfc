import type { ClusterReader } from '../reader.ts';
import { backupJobs } from './backup-jobs.ts';
import { replicationJobs } from './replications.ts';

/** Backup and replication jobs: when they run next, and how they went. */
export const clusterJobs: ClusterReader = {
  of: 'cluster',
  what: 'backup and replication jobs',
  due: 600,
  read: async (desk, signal) => {
    const jobs = [...(await backupJobs(desk, signal)), ...(await replicationJobs(desk, signal))];
    desk.picture.work.tell('jobs', { jobs });
  },
};
