import { counts } from '../../../model/alias.ts';
import { alias } from '../../../model/resource.ts';
import type { DiskRow } from './wire.ts';

/** A disk, as one node sees it. */
export interface SeenDisk {
  readonly node: string;
  readonly row: DiskRow;
  /** Vendor path: the serial, or where it hangs if that is not sure to be its own. */
  readonly path: string;
  /** Its own; undefined: it has none, or others have the same. */
  readonly serial: string | undefined;
}

/** What emulated disks say, each of them. */
const EMULATED = /^(QM\d{5}|drive-[a-z]+\d+)$/i;

/**
 * Which disks there are in a cluster. One that is reached over two cables is listed twice, with one serial and one
 * WWN; bridges of USB cases have one serial and no WWN, whatever lies in them.
 *
 * @param lists what each node lists, those that run first
 * @param holders who had a serial before, by node and path: it goes on being theirs
 */
export function identified(
  lists: ReadonlyMap<string, readonly DiskRow[]>,
  holders: ReadonlyMap<string, string>,
): readonly SeenDisk[] {
  const rows = [...lists].flatMap(([node, disks]) => disks.map((row) => ({ node, row })));
  const bySerial = Map.groupBy(rows, ({ row }) => serialOf(row) ?? '');
  bySerial.delete('');
  const seen: SeenDisk[] = [];
  for (const { node, row } of rows) {
    const serial = serialOf(row);
    const same = serial === undefined ? [] : (bySerial.get(serial) ?? []);
    const holder = same.find((each) => holders.get(serial ?? '') === placeOf(each)) ?? same[0];
    const isHolder = holder?.row === row && holder.node === node;
    const isSameDisk = holder !== undefined && wwnOf(row) !== undefined && wwnOf(row) === wwnOf(holder.row);
    if (serial !== undefined && isHolder) seen.push({ node, row, serial, path: serial.replaceAll('/', '-') });
    else if (!isSameDisk) seen.push({ node, row, serial: undefined, path: `${node}/${nameOf(row)}` });
  }
  return seen;
}

/** Where a disk hangs. */
export const placeOf = ({ node, row }: Pick<SeenDisk, 'node' | 'row'>): string => `${node}/${nameOf(row)}`;

/** undefined: it has none that says which disk it is. */
export function serialOf({ serial }: DiskRow): string | undefined {
  const said = serial?.trim() ?? '';
  return EMULATED.test(said) || !counts(alias('serial', said)) ? undefined : said;
}

/** Without what says how it is written; undefined: it has none. */
export function wwnOf({ wwn }: DiskRow): string | undefined {
  const digits = (wwn ?? '').toLowerCase().replace(/^(0x|eui\.|nvme\.|naa\.)/, '');
  return counts(alias('serial', digits)) ? digits : undefined;
}

/** Its link by what it is, else its path, which may be another's after the next start. */
const nameOf = ({ by_id_link: link, devpath }: DiskRow): string =>
  (link ?? devpath).replace(/^\/dev\/(disk\/by-id\/)?/, '').replaceAll('/', '-');

/**
 * What its vendor calls it, where that is not its serial for udev: of SAS disks udev takes the WWN, and their link may
 * hold the vendor's, as in `scsi-SSEAGATE_ST18000NM019J_ZR5A0001`.
 */
export const vendorSerialOf = ({ by_id_link: link = '' }: DiskRow): string | undefined =>
  /\/scsi-S[^/]*_([A-Za-z0-9-]{6,})$/.exec(link)?.[1];

/** Whether a path in a pool means this disk or a partition of it. */
export function isPathOf(path: string, row: DiskRow): boolean {
  if (path === '') return false;
  const [, inDev] = /^\/dev\/(?!disk\/)(.+)$/.exec(path) ?? [];
  if (inDev !== undefined) return deviceOf(path) === row.devpath;
  const link = path.replace(/^\/dev\/disk\/by-[a-z]+\//, '').replace(/-part\d+$/, '');
  if (row.by_id_link?.endsWith(`/${link}`)) return true;
  const wwn = wwnOf(row);
  const plain = link.toLowerCase();
  if (wwn !== undefined && [`wwn-0x${wwn}`, `scsi-3${wwn}`, `nvme-eui.${wwn}`, `wwn-${wwn}`].includes(plain))
    return true;
  const serial = serialOf(row);
  if (serial === undefined) return false;
  // The last part, or before the number of an NVMe namespace.
  return [plain, plain.replace(/_\d+$/, '')].some(
    (name) => name.endsWith(`_${serial.toLowerCase()}`) || name.endsWith(`-${serial.toLowerCase()}`),
  );
}

/** `/dev/sda3` → `/dev/sda`, `/dev/nvme0n1p3` → `/dev/nvme0n1`. */
const deviceOf = (path: string): string =>
  path.replace(/^(\/dev\/(?:nvme\d+n\d+|cciss\/c\d+d\d+))p\d+$/, '$1').replace(/^(\/dev\/[a-z]+)\d+$/, '$1');
