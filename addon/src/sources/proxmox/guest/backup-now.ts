import type { Capabilities } from '../../../contract/capabilities.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import type { BackupJobRow } from '../cluster/wire.ts';
import { nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { taskEnded } from '../tasks.ts';
import { checkUnlocked, found, type List } from './found.ts';
import type { GuestRow } from './wire.ts';

/** Large guests on slow storages take hours. */
const MS = 12 * 3_600_000;
/** Since then a backup has notes. */
const NOTES_SINCE = 8;

/**
 * Backups of guests, made while they run.
 *
 * @param wanted name of the storage, if the user named one
 */
export function backupsOf(desk: Desk, list: List, wanted: string | undefined): Capabilities['backup'] {
  const { client, picture, context } = desk;
  return {
    take: async (id, about, signal, note = () => {}) => {
      const { row, lock } = await found(desk, list, id, signal);
      checkUnlocked(row, lock);
      const fit = picture.storagesFor('backup', row.node);
      const storage = chosen(row, fit, wanted, wanted === undefined ? await jobsOf(desk, signal) : []);
      const notes = (picture.nodes.mainVersion(row.node) ?? 0) >= NOTES_SINCE;
      const body = {
        vmid: String(row.vmid),
        storage,
        mode: 'snapshot',
        compress: 'zstd',
        // Nobody who asks for one more backup asks for fewer old ones.
        remove: '0',
        ...(notes && { 'notes-template': `{{guestname}} · ${plain(about)}` }),
      };
      const upid = await client.post<string>(`${nodePath(row.node)}/vzdump`, body, signal);
      note({ vendorRef: upid });
      await taskEnded(client, upid, context.clock, MS, signal);
      return storage;
    },
  };
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

/** What is in braces would be replaced. */
const plain = (text: string): string => text.replaceAll(/[{}\\]/g, '').slice(0, 400);
