/** What a disk says of itself. */
export interface SmartSpec {
  /** How it says it: a table of attributes, or text of NVMe or SAS. */
  readonly as: 'ata' | 'nvme' | 'sas';
  /** `PASSED`, `OK`, or what is wrong. */
  readonly health: string;
  /** °C */
  readonly temperature: number;
  readonly hours: number;
  /** Percent of the writes that it is made for; left out: it turns. */
  readonly worn?: number;
}

export interface DiskSpec {
  /** Below `/dev`. */
  readonly device: string;
  readonly model: string;
  readonly vendor: string;
  readonly serial?: string;
  readonly wwn?: string;
  /** Below `/dev/disk/by-id`. */
  readonly link?: string;
  /** Bytes. */
  readonly size: number;
  readonly type: 'ssd' | 'hdd' | 'nvme' | 'usb' | 'unknown';
  readonly rpm?: number;
  readonly used?: string;
  readonly mounted?: true;
  /** Of Ceph. */
  readonly osd?: number;
  /** Left out: `smartctl` fails, as it does behind a RAID controller. */
  readonly smart?: SmartSpec;
}

export interface VdevSpec {
  readonly name: string;
  /** Left out of headings such as `spares`. */
  readonly state?: string;
  readonly errors?: readonly [read: number, write: number, cksum: number];
  readonly msg?: string;
  readonly children?: readonly VdevSpec[];
}

export interface PoolSpec {
  readonly name: string;
  /** Bytes; of a pool that cannot be opened 0. */
  readonly size: number;
  readonly alloc: number;
  readonly frag: number;
  readonly dedup: number;
  readonly health: string;
  readonly status?: string;
  readonly action?: string;
  readonly scan?: string;
  readonly errors?: string;
  readonly vdevs: readonly VdevSpec[];
}

export interface ThinPoolSpec {
  readonly vg: string;
  readonly lv: string;
  /** Bytes. */
  readonly size: number;
  readonly used: number;
  readonly metadataSize: number;
  readonly metadataUsed: number;
}

/** The disks of one machine and what is made of them; handles for tests change it at once. */
export class NodeHardware {
  disks: readonly DiskSpec[];
  pools: readonly PoolSpec[];
  thinPools: readonly ThinPoolSpec[];
  /** Of its wall clock. */
  zone = 'Europe/Berlin';
  /** Devices whose SMART was read, in order: each of them would have been woken. */
  readonly woken: string[] = [];

  constructor(set: HardwareSet, node: string) {
    const { disks, pools, thinPools } = HARDWARE[set](node);
    this.disks = disks;
    this.pools = pools;
    this.thinPools = thinPools;
  }

  setDisk(device: string, changes: Partial<DiskSpec>): void {
    this.disks = this.disks.map((disk) => (disk.device === device ? { ...disk, ...changes } : disk));
  }

  setPool(name: string, changes: Partial<PoolSpec>): void {
    this.pools = this.pools.map((pool) => (pool.name === name ? { ...pool, ...changes } : pool));
  }

  /** A device stops answering: its mirror and the pool go on without it. */
  breakDevice(device: string): void {
    this.pools = this.pools.map((pool) => {
      const vdevs = pool.vdevs.map((vdev) => broken(vdev, device));
      if (vdevs.every((vdev, index) => vdev === pool.vdevs[index])) return pool;
      return {
        ...pool,
        vdevs,
        health: 'DEGRADED',
        status: 'One or more devices are faulted in response to persistent errors.',
        action: "Replace the faulted device, or use 'zpool clear' to mark the device repaired.",
      };
    });
  }
}

function broken(vdev: VdevSpec, device: string): VdevSpec {
  if (vdev.name === device) return { ...vdev, state: 'FAULTED', errors: [3, 17, 0], msg: 'too many errors' };
  const children = vdev.children?.map((child) => broken(child, device));
  const isSame = children?.every((child, index) => child === vdev.children?.[index]) ?? true;
  return isSame || children === undefined ? vdev : { ...vdev, children, state: 'DEGRADED' };
}

export type HardwareSet = 'zfs' | 'raid' | 'none';

type Parts = Pick<NodeHardware, 'disks' | 'pools' | 'thinPools'>;

const GIB = 1024 ** 3;
const GB = 1e9;
const TB = 1e12;

/** By set; serials differ from node to node. */
const HARDWARE: Readonly<Record<HardwareSet, (node: string) => Parts>> = {
  none: () => ({ disks: [], pools: [], thinPools: [] }),
  // An R640 whose controller passes the drives through.
  zfs: (node) => {
    const ssds = ['sda', 'sdb', 'sdc', 'sdd'].map((device, index) => sataSsd(node, device, index));
    const turning = ['sde', 'sdf'].map((device, index) => sasDisk(node, device, index));
    return {
      disks: [...ssds, ...turning, sataDisk(node), nvme(node)],
      pools: [
        {
          ...{ name: 'rpool', size: 3_816 * GIB, alloc: 625 * GIB, frag: 11, dedup: 1, health: 'ONLINE' },
          scan: 'scrub repaired 0B in 00:21:37 with 0 errors on Sun Dec 14 00:45:38 2025',
          vdevs: [
            mirror(
              0,
              ssds.slice(0, 2).map((disk) => `/dev/disk/by-id/${disk.link}-part3`),
            ),
            mirror(
              1,
              ssds.slice(2).map((disk) => `/dev/disk/by-id/${disk.link}-part3`),
            ),
          ],
        },
        {
          ...{ name: 'tank', size: 16_760 * GIB, alloc: 5_900 * GIB, frag: 3, dedup: 1.02, health: 'ONLINE' },
          scan: 'scrub repaired 0B in 09:02:11 with 0 errors on Sun Dec 14 09:26:12 2025',
          vdevs: [
            mirror(
              0,
              turning.map(({ wwn }) => `/dev/disk/by-id/wwn-${wwn}-part1`),
            ),
            { name: 'logs', children: [vdev('/dev/nvme0n1p1')] },
          ],
        },
      ],
      thinPools: [],
    };
  },
  // A small server with one virtual disk of a PERC, and LVM-thin on it.
  raid: (node) => ({
    disks: [
      {
        ...{ device: 'sda', model: 'PERC_H730P_Mini', vendor: 'DELL    ', type: 'unknown', used: 'LVM' },
        serial: `6${node.length}d09466047e9b4c002af0d${node.slice(-1)}0b2f3a6c1`.slice(0, 32),
        wwn: `0x6${node.length}d09466047e9b4c`,
        size: 960 * GB,
      },
    ],
    pools: [],
    thinPools: [
      {
        ...{ vg: 'pve', lv: 'data', size: 794 * GIB, used: 301 * GIB },
        ...{ metadataSize: 8 * GIB, metadataUsed: Math.floor(0.21 * GIB) },
      },
    ],
  }),
};

const vdev = (name: string): VdevSpec => ({ name, state: 'ONLINE', errors: [0, 0, 0] });

const mirror = (number: number, devices: readonly string[]): VdevSpec => ({
  ...vdev(`mirror-${number}`),
  children: devices.map(vdev),
});

function sataSsd(node: string, device: string, index: number): DiskSpec {
  const serial = `S5Y${node.toUpperCase()}NA0${index}`;
  return {
    ...{ device, model: 'SAMSUNG_MZ7LH1T9HMLT-00005', vendor: 'ATA     ', serial, type: 'ssd', used: 'ZFS' },
    wwn: `0x5002538e4${hexOf(node)}${index}`.padEnd(18, '0'),
    link: `ata-SAMSUNG_MZ7LH1T9HMLT-00005_${serial}`,
    size: 1_920 * GB,
    smart: { as: 'ata', health: 'PASSED', temperature: 29 + index, hours: 21_344 + index, worn: 7 + index },
  };
}

/** udev takes its WWN for its serial, and does not know how fast it turns. */
function sasDisk(node: string, device: string, index: number): DiskSpec {
  const wwn = `5000c500a${hexOf(node)}${index}`.padEnd(16, '0');
  return {
    ...{ device, model: 'ST18000NM019J', vendor: 'SEAGATE ', serial: wwn, type: 'unknown', used: 'ZFS' },
    wwn: `0x${wwn}`,
    link: `scsi-SSEAGATE_ST18000NM019J_ZR5${node.toUpperCase()}A0${index}`,
    size: 18 * TB,
    smart: { as: 'sas', health: 'OK', temperature: 33 + index, hours: 9_120 + index },
  };
}

/** In no pool: nobody wakes it. */
const sataDisk = (node: string): DiskSpec => ({
  ...{ device: 'sdg', model: 'ST4000DM000-1F2168', vendor: 'ATA     ', type: 'hdd', rpm: 5_900 },
  serial: `Z30${node.toUpperCase()}7K`,
  wwn: `0x5000c5007${hexOf(node)}`.padEnd(18, '0'),
  link: `ata-ST4000DM000-1F2168_Z30${node.toUpperCase()}7K`,
  size: 4 * TB,
  smart: { as: 'ata', health: 'PASSED', temperature: 31, hours: 30_012 },
});

const nvme = (node: string): DiskSpec => ({
  ...{ device: 'nvme0n1', model: 'INTEL SSDPE21D280GA', vendor: 'unknown', type: 'nvme', used: 'ZFS' },
  serial: `PHM2${node.toUpperCase()}280`,
  wwn: `eui.5cd2e42a8${hexOf(node)}`,
  link: `nvme-INTEL_SSDPE21D280GA_PHM2${node.toUpperCase()}280`,
  size: 280 * GB,
  smart: { as: 'nvme', health: 'PASSED', temperature: 41, hours: 12_687, worn: 2 },
});

const hexOf = (text: string): string => Buffer.from(text).toString('hex').slice(-6);
