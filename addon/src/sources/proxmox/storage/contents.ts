import type { Place } from './place.ts';
import type { StorageConfig, ThinPoolRow, VolumeRow } from './wire.ts';

/** What lies on storages is read again after so long, and so long after it could not be read. */
const AGAIN_MS = 30 * 60_000;
const RETRY_MS = 5 * 60_000;

interface Listed {
  /** undefined: never read. */
  readonly volumes: readonly VolumeRow[] | undefined;
  /** The last attempt: by the clock's `elapsed`. */
  readonly at: number;
  readonly failed: boolean;
}

/** What lies on the storages of a cluster, and how they are set up. No I/O. */
export class Contents {
  #configs: ReadonlyMap<string, StorageConfig> = new Map();
  readonly #thin = new Map<string, readonly ThinPoolRow[]>();
  readonly #listed = new Map<string, Listed>();
  /** A backup ended since the last round. */
  #backupEnded = false;
  #locked: ReadonlySet<number> = new Set();

  /** Takes which guests are being backed up, as they are locked for it. */
  locked(vmids: ReadonlySet<number>): void {
    if ([...this.#locked].some((vmid) => !vmids.has(vmid))) this.#backupEnded = true;
    this.#locked = vmids;
  }

  /** A backup ended that was perhaps over before anybody saw its lock. */
  backupEnded(): void {
    this.#backupEnded = true;
  }

  /** A guest is being backed up: what is told of its backups meanwhile is no change. */
  isLocked(vmid: number): boolean {
    return this.#locked.has(vmid);
  }

  /** Takes how storages are set up. */
  configured(rows: readonly StorageConfig[]): void {
    this.#configs = new Map(rows.map((row) => [row.storage, row]));
  }

  configOf(storage: string): StorageConfig | undefined {
    return this.#configs.get(storage);
  }

  /** Takes a node's thin pools. */
  sawThin(node: string, rows: readonly ThinPoolRow[]): void {
    this.#thin.set(node, rows);
  }

  /** The thin pool that a storage is; undefined: it is none, or not known. */
  thinPoolOf({ storage, node, plugin }: Place): ThinPoolRow | undefined {
    if (plugin !== 'lvmthin') return undefined;
    const { thinpool, vgname } = this.#configs.get(storage) ?? {};
    const pools = this.#thin.get(node) ?? [];
    return pools.find(({ lv, vg }) => lv === thinpool && (vg === undefined || vg === vgname));
  }

  /**
   * Storages whose content is to be read: every half an hour, and those for backups when backups are over.
   *
   * @param wanted what is of interest among all that can be kept there
   */
  due(places: readonly Place[], wanted: ReadonlySet<string>, now: number): readonly Place[] {
    // While one guest after another is backed up there is another end every few minutes.
    const afterBackup = this.#backupEnded && this.#locked.size === 0;
    if (afterBackup) this.#backupEnded = false;
    return places.filter(({ path, active, content }) => {
      if (!active || ![...content].some((kind) => wanted.has(kind))) return false;
      const known = this.#listed.get(path);
      if (known === undefined || (afterBackup && content.has('backup'))) return true;
      return now - known.at >= (known.failed ? RETRY_MS : AGAIN_MS);
    });
  }

  /** Takes what lies on a storage. */
  saw(path: string, volumes: readonly VolumeRow[], at: number): void {
    this.#listed.set(path, { volumes, at, failed: false });
  }

  /** It could not be read: what was there counts as still there. */
  failed(path: string, at: number): void {
    this.#listed.set(path, { volumes: this.#listed.get(path)?.volumes, at, failed: true });
  }

  /** undefined: it was never read. */
  volumesOn(path: string): readonly VolumeRow[] | undefined {
    return this.#listed.get(path)?.volumes;
  }

  /** It was read when it was read last. */
  isFresh(path: string): boolean {
    return this.#listed.get(path)?.failed === false;
  }
}
