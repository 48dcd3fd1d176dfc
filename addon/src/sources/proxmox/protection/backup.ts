import type { VolumeRow } from '../storage/wire.ts';

/** A backup of a guest, wherever it lies. */
export interface Backup {
  readonly vmid: number;
  /** What kind of guest it is of; undefined: it does not say. */
  readonly type: 'qemu' | 'lxc' | undefined;
  /** When it was begun, seconds since 1970. */
  readonly at: number;
  /** Bytes; null: unknown. */
  readonly size: number | null;
  /** It was read again and was whole; false: nobody has looked yet; null: nobody ever does there. */
  readonly verified: boolean | null;
  readonly encrypted: boolean;
}

/**
 * What one place tells of backups. Lists of several places are just one after another: nothing in them depends on
 * where they come from.
 */
export interface Evidence {
  /** Its backups of a guest, or of whoever had its vmid before. */
  of(vmid: number): readonly Backup[];
  /** Whether it shows all backups of a guest that lie there, so that none is evidence of none. */
  isComplete(vmid: number): boolean;
}

/** A Proxmox Backup Server tells this of a backup that is still being made. */
const INCOMPLETE = 1;

/** The backups in what lies on a storage that can be restored, as far as anybody knows. */
export function backupsIn(volumes: readonly VolumeRow[]): readonly Backup[] {
  return volumes.flatMap((volume) => {
    const { vmid, ctime, size, format = '', verification, encrypted } = volume;
    if (!isBackup(volume) || vmid === undefined || ctime === undefined) return [];
    if ((size ?? 0) <= INCOMPLETE || verification?.state === 'failed') return [];
    const verifies = format.startsWith('pbs-');
    return {
      vmid,
      type: typeOf(volume),
      at: ctime,
      size: size ?? null,
      verified: verifies ? verification?.state === 'ok' : null,
      encrypted: !['', '0'].includes(String(encrypted ?? '')),
    };
  });
}

const isBackup = ({ content, volid }: VolumeRow): boolean =>
  content === undefined ? volid.includes(':backup/') : content === 'backup';

/** Older versions say it only in the name. */
function typeOf({ subtype, volid, format }: VolumeRow): Backup['type'] {
  const said = subtype ?? /vzdump-(qemu|lxc|openvz)-/.exec(volid)?.[1] ?? format;
  if (said === 'qemu' || said === 'pbs-vm') return 'qemu';
  return said === 'lxc' || said === 'openvz' || said === 'pbs-ct' ? 'lxc' : undefined;
}
