import type { HardwareSet } from './hardware.ts';
import type { LoadCurve } from './load.ts';

export type GuestType = 'qemu' | 'lxc';

export interface AgentSpec {
  /** As `pretty-name` in the guest's `/etc/os-release`. */
  readonly os?: string;
  /** How long after a start it begins to answer; default 20 s. */
  readonly bootMs?: number;
  /** It runs containers: their bridges and pairs of interfaces are told as well. */
  readonly docker?: true;
  /** It mounts images that are full by nature, and its disk in more than one place. */
  readonly images?: true;
}

export interface SnapshotSpec {
  readonly name: string;
  readonly description?: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly vmstate?: boolean;
  /** The one that it was made after; left out: the one before it in the list. */
  readonly parent?: string;
  /** What the guest was set to then, as far as a rollback brings it back; left out: the same as now. */
  readonly settings?: SnapshotSettings;
}

export type SnapshotSettings = Pick<GuestSpec, 'name' | 'cores' | 'memory' | 'disk'>;

export interface GuestSpec {
  readonly vmid: number;
  readonly type: GuestType;
  readonly name: string;
  readonly node: string;
  readonly cores: number;
  /** Bytes, a multiple of a MiB. */
  readonly memory: number;
  /** Bytes of its first disk, a multiple of a GiB. */
  readonly disk: number;
  /** Default `local-zfs`. */
  readonly storage?: string;
  readonly tags?: readonly string[];
  readonly onboot?: boolean;
  readonly protection?: boolean;
  readonly template?: boolean;
  readonly pool?: string;
  /** A VM without one has no agent in its configuration. */
  readonly agent?: AgentSpec;
  readonly ostype?: string;
  /** Made from an OCI image: what it starts, and its environment (`A=1`), as its file keeps them. */
  readonly oci?: { readonly entrypoint: string; readonly env: readonly string[] };
  readonly description?: string;
  /** As `order=1,up=30`. */
  readonly startup?: string;
  readonly vlan?: number;
  /** Default `vmbr0`. */
  readonly bridge?: string;
  /** Of a container. */
  readonly gateway?: string;
  /** What else stands in its configuration; it outranks what is made up. */
  readonly config?: Readonly<Record<string, string | number>>;
  /** With prefix: `10.0.20.5/24`. */
  readonly addresses?: readonly string[];
  /** Of a container: it got its address by DHCP. */
  readonly isLeased?: boolean;
  readonly snapshots?: readonly SnapshotSpec[];
  /** The snapshot that it was last rolled back to, or that was made last; left out: the last in the list. */
  readonly parent?: string;
  /** PCI addresses of devices passed through: `0000:3b:00`. */
  readonly hostpci?: readonly string[];
  /** `machine` and `bios` of its configuration, where they are not the default. */
  readonly machine?: string;
  readonly bios?: 'seabios' | 'ovmf';
  /** Settings that change at the next start, `null` for those that go. */
  readonly pending?: Readonly<Record<string, string | null>>;
  /** Managed by high availability, and asked to be in this state. */
  readonly ha?: 'started' | 'stopped' | 'ignored';
  readonly load?: LoadCurve;
  /** It runs, and has done so for so long. Left out: it is stopped. */
  readonly upMs?: number;
  /** How long it takes; defaults are a server's. */
  readonly startMs?: number;
  readonly shutdownMs?: number;
  /** Made up where left out. */
  readonly mac?: string;
  readonly uuid?: string;
  readonly vmgenid?: string;
}

export interface StorageSpec {
  readonly storage: string;
  /** Plugin: `dir`, `zfspool`, `nfs`, `pbs`, … */
  readonly type: string;
  /** As `images,rootdir`. */
  readonly content: string;
  /** Bytes. */
  readonly total: number;
  readonly used: number;
  readonly shared?: boolean;
  /** Which nodes have it; left out: all. */
  readonly nodes?: readonly string[];
  /** Other settings in its configuration: `pool`, `sparse`, `vgname`, `thinpool` … */
  readonly more?: Readonly<Record<string, string | number>>;
}

export interface PciSpec {
  readonly id: string;
  readonly class: string;
  readonly vendor: string;
  readonly device: string;
  readonly vendor_name?: string;
  readonly device_name?: string;
  /** −1 where the node does not keep devices apart. */
  readonly iommugroup: number;
}

/** A mapping of the cluster, as its file keeps it: an entry `path=…,node=…,id=…` for each node. */
export interface PciMapping {
  readonly id: string;
  readonly description?: string;
  readonly map: readonly string[];
}

export interface NodeSpec {
  readonly node: string;
  readonly ip: string;
  readonly sockets: number;
  /** Of all sockets together. */
  readonly cores: number;
  /** Threads. */
  readonly cpus: number;
  readonly model: string;
  readonly mhz: string;
  /** Bytes. */
  readonly memory: number;
  readonly swap: number;
  /** Of the file system `/`. */
  readonly root: number;
  readonly upMs: number;
  /** What is in its slots, and is no bridge, memory or processor; default: only the server's own console. */
  readonly pci?: readonly PciSpec[];
  /** Its disks, and what is made of them; default none. */
  readonly hardware?: HardwareSet;
}

export interface BackupJobSpec {
  readonly id: string;
  readonly schedule: string;
  readonly storage: string;
  readonly enabled?: boolean;
  readonly all?: boolean;
  readonly vmid?: string;
  readonly exclude?: string;
  readonly comment?: string;
}
