import type { GuestConfig } from '../guest/wire.ts';

const DISK = /^(?:(?:ide|sata|scsi|virtio|efidisk|tpmstate|mp)\d+|rootfs)$/;
const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** A disk of a virtual machine, or a volume of a container. */
export interface GuestDisk {
  /** In the configuration: `scsi0`, `rootfs`. */
  readonly key: string;
  /** As in `local-zfs:vm-101-disk-0`; of a bind mount a path. */
  readonly volume: string;
  /** undefined: it is on none, as a bind mount. */
  readonly storage: string | undefined;
  /** Bytes; undefined: not told. */
  readonly size: number | undefined;
  readonly isShared: boolean;
}

/** The disks in a configuration; drives with images in them are none. */
export function disksIn(config: GuestConfig): readonly GuestDisk[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const text = String(value ?? '');
    if (!DISK.test(key) || /media=cdrom/.test(text) || /^(none|cdrom)\b/.test(text)) return [];
    const [volume = ''] = text.split(',');
    const size = /(?:^|,)size=(\d+(?:\.\d+)?)([KMGT]?)/.exec(text);
    return [
      {
        ...{ key, volume },
        storage: /^([A-Za-z][\w.-]*):/.exec(volume)?.[1],
        size: size === null ? undefined : Number(size[1]) * (UNITS[size[2] ?? ''] ?? 1),
        isShared: /(?:^|,)shared=1/.test(text),
      },
    ];
  });
}

export const GIB = 2 ** 30;

/** GiB of one; 0: not told. */
export const gibOf = ({ size = 0 }: GuestDisk): number => size / GIB;

/** The disk that a virtual machine boots from, as far as its configuration says so; else its first. */
export function bootDiskOf(config: GuestConfig): GuestDisk | undefined {
  const disks = disksIn(config).filter(({ key }) => /^(scsi|virtio|sata|ide)\d+$/.test(key));
  const [, order = ''] = /order=([^,]*)/.exec(String(config.boot ?? '')) ?? [];
  const first = order.split(';').find((key) => disks.some((disk) => disk.key === key));
  return disks.find(({ key }) => key === first) ?? disks[0];
}
