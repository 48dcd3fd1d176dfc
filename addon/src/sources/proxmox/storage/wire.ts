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

/** A storage's settings in `GET /storage`: of those that one may see. */
export interface StorageConfig {
  readonly storage: string;
  readonly type?: string;
  /** Of `lvmthin`. */
  readonly vgname?: string;
  readonly thinpool?: string;
  /** Of `zfspool`: a pool, or a dataset in one. */
  readonly pool?: string;
  readonly sparse?: number | string;
  /** Of `pbs`, `nfs`, `cifs` …: a name or an address. */
  readonly server?: string;
  /** Of `pbs`; left out: 8007. */
  readonly port?: number | string;
  readonly datastore?: string;
  /** Of `pbs`; left out: the one without a name. */
  readonly namespace?: string;
  /** SHA-256 of its certificate, if that is pinned. */
  readonly fingerprint?: string;
}

/** A thin pool in `GET /nodes/{node}/disks/lvmthin`; bytes. */
export interface ThinPoolRow {
  readonly lv: string;
  readonly vg?: string;
  readonly lv_size?: number;
  readonly used?: number;
  readonly metadata_size?: number;
  readonly metadata_used?: number;
}

/** A volume in `GET /nodes/{node}/storage/{storage}/content`: only those that one may see are listed. */
export interface VolumeRow {
  readonly volid: string;
  /** `backup`, `images`, `rootdir`, `iso` …; not in the vendor's schema. */
  readonly content?: string;
  readonly format?: string;
  /** Bytes; of a guest's disk what the guest sees; 1 of a Proxmox Backup Server's backup that is not complete. */
  readonly size?: number;
  /** Seconds since 1970. */
  readonly ctime?: number;
  readonly vmid?: number;
  /** Of a backup: what kind of guest it is of. */
  readonly subtype?: string;
  /** Of a Proxmox Backup Server. */
  readonly verification?: { readonly state?: string };
  /** A key's fingerprint, or 1. */
  readonly encrypted?: string | number;
}
