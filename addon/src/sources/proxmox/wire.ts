/** What the API answers, as far as it is used. Numbers that Proxmox VE does not know are missing or 0. */

/** One row of `GET /cluster/resources`: about ten seconds old. */
export type ResourceRow = GuestRow | NodeRow | StorageRow | { readonly type: 'other' };

export interface GuestRow {
  readonly type: 'qemu' | 'lxc';
  readonly vmid: number;
  readonly node: string;
  readonly status: string;
  /** Missing until the first broadcast after its creation. */
  readonly name?: string;
  readonly template?: number;
  readonly lock?: string;
  readonly tags?: string;
  readonly pool?: string;
  /** Set while the cluster's high availability looks after it. */
  readonly hastate?: string;
  /** Of all its CPUs, 0 to 1. */
  readonly cpu?: number;
  readonly maxcpu?: number;
  /** Bytes. */
  readonly mem?: number;
  readonly maxmem?: number;
  /** 0 of a virtual machine: the node cannot look into it. */
  readonly disk?: number;
  readonly maxdisk?: number;
  /** Seconds. */
  readonly uptime?: number;
  /** Bytes since its start. */
  readonly netin?: number;
  readonly netout?: number;
  readonly diskread?: number;
  readonly diskwrite?: number;
}

export interface NodeRow {
  readonly type: 'node';
  readonly node: string;
  readonly status: 'online' | 'offline' | 'unknown';
  readonly cpu?: number;
  readonly maxcpu?: number;
  readonly mem?: number;
  readonly maxmem?: number;
  readonly uptime?: number;
}

export interface StorageRow {
  readonly type: 'storage';
  readonly node: string;
  readonly storage: string;
  readonly status: string;
  readonly shared?: number;
  readonly plugintype?: string;
  readonly content?: string;
  readonly disk?: number;
  readonly maxdisk?: number;
}

/** `GET /nodes/{node}/status` */
export interface NodeStatus {
  readonly wait?: number;
  readonly loadavg?: readonly (string | number)[];
  readonly swap?: { readonly used: number; readonly total: number };
  readonly rootfs?: { readonly used: number; readonly total: number };
  readonly pveversion?: string;
  readonly kversion?: string;
  readonly cpuinfo?: { readonly model?: string; readonly cores?: number; readonly sockets?: number };
}

/** `GET /cluster/status` */
export type ClusterStatusRow =
  | { readonly type: 'cluster'; readonly name: string; readonly quorate: number }
  | {
      readonly type: 'node';
      readonly name: string;
      readonly nodeid?: number;
      readonly ip?: string;
      readonly online?: number;
    };

/** `GET /nodes/{node}/{qemu|lxc}/{vmid}/config`: a setting each, `net0`, `net1` … among them. */
export type GuestConfig = Readonly<Record<string, string | number | undefined>>;

/** `GET /nodes/{node}/{qemu|lxc}/{vmid}/status/current`: of this moment. */
export interface GuestStatus {
  readonly status: string;
  readonly qmpstatus?: string;
  readonly lock?: string;
  readonly uptime?: number;
}

/** `GET /nodes/{node}/tasks/{upid}/status` */
export interface TaskStatus {
  readonly status: 'running' | 'stopped';
  /** `OK`, `WARNINGS: <n>`, or what went wrong. */
  readonly exitstatus?: string;
}
