import { type Identity, may } from '../access.ts';
import type { ProxmoxCluster } from '../cluster.ts';
import type { GuestSpec, StorageSpec } from '../spec.ts';

type Row = Readonly<Record<string, unknown>>;

/** A backup that lies on a storage. */
export interface Archive {
  readonly storage: string;
  /** Whose it is where the storage is not shared. */
  readonly node: string;
  readonly vmid: number;
  readonly type: 'qemu' | 'lxc';
  /** Seconds since 1970. */
  readonly time: number;
  /** Bytes; left out: a Proxmox Backup Server's that is still being made. */
  readonly size?: number;
  readonly verification?: string;
  readonly encrypted?: string;
  /** What was backed up; left out: as the guest is now. */
  readonly spec?: GuestSpec;
}

/** An image or a template that lies on a storage. */
export interface StoredFile {
  readonly storage: string;
  /** Whose it is where the storage is not shared. */
  readonly node: string;
  readonly content: 'iso' | 'import' | 'vztmpl';
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly time: number;
  /** SHA-256 or the like of what is in it, where that matters. */
  readonly checksum?: string;
  readonly data?: Buffer;
}

export const volidOf = ({
  storage,
  content,
  name,
}: Pick<StoredFile, 'storage' | 'content' | 'name'>): string => `${storage}:${content}/${name}`;

/** Rows of `GET /nodes/{node}/storage/{storage}/content`, without those that one may not see. */
export function volumeRows(
  cluster: ProxmoxCluster,
  who: Identity,
  { storage, node, content, vmid }: { storage: StorageSpec; node: string; content?: string; vmid?: number },
): readonly Row[] {
  const rows = [
    ...diskRows(cluster, storage, node),
    ...cluster.archives
      .filter((archive) => archive.storage === storage.storage && (storage.shared || archive.node === node))
      .map((archive) => archiveRow(storage, archive)),
    ...isoRows(storage),
    ...cluster.files
      .filter((file) => file.storage === storage.storage && (storage.shared || file.node === node))
      .map(fileRow),
  ];
  return rows
    .filter((row) => content === undefined || row.content === content)
    .filter((row) => vmid === undefined || row.vmid === vmid)
    .filter((row) => isShown(who, storage.storage, row));
}

/** As `PVE::Storage::check_volume_access`. */
function isShown(who: Identity, storage: string, { content, vmid }: Row): boolean {
  const at = `/storage/${storage}`;
  if (may(who, at, 'Datastore.Allocate')) return true;
  if (content === 'iso' || content === 'vztmpl' || content === 'import')
    return may(who, at, 'Datastore.AllocateSpace') || may(who, at, 'Datastore.Audit');
  if (content === 'backup')
    return may(who, at, 'Datastore.AllocateSpace') && may(who, `/vms/${vmid}`, 'VM.Backup');
  return may(who, at, 'Datastore.Audit') && may(who, `/vms/${vmid}`, 'VM.Config.Disk');
}

function diskRows({ guests }: ProxmoxCluster, storage: StorageSpec, node: string): readonly Row[] {
  return guests
    .filter((guest) => (guest.spec.storage ?? 'local-zfs') === storage.storage)
    .filter((guest) => storage.shared || guest.node === node)
    .map(({ vmid, type, spec }) => ({
      volid: `${storage.storage}:${type === 'lxc' ? 'subvol' : 'vm'}-${vmid}-disk-0`,
      content: type === 'lxc' ? 'rootdir' : 'images',
      format: type === 'lxc' && storage.type === 'zfspool' ? 'subvol' : 'raw',
      size: spec.disk,
      vmid,
    }));
}

/** As in `backup:backup/vzdump-qemu-101-….vma.zst`. */
export const volidOfArchive = (storage: StorageSpec, archive: Archive): string =>
  String(archiveRow(storage, archive).volid);

function archiveRow(
  { storage, type: plugin }: StorageSpec,
  { vmid, type, time, size, verification, encrypted }: Archive,
): Row {
  const stamp = new Date(time * 1_000).toISOString();
  if (plugin === 'pbs') {
    const kind = type === 'qemu' ? 'vm' : 'ct';
    return {
      volid: `${storage}:backup/${kind}/${vmid}/${stamp.slice(0, 19)}Z`,
      content: 'backup',
      format: `pbs-${kind}`,
      subtype: type,
      size: size ?? 1,
      ctime: time,
      vmid,
      ...(verification === undefined ? {} : { verification: { state: verification, upid: 'UPID:pbs' } }),
      ...(encrypted === undefined ? {} : { encrypted }),
    };
  }
  const extension = type === 'qemu' ? 'vma.zst' : 'tar.zst';
  const name = stamp.slice(0, 19).replaceAll('-', '_').replaceAll(':', '_').replace('T', '-');
  return {
    volid: `${storage}:backup/vzdump-${type}-${vmid}-${name}.${extension}`,
    content: 'backup',
    format: extension,
    subtype: type,
    size: size ?? 0,
    ctime: time,
    vmid,
  };
}

const fileRow = (file: StoredFile): Row => ({
  volid: volidOf(file),
  content: file.content,
  format: file.content === 'vztmpl' ? 'tzst' : (/[^.]+$/.exec(file.name)?.[0] ?? 'raw'),
  size: file.size,
  ctime: file.time,
});

const isoRows = ({ storage, content }: StorageSpec): readonly Row[] =>
  content.split(',').includes('iso')
    ? [
        {
          volid: `${storage}:iso/debian-12.9.0-amd64-netinst.iso`,
          content: 'iso',
          format: 'iso',
          size: 662_700_032,
          ctime: 1_736_600_000,
        },
      ]
    : [];
