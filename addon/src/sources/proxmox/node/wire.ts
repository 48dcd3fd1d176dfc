// What the API answers, as far as it is used. Numbers that Proxmox VE does not know are missing or 0.

/** A node in `GET /cluster/resources`. */
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

/** `GET /nodes/{node}/status` */
export interface NodeStatus {
  /** Seconds. */
  readonly uptime?: number;
  readonly wait?: number;
  readonly loadavg?: readonly (string | number)[];
  readonly swap?: { readonly used: number; readonly total: number };
  readonly rootfs?: { readonly used: number; readonly total: number };
  readonly pveversion?: string;
  readonly kversion?: string;
  /** Since Proxmox VE 8. */
  readonly 'current-kernel'?: { readonly release?: string };
  readonly cpuinfo?: { readonly model?: string; readonly cores?: number; readonly sockets?: number };
}

/** A point of `GET /nodes/{node}/rrddata`: averages. One of a time that is not over has nothing but the time. */
export interface HistoryPoint {
  /** Seconds since 1970. */
  readonly time: number;
  readonly cpu?: number;
  /** Bytes a second, over all of its network cards. */
  readonly netin?: number;
  readonly netout?: number;
  /** Bytes. Since Proxmox VE 9, as the pressures. */
  readonly arcsize?: number;
  /** Percent. */
  readonly pressurecpusome?: number;
  readonly pressureiosome?: number;
  readonly pressurememorysome?: number;
}

/** `GET /nodes/{node}/certificates/info` */
export interface CertificateRow {
  readonly filename?: string;
  /** Seconds since 1970. */
  readonly notafter?: number;
}

/** `GET /nodes/{node}/subscription` */
export interface Subscription {
  readonly status?: string;
}

/** `GET /nodes/{node}/services` */
export interface ServiceRow {
  readonly service: string;
  readonly state?: string;
  /** Since Proxmox VE 8. */
  readonly 'active-state'?: string;
}

/** `GET /nodes/{node}/network` */
export interface InterfaceRow {
  readonly iface: string;
  readonly type: string;
  /** 1: it is switched on. */
  readonly active?: number;
  readonly autostart?: number;
  readonly cidr?: string;
  readonly cidr6?: string;
  readonly bridge_ports?: string;
  readonly slaves?: string;
  readonly ovs_ports?: string;
}

/** `GET /nodes/{node}/apt/update` */
export interface PendingPackage {
  readonly Package: string;
  readonly Version: string;
  readonly Origin?: string;
}

/** `GET /nodes/{node}/apt/versions` */
export interface InstalledPackage {
  readonly Package: string;
  readonly CurrentState?: string;
}
