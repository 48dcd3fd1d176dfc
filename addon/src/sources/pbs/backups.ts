import type { LabResourceOf } from '../../kinds/index.ts';
import { gib, timeOf } from './units.ts';
import type { SnapshotRow } from './wire.ts';

/** Of a name. */
const MOST_LETTERS = 100;

export type Backup = NonNullable<LabResourceOf<'datastore'>['readings']['backups']>[number];

/** What is in a datastore. */
export interface Stock {
  /** Things of which there is a backup. */
  readonly groups: number;
  readonly snapshots: number;
  /** Snapshots that were read again and are not whole. */
  readonly failed: number;
  /** Snapshots that nobody has read again yet. */
  readonly unverified: number;
  /** Time of the latest, seconds since 1970. */
  readonly last: number | undefined;
  /** The last good one of each. */
  readonly backups: readonly Backup[];
}

/** @param namespaces snapshots by namespace; '' is the one without a name */
export function stockOf(namespaces: ReadonlyMap<string, readonly SnapshotRow[]>): Stock {
  const groups = [...namespaces].flatMap(([ns, rows]) =>
    [...Map.groupBy(rows, (row) => `${row['backup-type']}/${row['backup-id']}`)].map(([group, own]) => ({
      ...{ ns, group, own: own.toSorted((a, b) => b['backup-time'] - a['backup-time']) },
    })),
  );
  const all = groups.flatMap(({ own }) => own);
  return {
    groups: groups.length,
    snapshots: all.length,
    failed: all.filter((row) => row.verification?.state === 'failed').length,
    unverified: all.filter((row) => isWhole(row) && row.verification === undefined).length,
    last: all.filter(isGood).reduce<number | undefined>(later, undefined),
    backups: distinct(groups.map(backupOf).sort((one, other) => (one.key < other.key ? -1 : 1))),
  };
}

/** Namespaces may be called so that two paths become one key: the later one gets a number. */
function distinct(backups: readonly Backup[]): readonly Backup[] {
  const times = new Map<string, number>();
  return backups.map((backup) => {
    const time = (times.get(backup.key) ?? 0) + 1;
    times.set(backup.key, time);
    return time === 1 ? backup : { ...backup, key: `${backup.key}_${time}` };
  });
}

function backupOf(of: {
  readonly ns: string;
  readonly group: string;
  readonly own: readonly SnapshotRow[];
}): Backup {
  const { ns, group, own } = of;
  const good = own.find(isGood);
  const path = ns === '' ? group : `${ns}/${group}`;
  return {
    key: path.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'),
    // Proxmox VE puts the guest's name there, unless told otherwise.
    title: own[0]?.comment?.split('\n')[0]?.trim().slice(0, MOST_LETTERS) || path,
    group,
    namespace: ns,
    count: own.length,
    last: timeOf(good?.['backup-time']),
    size: gib(good?.size),
    verified: good === undefined ? null : good.verification?.state === 'ok',
    encrypted: good === undefined ? null : isEncrypted(good),
  };
}

const later = (before: number | undefined, row: SnapshotRow): number =>
  Math.max(before ?? 0, row['backup-time']);

const isWhole = ({ size }: SnapshotRow): boolean => size !== undefined;
const isGood = (row: SnapshotRow): boolean => isWhole(row) && row.verification?.state !== 'failed';

/** The list of its files may be encrypted in no case: it is signed. */
const isEncrypted = ({ files = [] }: SnapshotRow): boolean =>
  files.some((file) => typeof file === 'object' && file['crypt-mode'] === 'encrypt');
