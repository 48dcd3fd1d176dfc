import type { SimGuest } from './guest.ts';
import type { SimTask } from './tasks.ts';

const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 500;

/** A worker that changes a guest holds its lock file; another waits ten seconds for that and gives up. */
export async function holding<Result>(
  task: SimTask,
  guest: SimGuest,
  run: () => Promise<Result>,
): Promise<Result> {
  for (let waited = 0; guest.heldBy !== undefined; waited += LOOK_AGAIN_MS) {
    if (waited === 0) task.say('trying to acquire lock...');
    if (waited >= PATIENCE_MS) {
      const folder = guest.type === 'qemu' ? 'qemu-server/lock' : 'lxc/pve-config';
      throw new Error(`can't lock file '/var/lock/${folder}-${guest.vmid}.conf' - got timeout`);
    }
    await task.pause(LOOK_AGAIN_MS);
  }
  guest.heldBy = task;
  try {
    return await run();
  } finally {
    guest.heldBy = undefined;
  }
}

/** @throws the words of a worker that finds the configuration locked */
export function checkLock({ kind, lock }: SimGuest): void {
  if (lock !== undefined) throw new Error(`${kind} is locked (${lock})`);
}
