// What the API answers, as far as it is used. Numbers that Proxmox VE does not know are missing or 0.

/** A guest in `GET /cluster/resources`. */
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
  /** Bytes of the node's memory; since Proxmox VE 9. */
  readonly memhost?: number;
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

/** A row of `GET /nodes/{node}/{qemu|lxc}/{vmid}/pending`: a setting, and what becomes of it at the next start. */
export interface PendingRow {
  readonly key: string;
  /** Missing: it is not set now. */
  readonly value?: string | number;
  readonly pending?: string | number;
  /** Not 0: it goes. */
  readonly delete?: number;
}

/** The settings of a guest that are in force, `net0`, `net1` … among them. */
export type GuestConfig = Readonly<Record<string, string | number | undefined>>;

/** `GET /nodes/{node}/{qemu|lxc}/{vmid}/status/current`: of this moment. */
export interface GuestStatus {
  readonly status: string;
  readonly qmpstatus?: string;
  readonly lock?: string;
  readonly uptime?: number;
}

/** A row of `GET …/snapshot`; the one called `current` is no snapshot. */
export interface SnapshotRow {
  readonly name: string;
  /** Seconds since 1970. */
  readonly snaptime?: number;
  /** The one that it was made after. */
  readonly parent?: string;
  /** 1: with the memory. */
  readonly vmstate?: number;
  readonly description?: string;
}

/** An interface in the agent's `network-get-interfaces`, and in `GET /nodes/{node}/lxc/{vmid}/interfaces`. */
export interface InterfaceRow {
  readonly name?: string;
  readonly 'hardware-address'?: string;
  /** Of containers, the only one before Proxmox VE 9. */
  readonly hwaddr?: string;
  readonly 'ip-addresses'?: readonly { readonly 'ip-address'?: string }[];
  /** Of containers, the only ones before Proxmox VE 9, with prefix. */
  readonly inet?: string;
  readonly inet6?: string;
}

/** A file system in the agent's `get-fsinfo`. */
export interface FileSystemRow {
  /** Of its device: `sda1`. */
  readonly name?: string;
  readonly mountpoint?: string;
  readonly type?: string;
  /** Bytes; missing where it cannot tell. */
  readonly 'total-bytes'?: number;
  readonly 'used-bytes'?: number;
}

/** The agent's `get-osinfo`. */
export interface OsInfo {
  readonly 'pretty-name'?: string;
  readonly name?: string;
}
