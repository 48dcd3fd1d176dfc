import type { LabResourceOf } from '../../../kinds/index.ts';
import { isRunning } from '../guest/map.ts';
import type { GuestRow } from '../guest/wire.ts';
import { clusterId } from '../ids.ts';
import type { NodeRow } from '../node/wire.ts';

export type ClusterReadings = LabResourceOf<'cluster'>['readings'];

/**
 * @param quorate undefined while unknown
 * @param told what readers found out beside that
 */
export function clusterOf(
  owner: string,
  name: string,
  quorate: boolean | undefined,
  nodes: readonly NodeRow[],
  guests: readonly GuestRow[],
  told: Partial<ClusterReadings>,
): LabResourceOf<'cluster'> {
  return {
    id: clusterId(owner),
    kind: 'cluster',
    name,
    available: true,
    readings: {
      quorum: quorate ?? null,
      nodes_online: nodes.filter(({ status }) => status === 'online').length,
      nodes: nodes.length,
      guests_running: guests.filter(isRunning).length,
      guests: guests.length,
      ...told,
    },
    facts: { manufacturer: 'Proxmox VE', model: 'Cluster' },
  };
}
