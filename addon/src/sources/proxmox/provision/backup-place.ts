import { asLabError, LabError } from '../../../core/errors.ts';
import type { BackupJobRow } from '../cluster/wire.ts';
import type { GuestRow } from '../guest/wire.ts';
import type { Desk } from '../reader.ts';

/**
 * Finds the storage that a guest is backed up to.
 *
 * @param wanted name of the storage, if the user named one
 * @throws LabError as `chosen`
 */
export async function backupPlace(
  desk: Desk,
  row: GuestRow,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const fit = desk.picture.storagesFor('backup', row.node);
  return chosen(row, fit, wanted, wanted === undefined ? await jobsOf(desk, signal) : []);
}

/**
 * Which storage a guest is backed up to.
 *
 * @param fit those that take backups from its node
 * @throws LabError `source_refused` where nothing says which one
 */
export function chosen(
  guest: GuestRow,
  fit: readonly string[],
  wanted: string | undefined,
  jobs: readonly BackupJobRow[],
): string {
  const name = guest.name ?? `${guest.vmid}`;
  if (wanted !== undefined) {
    if (fit.includes(wanted)) return wanted;
    throw new LabError('source_refused', `${name} cannot be backed up to ${wanted}, as backup_storage says`, {
      hint: `it takes no backups from ${guest.node} now; those that do: ${fit.join(', ') || 'none'}`,
    });
  }
  const ofJob = jobs.find((job) => isIn(guest, job) && fit.includes(job.storage ?? ''))?.storage;
  const only = fit.length === 1 ? fit[0] : undefined;
  const storage = ofJob ?? only;
  if (storage !== undefined) return storage;
  const which =
    fit.length === 0 ? `no storage takes backups from ${guest.node}` : `${fit.join(', ')} take backups`;
  throw new LabError('source_refused', `where to shall ${name} be backed up? ${which}`, {
    hint: 'name the storage in the option backup_storage, or put the guest into a backup job',
  });
}

function isIn({ vmid, node, pool }: GuestRow, job: BackupJobRow): boolean {
  const { vmid: named, exclude, pool: ofPool, node: ofNode } = job as BackupJobRow & Limits;
  if (ofNode !== undefined && ofNode !== node) return false;
  if (ofPool !== undefined) return ofPool === pool;
  const lists = (text: string | undefined): boolean => text?.split(/[\s,;]+/).includes(String(vmid)) ?? false;
  return lists(named) || (Number(job.all ?? 0) === 1 && !lists(exclude));
}

interface Limits {
  readonly vmid?: string;
  readonly exclude?: string;
  readonly pool?: string;
  readonly node?: string;
}

/** Whoever may not see the jobs has to name a storage, or have one only. */
async function jobsOf({ client, context }: Desk, signal: AbortSignal): Promise<readonly BackupJobRow[]> {
  try {
    return await client.list<BackupJobRow>('/cluster/backup', signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    context.log.debug(asLabError(thrown).message);
    return [];
  }
}
