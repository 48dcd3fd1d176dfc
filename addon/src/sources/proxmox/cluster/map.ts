import type { LabResourceOf } from '../../../kinds/index.ts';
import { isRunning } from '../guest/map.ts';
import type { GuestRow } from '../guest/wire.ts';
import { clusterId } from '../ids.ts';
import type { NodeRow } from '../node/wire.ts';

/** @param quorate undefined while unknown */
export function clusterOf(
  owner: string,
  name: string,
  quorate: boolean | undefined,
  nodes: readonly NodeRow[],
  guests: readonly GuestRow[],
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
    },
    facts: { manufacturer: 'Proxmox VE', model: 'Cluster' },
  };
}
