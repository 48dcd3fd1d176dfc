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
