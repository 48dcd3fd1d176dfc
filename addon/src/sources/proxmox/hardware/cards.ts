import { nodePath } from '../ids.ts';
import type { NodeReadings } from '../node/map.ts';
import type { Desk, NodeReader } from '../reader.ts';

/** A row of `GET /nodes/{node}/hardware/pci`. */
export interface PciRow {
  /** As in `0000:01:00.0`. */
  readonly id: string;
  /** As in `0x030000`. */
  readonly class: string;
  readonly vendor: string;
  readonly device: string;
  readonly vendor_name?: string;
  readonly device_name?: string;
  /** −1: it is in none. */
  readonly iommugroup?: number;
}

/** A row of `GET /cluster/mapping/pci`. */
export interface MappingRow {
  readonly id: string;
  /** As in `path=0000:01:00.0,node=pve1,id=10de:2204`, one for each node. */
  readonly map?: readonly string[];
}

/** Since Proxmox VE 8 there are mappings; who holds one of these sees them. */
const PRIVILEGES = ['Mapping.Audit', 'Mapping.Use', 'Mapping.Modify'];
const HOUR = 3_600;

/** Graphics cards in the nodes' slots, and what stands between them and guests. */
export const nodeCards: NodeReader = {
  of: 'node',
  what: 'graphics cards of the nodes',
  due: 6 * HOUR,
  read: async (desk, node, signal) => {
    // Sys.Audit at the root, and nowhere else: https://pve.proxmox.com/pve-docs/api-viewer/#/nodes/{node}/hardware/pci
    if (!desk.may('/', 'Sys.Audit')) return;
    const rows = await desk.client.list<PciRow>(`${nodePath(node)}/hardware/pci`, signal);
    const hasCards = rows.some(isCard);
    const mappings = hasCards ? await mappingsOf(desk, signal) : null;
    desk.picture.nodes.tell(node, 'cards', hasCards ? { cards: cardsIn(rows, mappings, node) } : {});
  },
};

async function mappingsOf({ client, may }: Desk, signal: AbortSignal): Promise<readonly MappingRow[] | null> {
  const rows = await client.list<MappingRow>('/cluster/mapping/pci', signal);
  // Who may see none gets an empty list, as if there were none.
  const sees = rows.length > 0 || PRIVILEGES.some((privilege) => may('/mapping/pci', privilege));
  return sees ? rows : null;
}

/** Class 03: what makes pictures. */
const isCard = (row: PciRow): boolean => /^0x03/.test(String(row.class));
export const slotOf = (address: string): string => address.replace(/\.[0-9a-f]$/i, '');
const hex = (text: string): string => String(text).replace(/^0x/, '').toLowerCase();

/** @param mappings null: they may not be read */
export function cardsIn(
  rows: readonly PciRow[],
  mappings: readonly MappingRow[] | null,
  node: string,
): NonNullable<NodeReadings['cards']> {
  return rows.filter(isCard).map((row) => {
    const { iommugroup: group } = row;
    const isApart = typeof group === 'number' && group >= 0;
    // Its own sound chip goes with it.
    const mates = rows.filter((each) => each.iommugroup === group && slotOf(each.id) !== slotOf(row.id));
    const named = mappings?.filter(({ map = [] }) => map.some((entry) => names(entry, node, row.id)));
    return {
      key: `card_${row.id.toLowerCase().replaceAll(/[^0-9a-f]+/g, '_')}`,
      title: row.device_name ?? row.vendor_name ?? `${hex(row.vendor)}:${hex(row.device)}`,
      address: row.id,
      device: `${hex(row.vendor)}:${hex(row.device)}`,
      iommu_group: typeof group === 'number' ? group : null,
      mates: isApart ? mates.map(({ device_name: name, id }) => name ?? id).join(', ') || 'none' : null,
      mappings: named === undefined ? null : named.map(({ id }) => id).join(', ') || 'none',
    };
  });
}

/** Whether an entry of a mapping names a card: by its address or the whole slot, perhaps among others. */
function names(entry: string, node: string, address: string): boolean {
  const parts = new Map(
    String(entry)
      .split(',')
      .map((part) => [part.split('=')[0] ?? '', part.slice(part.indexOf('=') + 1)] as const),
  );
  const paths = (parts.get('path') ?? '').split(';');
  return parts.get('node') === node && paths.some((path) => path === address || path === slotOf(address));
}
