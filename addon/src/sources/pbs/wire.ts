/** What a Proxmox Backup Server answers, as far as it is read. Times are seconds since 1970, sizes bytes. */

/** `GET /version` */
export interface Version {
  /** As in `4.1`. */
  readonly version: string;
  /** As in `2`: of the package. */
  readonly release?: string;
}

interface Space {
  readonly total?: number;
  readonly used?: number;
}

/** `GET /nodes/localhost/status` */
export interface NodeStatus {
  /** Of all of them, 0 to 1. */
  readonly cpu?: number;
  /** Seconds. */
  readonly uptime?: number;
  readonly memory?: Space;
  readonly root?: Space;
  readonly cpuinfo?: { readonly model?: string; readonly cpus?: number };
  readonly 'current-kernel'?: { readonly release?: string };
  /** Of its certificate. */
  readonly info?: { readonly fingerprint?: string };
}

/** `GET /nodes/localhost/subscription` */
export interface Subscription {
  /** Made of its SSH host key. */
  readonly serverid?: string;
}

/** Of one datastore in `GET /status/datastore-usage`: of those that the token may see. */
export interface Usage {
  readonly store: string;
  /** Left out while the datastore cannot be used: see `error`. */
  readonly total?: number;
  readonly used?: number;
  readonly avail?: number;
  /** In the past: it gets emptier. Left out: too little is known. */
  readonly 'estimated-full-date'?: number;
  readonly 'gc-status'?: GcStatus;
  readonly error?: string;
  /** As in `notmounted`: of one on a removable disk. */
  readonly 'mount-status'?: string;
}

export interface GcStatus {
  /** All backups, as if each was kept by itself. */
  readonly 'index-data-bytes'?: number;
  /** What they take. */
  readonly 'disk-bytes'?: number;
  readonly 'removed-bytes'?: number;
  readonly 'pending-bytes'?: number;
}

/** Of one in `GET /admin/datastore`. */
export interface DatastoreEntry {
  readonly store: string;
  readonly comment?: string;
  /** As in `read-only` or `type=offline,message=…`. */
  readonly maintenance?: string;
}

/** Of one in `GET /admin/{gc,verify,prune,sync}`. */
export interface JobRow {
  /** Not of garbage collection: there is one for each datastore. */
  readonly id?: string;
  readonly store: string;
  readonly ns?: string;
  readonly schedule?: string;
  readonly disable?: boolean;
  readonly remote?: string;
  readonly 'remote-store'?: string;
  readonly 'last-run-upid'?: string;
  /** `OK`, `WARNINGS: 2`, or what went wrong; left out while it runs or has never run. */
  readonly 'last-run-state'?: string;
  readonly 'last-run-endtime'?: number;
  readonly 'next-run'?: number;
}

/** `GET /admin/datastore/{store}/namespace`: with the unnamed one that all have. */
export interface NamespaceRow {
  readonly ns: string;
}

/** Of one in `GET /admin/datastore/{store}/snapshots?ns=`. */
export interface SnapshotRow {
  readonly 'backup-type': string;
  readonly 'backup-id': string;
  readonly 'backup-time': number;
  readonly comment?: string;
  readonly owner?: string;
  /** Left out while it is being made. */
  readonly size?: number;
  readonly verification?: { readonly state?: string };
  readonly files?: readonly (string | { readonly filename?: string; readonly 'crypt-mode'?: string })[];
}

/** Of one in `GET /nodes/localhost/tasks`. */
export interface TaskRow {
  readonly upid: string;
  readonly worker_type: string;
  /** As in `store1` or `store1:vm/101`, with `:` and `/` at times written `\x3a` and `-`. */
  readonly worker_id?: string | null;
  readonly user?: string;
  readonly starttime: number;
  /** Left out while it runs. */
  readonly endtime?: number;
  readonly status?: string;
}

/** `GET /access/permissions`: privileges by path; true: they hold below it as well. */
export type Permissions = Readonly<Record<string, Readonly<Record<string, boolean | number>>>>;
