import type { LabResourceOf } from '../../../kinds/index.ts';
import { type Alias, alias } from '../../../model/resource.ts';
import { diskId, nodeId, poolId } from '../ids.ts';
import { gib } from '../units.ts';
import { type SeenDisk, vendorSerialOf, wwnOf } from './identity.ts';
import type { Smart } from './smart.ts';
import type { DiskRow } from './wire.ts';

export type DiskResource = LabResourceOf<'disk'>;

export interface DiskKnowledge {
  readonly owner: string;
  /** Its node runs. */
  readonly available: boolean;
  /** undefined: not read. */
  readonly smart: Smart | undefined;
  /** Name of the pool that it is in, on its node. */
  readonly pool: string | undefined;
}

export function diskOf(disk: SeenDisk, known: DiskKnowledge): DiskResource {
  const { node, row, path, serial } = disk;
  const { owner, available, smart, pool } = known;
  const size = gib(Number.isFinite(Number(row.size)) ? Number(row.size) : undefined);
  const vendor = vendorOf(row);
  return {
    id: diskId(owner, path),
    kind: 'disk',
    name: nameOf(row, serial),
    parent: nodeId(owner, node),
    available,
    aliases: aliasesOf(disk),
    ...(pool !== undefined && { links: [{ type: 'member_of', to: poolId(owner, node, pool) }] }),
    readings: {
      problem: smart?.failing ?? null,
      ...(smart?.health !== undefined && { health: smart.health }),
      ...(smart?.lifeLeft !== undefined && isSolid(row) && { life_left: smart.lifeLeft }),
      ...(smart?.temperature !== undefined && { temperature: smart.temperature }),
      ...(smart?.hours !== undefined && { power_on_hours: smart.hours }),
      ...(smart?.cycles !== undefined && { power_cycles: smart.cycles }),
      ...(smart?.losses !== undefined && { power_losses: smart.losses }),
      size,
      pool: pool ?? 'none',
    },
    facts: {
      ...(vendor !== undefined && { manufacturer: vendor }),
      model: modelOf(row) ?? 'Disk',
      ...(serial !== undefined && { serial }),
      media: mediaOf(row),
      // Of disks without parts that turn it is 0, and negative where udev does not know it.
      ...(Number(row.rpm) > 0 && { rpm: Number(row.rpm) }),
      device: row.devpath,
      ...(row.used !== undefined && { used: row.used }),
      ...(said(row.wwn) !== undefined && { wwn: row.wwn }),
    },
  };
}

/** A RAID controller's, or an emulated one: what lies behind it is not to be seen from here. */
export const isVirtual = ({ model = '', vendor = '' }: DiskRow): boolean =>
  /\b(PERC|MegaRAID|RAID|ServeRAID|SmartArray|LOGICAL[ _]VOLUME|Virtual[ _]Dis[ck]|VDISK)\b|^QEMU/i.test(
    `${model} ${vendor}`.replaceAll('_', ' '),
  ) || /^QEMU/i.test(vendor);

/** Without parts that turn: it has writes that it is made for, and wakes nobody. */
export const isSolid = ({ type }: DiskRow): boolean => type === 'ssd' || type === 'nvme';

/** A serial of a virtual disk is its controller's own. Management controllers know drives by their WWN as well. */
function aliasesOf({ row, serial }: SeenDisk): readonly Alias[] {
  const others = serial === undefined || isVirtual(row) ? [] : [vendorSerialOf(row), wwnOf(row)];
  return [
    ...new Set([serial, ...others].flatMap((each) => (each === undefined ? [] : [alias('serial', each)]))),
  ];
}

/** udev writes spaces as underscores. */
function modelOf({ model }: DiskRow): string | undefined {
  return said(model?.replaceAll('_', ' '));
}

/** Of SATA disks the bus stands there, which says nothing. */
function vendorOf({ vendor, model = '' }: DiskRow): string | undefined {
  const name = said(vendor);
  if (name !== undefined && !/^(ATA|NVMe|USB|0x[0-9a-f]+)$/i.test(name)) return name;
  return /^(Samsung|Intel|Micron|Crucial|Kingston|KIOXIA|Toshiba|Seagate|WDC|Hitachi|HGST|SanDisk)[ _]/i.exec(
    model,
  )?.[1];
}

/** Two of one model are told apart by the end of their serials. */
function nameOf(row: DiskRow, serial: string | undefined): string {
  const model = modelOf(row) ?? 'Disk';
  const end = serial?.slice(-4) ?? row.devpath.replace(/^\/dev\//, '');
  return `${model} (${end})`;
}

function mediaOf(row: DiskRow): string {
  if (isVirtual(row)) return 'virtual disk';
  const { type } = row;
  if (type === 'nvme') return 'NVMe';
  if (type === 'ssd') return 'SSD';
  if (type === 'usb') return 'USB';
  // udev knows how fast SATA disks turn, and not SAS ones.
  return type === 'hdd' ? 'HDD' : 'HDD (SAS)';
}

function said(text: string | undefined): string | undefined {
  const plain = text?.replaceAll(/\s+/g, ' ').trim() ?? '';
  return plain === '' || /^(unknown|n\/?a|none)$/i.test(plain) ? undefined : plain;
}
