import type { Surroundings } from './surroundings.ts';
import type { GuestRow } from './wire.ts';

/** What may be done to a guest with our user and token; what may not is left out, and not offered. */
export function controlsOf(
  { type, vmid, node }: GuestRow,
  { may, takesBackups }: Pick<Surroundings, 'may' | 'takesBackups'>,
) {
  const path = `/vms/${vmid}`;
  const power = may(path, 'VM.PowerMgmt');
  return {
    ...(power && { switchable: true as const }),
    // A container can only be frozen by CRIU, which hardly any container survives.
    ...(power && type === 'qemu' && { pausable: true as const }),
    ...(power && type === 'qemu' && mayHibernate(path, may) && { hibernatable: true as const }),
    ...(may(path, 'VM.Snapshot') && { snapshotable: true as const }),
    ...(may(path, 'VM.Backup') && takesBackups(node) && { backupable: true as const }),
  };
}

/** Its memory becomes a disk, where its others are. */
const mayHibernate = (path: string, may: Surroundings['may']): boolean =>
  may(path, 'VM.Config.Disk') && may('/storage', 'Datastore.AllocateSpace');
