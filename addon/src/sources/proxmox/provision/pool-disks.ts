import type { Check } from '../../../contract/step.ts';
import { isPathOf, serialOf, wwnOf } from '../disk/identity.ts';
import { isVirtual } from '../disk/map.ts';
import type { DiskRow } from '../disk/wire.ts';
import type { GuestConfig, GuestRow } from '../guest/wire.ts';
import { guestPath, nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { gibText } from './space.ts';
import { guestRows } from './vmids.ts';

/** As PVE::Diskmanage lists it; a disk's own word costs waking it. */
export interface WholeDisk extends DiskRow {
  readonly mounted?: number;
  /** −1: none. */
  readonly osdid?: number | string;
}

/** A disk that is to be in a pool. */
export interface ChosenDisk {
  /** As it was asked for: serial or WWN. */
  readonly named: string;
  /** By what it is, where udev has such a link. */
  readonly path: string;
  readonly bytes: number;
}

/** A disk of a guest that is one of the node's, passed on as it is: `/dev/…` in a configuration. */
interface RawDisk {
  readonly guest: string;
  readonly path: string;
}

/** What tells whether disks may be used: all that the node has, who else sees them, and who has them raw. */
export interface DiskView {
  readonly rows: readonly WholeDisk[];
  readonly raw: readonly RawDisk[];
  /** Serials and WWNs that other nodes see. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

export async function diskView(desk: Desk, node: string, signal: AbortSignal): Promise<DiskView> {
  const rows = await desk.client.list<WholeDisk>(`${nodePath(node)}/disks/list`, signal);
  const elsewhere = new Map<string, string>();
  for (const other of desk.picture.nodes.online) {
    if (other === node) continue;
    const path = `${nodePath(other)}/disks/list?skipsmart=1`;
    for (const row of await desk.client.list<WholeDisk>(path, signal))
      for (const name of namesOf(row)) elsewhere.set(name, other);
  }
  const guests = (await guestRows(desk, signal)).filter((guest) => guest.node === node);
  const raw = await Promise.all(guests.map((guest) => rawDisks(desk, guest, signal)));
  return { rows, raw: raw.flat(), elsewhere };
}

async function rawDisks({ client }: Desk, guest: GuestRow, signal: AbortSignal): Promise<readonly RawDisk[]> {
  const config = await client.get<GuestConfig>(`${guestPath(guest)}/config`, signal);
  return Object.values(config).flatMap((value) => {
    const [path = ''] = String(value ?? '').split(',');
    return path.startsWith('/dev/') ? [{ guest: guest.name ?? `${guest.vmid}`, path }] : [];
  });
}

const namesOf = (row: DiskRow): readonly string[] =>
  [serialOf(row), wwnOf(row)].flatMap((name) => (name === undefined ? [] : [name.toLowerCase()]));

/** Finds disks by what they are, and says of each what keeps it from being used. */
export function chooseDisks(
  named: readonly string[],
  view: DiskView,
): { readonly disks: readonly ChosenDisk[]; readonly checks: readonly Check[] } {
  const disks: ChosenDisk[] = [];
  const checks = named.map((wanted): Check => {
    const plain = wanted.toLowerCase().replace(/^(0x|eui\.|nvme\.|naa\.)/, '');
    const found = view.rows.filter(
      (row) => namesOf(row).includes(plain) || namesOf(row).includes(wanted.toLowerCase()),
    );
    const [row] = found;
    const name = `Disk ${wanted}`;
    if (row === undefined)
      return {
        name,
        ok: false,
        message: 'the node has no such disk',
        hint: 'its disks: GET api/lab, or Disks of the node',
      };
    const path = row.by_id_link ?? row.devpath;
    const problems = [
      ...(found.length > 1
        ? [`it is seen twice: ${found.map(({ devpath }) => devpath).join(', ')} (multipath?)`]
        : []),
      ...(disks.some((disk) => disk.path === path) ? ['it is named twice'] : []),
      ...problemsOf(row, view),
    ];
    disks.push({ named: wanted, path, bytes: Number(row.size ?? 0) });
    const about = `${row.devpath}, ${(row.model ?? 'of unknown make').replaceAll('_', ' ')}, ${gibText(Number(row.size ?? 0))}`;
    return problems.length === 0
      ? { name, ok: true, message: about }
      : { name, ok: false, message: `${about}: ${problems.join('; ')}`, hint: HINT };
  });
  return { disks, checks };
}

const HINT =
  'take another one; to use it all the same, empty it on the node by hand: nothing is wiped from here';

function problemsOf(row: WholeDisk, { raw, elsewhere }: DiskView): readonly string[] {
  const health = row.health ?? 'UNKNOWN';
  const holder = raw.find(({ path }) => isPathOf(path, row))?.guest;
  const other = namesOf(row).flatMap((name) => elsewhere.get(name) ?? [])[0];
  return [
    ...(row.used === undefined ? [] : [`it is in use (${row.used})`]),
    ...(Number(row.mounted ?? 0) === 1 ? ['it is mounted'] : []),
    ...(Number(row.osdid ?? -1) >= 0 ? [`it is Ceph OSD ${row.osdid}`] : []),
    ...(holder === undefined ? [] : [`${holder} has it raw`]),
    ...(other === undefined ? [] : [`${other} sees it, too`]),
    ...(isVirtual(row)
      ? ['it is a virtual disk of a RAID controller or hypervisor: ZFS needs the drives themselves']
      : []),
    ...(row.type === 'usb' ? ['it hangs on USB, which loses disks'] : []),
    ...(/^(PASSED|OK|UNKNOWN|SMART Disabled)$/i.test(health) ? [] : [`it says of itself: ${health}`]),
    ...(Number(row.size ?? 0) > 0 ? [] : ['nobody tells how large it is']),
  ];
}

/** Disks that say nothing of their health. */
export const silentDisks = (disks: readonly ChosenDisk[], { rows }: DiskView): readonly string[] =>
  disks
    .filter(({ path }) =>
      rows.some(
        (row) =>
          (row.by_id_link ?? row.devpath) === path &&
          /^(UNKNOWN|SMART Disabled)$/i.test(row.health ?? 'UNKNOWN'),
      ),
    )
    .map(({ named }) => named);
