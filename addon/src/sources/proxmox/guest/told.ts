import type { SnapshotRow } from './wire.ts';

/** How full what a guest stores on is, in bytes. */
export interface Filling {
  readonly used: number;
  readonly total: number;
}

/** What was read of one guest only; what is left out was not read yet. */
export interface Told {
  /** Names of the settings that change when it starts anew. */
  readonly pending?: readonly string[];
  readonly snapshots?: readonly SnapshotRow[];
  /** Whether its agent answered when it was asked last; null: it was not asked since the guest started. */
  readonly agent?: boolean | null;
  /** Of its agent or its node, what others reach it at first; null: not known any more. */
  readonly addresses?: readonly string[] | null;
  /** When they were read, milliseconds since 1970; 0: they shall be read again. */
  readonly addressesAt?: number;
  /** null: its agent does not tell. */
  readonly filling?: Filling | null;
  /** As its agent calls it; null: it may be another one by now. */
  readonly os?: string | null;
}
