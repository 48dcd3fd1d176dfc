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
