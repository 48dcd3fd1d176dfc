import type { GuestRow } from '../guest/wire.ts';
import type { NodeRow } from '../node/wire.ts';
import type { StorageRow } from '../storage/wire.ts';

/** One row of `GET /cluster/resources`: about ten seconds old. */
export type ResourceRow = GuestRow | NodeRow | StorageRow | { readonly type: 'other' };

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

/** `GET /nodes/{node}/certificates/info`: open to everybody who may log in. */
export interface CertificateRow {
  readonly filename?: string;
  /** SHA-256, as `AB:CD:…`. */
  readonly fingerprint?: string;
}

/** A task: a row of `GET /cluster/tasks` and of `GET /nodes/{node}/tasks`. */
export interface TaskRow {
  readonly upid: string;
  readonly node: string;
  readonly type: string;
  /** What it is about: a vmid, or nothing. */
  readonly id?: string | null;
  readonly user: string;
  /** Seconds since 1970. */
  readonly starttime: number;
  /** Missing while it runs. */
  readonly endtime?: number;
  /** How it ended: `OK`, `WARNINGS: <n>`, or what went wrong. */
  readonly status?: string;
}

/** `GET …/tasks/{upid}/log` */
export interface LogLine {
  readonly t?: string;
}

/** `GET /cluster/ha/status/current` */
export interface HaRow {
  readonly type: string;
  readonly id: string;
  readonly node?: string;
  /** In words. */
  readonly status?: string;
  readonly sid?: string;
  readonly state?: string;
  readonly crm_state?: string;
  readonly quorate?: number;
}

/** `GET /cluster/ceph/status` */
export interface CephStatus {
  readonly health?: {
    readonly status?: string;
    readonly checks?: Readonly<Record<string, { readonly summary?: { readonly message?: string } }>>;
  };
  readonly pgmap?: { readonly bytes_used?: number; readonly bytes_total?: number };
}

/** `GET /cluster/backup` */
export interface BackupJobRow {
  readonly id: string;
  readonly schedule?: string;
  readonly storage?: string;
  readonly enabled?: number | string;
  readonly all?: number | string;
  readonly vmid?: string;
  readonly pool?: string;
  readonly comment?: string;
  /** Seconds since 1970. */
  readonly 'next-run'?: number;
}

/** `GET /nodes/{node}/replication`; times in seconds since 1970, 0 for never. */
export interface ReplicationRow {
  readonly id: string;
  readonly guest?: number;
  readonly target?: string;
  readonly schedule?: string;
  readonly comment?: string;
  readonly disable?: number | string;
  readonly next_sync?: number;
  readonly last_try?: number;
  readonly fail_count?: number;
  readonly error?: string;
  /** While it runs. */
  readonly pid?: number;
}
