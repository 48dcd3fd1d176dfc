import type { Capabilities } from '../../../contract/capabilities.ts';
import type { Task } from '../../../contract/provision.ts';
import { backupNow } from './backup-now.ts';
import type { Bench } from './bench.ts';
import { cloneGuest } from './clone-guest.ts';
import { createLxc } from './create-lxc.ts';
import { createVm } from './create-vm.ts';
import { createZfsPool } from './create-zfs-pool.ts';
import { deleteGuest } from './delete-guest.ts';
import { deleteSnapshot } from './delete-snapshot.ts';
import { attachGpu, detachGpu } from './gpu.ts';
import { migrateGuest } from './migrate-guest.ts';
import { pruneSnapshots } from './prune-snapshots.ts';
import { resizeGuest } from './resize-guest.ts';
import { restoreBackup } from './restore-backup.ts';
import { restoreOver } from './restore-over.ts';
import { rollback } from './rollback.ts';
import { snapshot } from './snapshot.ts';

/** By the id of their action: a file each, and a line here. */
const TASKS: Readonly<Record<string, (bench: Bench) => Task>> = {
  backup_now: backupNow,
  clone_guest: cloneGuest,
  create_lxc: createLxc,
  create_vm: createVm,
  delete_guest: deleteGuest,
  attach_gpu: attachGpu,
  create_zfs_pool: createZfsPool,
  detach_gpu: detachGpu,
  delete_snapshot: deleteSnapshot,
  migrate_guest: migrateGuest,
  prune_snapshots: pruneSnapshots,
  resize_guest: resizeGuest,
  restore_backup: restoreBackup,
  restore_over: restoreOver,
  rollback,
  snapshot,
};

/** What can be made, changed and taken away in a cluster. */
export function provisionOf(bench: Bench): Capabilities['provision'] {
  const tasks = Object.fromEntries(Object.entries(TASKS).map(([action, task]) => [action, task(bench)]));
  return { task: (action) => tasks[action] };
}
