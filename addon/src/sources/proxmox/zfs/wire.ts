// What the API answers, as far as it is used.

/** A pool in `GET /nodes/{node}/disks/zfs`. What ZFS shows as `-` is 0. */
export interface PoolRow {
  readonly name: string;
  readonly health?: string;
  /** Bytes; all 0 of a pool that cannot be opened. */
  readonly size?: number;
  readonly alloc?: number;
  readonly free?: number;
  /** Percent. */
  readonly frag?: number;
  readonly dedup?: number;
}

/** `GET /nodes/{node}/disks/zfs/{name}`: what `zpool status -P` prints, its lines joined. */
export interface PoolStatus {
  readonly name?: string;
  readonly state?: string;
  readonly status?: string;
  readonly action?: string;
  /** Times in it are the node's own, without a zone. */
  readonly scan?: string;
  readonly errors?: string;
  /** The pool itself, then `logs`, `cache`, `spares` … */
  readonly children?: readonly Vdev[];
}

/** A node of the tree that `zpool status` draws. */
export interface Vdev {
  /** `mirror-0`, a device's path, or the number of one that is gone. */
  readonly name: string;
  /** Missing of headings such as `logs`. */
  readonly state?: string;
  readonly read?: number;
  readonly write?: number;
  readonly cksum?: number;
  /** As in `was /dev/sdb1`, `too many errors`, `(resilvering)`. */
  readonly msg?: string;
  readonly leaf?: number | boolean;
  readonly children?: readonly Vdev[];
}
