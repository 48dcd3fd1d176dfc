import { nodePath } from '../ids.ts';
import type { NodeReader } from '../reader.ts';
import type { NodeReadings } from './map.ts';
import type { ServiceRow } from './wire.ts';

/** Whether the services of Proxmox VE run. Each is a process on the node, so not too often. */
export const nodeServices: NodeReader = {
  of: 'node',
  what: 'services of the nodes',
  due: 900,
  read: async ({ client, picture }, node, signal) => {
    const rows = await client.list<ServiceRow>(`${nodePath(node)}/services`, signal);
    picture.nodes.tell(node, 'services', servicesOf(rows));
  },
};

/** One that is only switched off, or not installed, has not failed. */
export function servicesOf(rows: readonly ServiceRow[]): Partial<NodeReadings> {
  const failed = rows
    // Version 7 has `state` alone.
    .filter((row) => row['active-state'] === 'failed' || row.state === 'failed')
    .map(({ service }) => service);
  return { services_problem: failed.length > 0, services_failed: failed.join(', ') || 'none' };
}
