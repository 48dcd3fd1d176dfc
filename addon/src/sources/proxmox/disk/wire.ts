// What the API answers, as far as it is used.

/** A block device in `GET /nodes/{node}/disks/list`. udev's word for what it does not know is `unknown`. */
export interface DiskRow {
  /** As in `/dev/sda`: another after the next start, perhaps. */
  readonly devpath: string;
  /** Bytes. */
  readonly size?: number | string;
  /** `unknown`: it turns, but does not say how fast: SAS, or a RAID controller's. */
  readonly type?: 'ssd' | 'hdd' | 'nvme' | 'usb' | 'unknown';
  /** Spaces are underscores. */
  readonly model?: string;
  /** `ATA` of every SATA disk. */
  readonly vendor?: string;
  /** Of a SAS disk often its WWN. */
  readonly serial?: string;
  /** As in `0x5000c500a0000001` or `eui.0025385b71b11234`. */
  readonly wwn?: string;
  readonly by_id_link?: string;
  readonly rpm?: number | string;
  /** What lies on it: `ZFS`, `LVM`, `ext4`, `partitions` … */
  readonly used?: string;
  /** Percent that is left, or `N/A`; without SMART always that. */
  readonly wearout?: number | string;
  /** `UNKNOWN` without SMART. */
  readonly health?: string;
}

/** `GET /nodes/{node}/disks/smart`: attributes of an ATA disk, else what `smartctl` printed. */
export interface SmartAnswer {
  /** `PASSED`, `OK`, `UNKNOWN`, `SMART Disabled`, or what is wrong. */
  readonly health?: string;
  readonly type?: string;
  readonly attributes?: readonly SmartAttribute[];
  readonly text?: string;
  /** Percent that is left; of what prints text. */
  readonly wearout?: number;
}

export interface SmartAttribute {
  readonly id?: string | number;
  readonly name?: string;
  readonly raw?: string;
  /** Counts down, mostly from 100. */
  readonly normalized?: number;
  readonly value?: number;
}
