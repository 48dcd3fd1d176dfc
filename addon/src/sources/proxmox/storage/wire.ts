// What the API answers, as far as it is used. Numbers that Proxmox VE does not know are missing or 0.

/** A storage, as one node sees it, in `GET /cluster/resources`. */
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
