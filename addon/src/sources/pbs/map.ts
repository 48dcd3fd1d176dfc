import type { LabResourceOf } from '../../kinds/index.ts';
import type { Stock } from './backups.ts';
import type { Job } from './jobs.ts';
import { gib, shareOf, timeOf } from './units.ts';
import type { DatastoreEntry, NodeStatus, Usage, Version } from './wire.ts';

export const serverId = (owner: string): string => `${owner}/backupserver/main`;
export const datastoreId = (owner: string, store: string): string => `${owner}/datastore/${store}`;

export interface ServerKnowledge {
  readonly title: string;
  readonly url: string;
  readonly version: Version | undefined;
  readonly status: NodeStatus | undefined;
  /** Of its certificate, as far as that is pinned. */
  readonly fingerprint: string | undefined;
  /** When it started, milliseconds since 1970. */
  readonly started: number | undefined;
  readonly datastores: number;
  readonly work: Partial<LabResourceOf<'backupserver'>['readings']>;
}

/** The server itself. */
export function serverOf(owner: string, known: ServerKnowledge): LabResourceOf<'backupserver'> {
  const { title, url, version, status, started, datastores, work } = known;
  const release = version && [version.version, version.release].filter(Boolean).join('-');
  const kernel = status?.['current-kernel']?.release;
  const { model, cpus } = status?.cpuinfo ?? {};
  const fingerprint = status?.info?.fingerprint ?? known.fingerprint;
  return {
    id: serverId(owner),
    kind: 'backupserver',
    name: title,
    available: status !== undefined,
    readings: {
      cpu: status?.cpu === undefined ? null : status.cpu * 100,
      memory: gib(status?.memory?.used),
      memory_total: gib(status?.memory?.total),
      root_usage: shareOf(status?.root),
      started: timeOf(started === undefined ? undefined : started / 1_000),
      version: release ?? null,
      datastores,
      ...work,
    },
    facts: {
      manufacturer: 'Proxmox',
      model: 'Backup Server',
      url,
      ...(release !== undefined && { version: release }),
      ...(fingerprint && { fingerprint: fingerprint.toLowerCase() }),
      ...(kernel !== undefined && { kernel }),
      ...(model !== undefined && { processor: cpus === undefined ? model : `${model} (${cpus})` }),
    },
  };
}

export interface DatastoreKnowledge {
  readonly url: string;
  readonly usage: Usage;
  readonly entry: DatastoreEntry | undefined;
  /** undefined: not known, or not all of it is shown. */
  readonly stock: Stock | undefined;
  readonly jobs: readonly Job[];
  readonly now: number;
}

/** One datastore. */
export function datastoreOf(owner: string, known: DatastoreKnowledge): LabResourceOf<'datastore'> {
  const { usage, entry, stock, jobs, url, now } = known;
  const gc = usage['gc-status'];
  const trouble = troubleOf(known);
  const full = usage['estimated-full-date'];
  const [whole, kept] = [gc?.['index-data-bytes'], gc?.['disk-bytes']];
  return {
    id: datastoreId(owner, usage.store),
    kind: 'datastore',
    name: usage.store,
    parent: serverId(owner),
    available: true,
    readings: {
      problem: trouble.length > 0 ? true : stock === undefined ? null : false,
      trouble: trouble.length > 0 ? trouble.join('; ') : 'none',
      usage: shareOf(usage),
      used: gib(usage.used),
      total: gib(usage.total),
      // A time in the past says that it gets emptier.
      full_at: full === undefined || full * 1_000 < now ? null : timeOf(full),
      deduplication: whole === undefined || !kept ? null : whole / kept,
      groups: stock?.groups ?? null,
      snapshots: stock?.snapshots ?? null,
      unverified: stock?.unverified ?? null,
      broken: stock?.failed ?? null,
      last_backup: timeOf(stock?.last),
      maintenance: maintenanceOf(entry),
      removed: gib(gc?.['removed-bytes']),
      pending: gib(gc?.['pending-bytes']),
      ...(jobs.length > 0 && { jobs: [...jobs] }),
      ...(stock !== undefined && { backups: [...stock.backups] }),
    },
    facts: {
      manufacturer: 'Proxmox',
      model: 'Datastore',
      url: `${url}/#DataStore-${encodeURIComponent(usage.store)}`,
      ...(entry?.comment && { comment: entry.comment }),
    },
  };
}

function troubleOf({ usage, entry, stock }: DatastoreKnowledge): readonly string[] {
  const broken = stock?.failed ?? 0;
  // Whoever set the mode knows why it cannot be used.
  const isMeant = entry?.maintenance !== undefined;
  return [
    ...(usage.error !== undefined && !isMeant ? [usage.error] : []),
    ...(usage['mount-status'] === 'notmounted' ? ['its disk is not there'] : []),
    ...(broken > 0 ? [`${broken} ${broken === 1 ? 'backup is' : 'backups are'} not whole`] : []),
  ];
}

/** As in `read-only` or `type=offline,message=…`. */
function maintenanceOf(entry: DatastoreEntry | undefined): string | null {
  if (entry === undefined) return null;
  return entry.maintenance?.replace(/^type=/, '').split(',', 1)[0] ?? 'none';
}
