import type { Place } from '../storage/place.ts';

type May = (path: string, privilege: string) => boolean;

/**
 * Whether all backups of a guest on a storage are shown. Proxmox VE leaves those out of its answer that one may not see,
 * and nothing in it says so.
 */
export const seesBackups = (may: May, storage: string, vmid: number): boolean =>
  may(`/storage/${storage}`, 'Datastore.Allocate') ||
  (may(`/storage/${storage}`, 'Datastore.AllocateSpace') && may(`/vms/${vmid}`, 'VM.Backup'));

/** Whether all storages are shown: one that is not may hold backups, and nothing says that there is one. */
export const seesStorages = (may: May): boolean =>
  ['Datastore.Audit', 'Datastore.AllocateSpace'].some((privilege) => may('/storage', privilege));

/** Whether all disks of guests on a storage are shown. */
export const seesDisks = (may: May, storage: string): boolean =>
  may(`/storage/${storage}`, 'Datastore.Allocate') || may('/vms', 'VM.Config.Disk');

/** The rights without which not all backups are shown, as in `VM.Backup at /vms`. */
export function missingRights(places: readonly Place[], may: May): readonly string[] {
  const missing = places
    .filter(
      ({ content, storage }) => content.has('backup') && !may(`/storage/${storage}`, 'Datastore.Allocate'),
    )
    .flatMap(({ storage }) => [
      ...(may(`/storage/${storage}`, 'Datastore.AllocateSpace')
        ? []
        : [`Datastore.AllocateSpace at /storage/${storage}`]),
      ...(may('/vms', 'VM.Backup') ? [] : ['VM.Backup at /vms']),
    ]);
  // Whoever is shown no storage at all was meant to see none.
  const hidden = places.length > 0 && !seesStorages(may) ? ['Datastore.Audit at /storage'] : [];
  return [...new Set([...hidden, ...missing])];
}
