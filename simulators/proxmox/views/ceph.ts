/** Ceph, as far as its state can be asked for. */
export interface CephSpec {
  readonly health: 'HEALTH_OK' | 'HEALTH_WARN' | 'HEALTH_ERR';
  /** What it complains of, by the check's name. */
  readonly checks?: Readonly<Record<string, string>>;
  /** Bytes. */
  readonly used: number;
  readonly total: number;
}

/** `GET /cluster/ceph/status`: what `ceph status` prints. */
export function cephStatus({ health, checks = {}, used, total }: CephSpec): object {
  const severity = health === 'HEALTH_ERR' ? 'HEALTH_ERR' : 'HEALTH_WARN';
  return {
    fsid: '5e0e1f7a-27a9-4c5c-9b8e-1f5a8a7f0c11',
    health: {
      status: health,
      checks: Object.fromEntries(
        Object.entries(checks).map(([name, message]) => [
          name,
          { severity, summary: { message, count: 1 }, detail: [], muted: false },
        ]),
      ),
      mutes: [],
    },
    quorum_names: ['pve1', 'pve2', 'pve3'],
    osdmap: { num_osds: 6, num_up_osds: 6, num_in_osds: 6 },
    pgmap: {
      num_pgs: 129,
      bytes_used: used,
      bytes_total: total,
      bytes_avail: total - used,
      data_bytes: used / 3,
    },
  };
}
