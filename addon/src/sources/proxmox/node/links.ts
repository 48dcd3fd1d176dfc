import { slug } from '../../../core/ids.ts';
import { nodePath } from '../ids.ts';
import type { NodeReader } from '../reader.ts';
import type { NodeReadings } from './map.ts';
import type { InterfaceRow } from './wire.ts';

/** Cards, bridges and bonds of the nodes. */
export const nodeLinks: NodeReader = {
  of: 'node',
  what: 'network links of the nodes',
  due: 1_800,
  read: async ({ client, picture }, node, signal) => {
    const rows = await client.list<InterfaceRow>(`${nodePath(node)}/network`, signal);
    picture.nodes.tell(node, 'links', linksOf(rows));
  },
};

const SHOWN = ['eth', 'bond', 'bridge', 'OVSBridge', 'OVSBond'];

/** What shall be up is started with the node, or a port of what is. */
export function linksOf(rows: readonly InterfaceRow[]): Partial<NodeReadings> {
  const wanted = new Set(rows.filter(({ autostart }) => autostart === 1).map(({ iface }) => iface));
  // A set takes in what is added to it while it is gone through: ports of a bond that is the port of a bridge.
  for (const iface of wanted) {
    for (const port of portsOf(rows.find((row) => row.iface === iface))) wanted.add(port);
  }
  const down = rows
    .filter(({ iface, active }) => active !== 1 && wanted.has(iface))
    .map(({ iface }) => iface);
  return {
    links_problem: down.length > 0,
    links_down: down.join(', ') || 'none',
    links: rows
      .filter(({ type }) => SHOWN.includes(type))
      .map((row) => ({
        key: `link_${slug(row.iface)}`,
        title: row.iface,
        up: row.active === 1,
        type: row.type,
        address: row.cidr ?? row.cidr6 ?? null,
        ports: portsOf(row).join(', ') || null,
      })),
  };
}

const portsOf = (row: InterfaceRow | undefined): readonly string[] =>
  `${row?.bridge_ports ?? ''} ${row?.slaves ?? ''} ${row?.ovs_ports ?? ''}`
    .split(/[\s,;]+/)
    .filter((port) => port !== '' && port !== 'none');
