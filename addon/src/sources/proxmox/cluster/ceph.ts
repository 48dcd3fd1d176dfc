import { asLabError } from '../../../core/errors.ts';
import type { ClusterReader } from '../reader.ts';
import { gib } from '../units.ts';
import type { ClusterReadings } from './map.ts';
import type { CephStatus } from './wire.ts';

/** How Proxmox VE says that there is no Ceph. */
const ABSENT = /binary not installed|not (?:fully )?(?:initialized|configured)|does not exist/i;

/** How Ceph is, where there is one. */
export const clusterCeph: ClusterReader = {
  of: 'cluster',
  what: 'Ceph',
  due: 180,
  read: async ({ client, picture }, signal) => {
    if (!picture.isCluster) return;
    try {
      picture.cluster.tell('ceph', cephOf(await client.get<CephStatus>('/cluster/ceph/status', signal)));
    } catch (thrown) {
      const error = asLabError(thrown);
      if (error.code !== 'source_failed' || !ABSENT.test(error.message)) throw thrown;
      picture.cluster.tell('ceph', {});
    }
  },
};

const WORDS = { HEALTH_OK: 'ok', HEALTH_WARN: 'warning', HEALTH_ERR: 'error' } as const;

export function cephOf({ health, pgmap }: CephStatus): Partial<ClusterReadings> {
  const messages = Object.values(health?.checks ?? {}).map(({ summary }) => summary?.message ?? 'unknown');
  return {
    ceph: WORDS[health?.status as keyof typeof WORDS] ?? null,
    ceph_trouble: messages.join(', ') || 'none',
    ceph_used: gib(pgmap?.bytes_used),
    ceph_total: gib(pgmap?.bytes_total),
  };
}
