import type { ProxmoxCluster } from './cluster.ts';
import type { SimGuest } from './guest.ts';
import { checkLock } from './holding.ts';
import type { SimTask } from './tasks.ts';

export interface Backup {
  readonly node: string;
  readonly user: string;
  readonly storage: string;
  /** Left out: all of the node. */
  readonly vmid?: number | undefined;
  /** What the backup of a guest fails with; undefined: it succeeds. */
  readonly failure?: (guest: SimGuest) => string | undefined;
}

const GIB = 1024 ** 3;
const MIB_PER_S = 400;

/** Backs guests up one after another, as the schedule or somebody asked. */
export function backup(cluster: ProxmoxCluster, { node, user, storage, vmid, failure }: Backup): SimTask {
  return cluster.tasks.start({
    node,
    type: 'vzdump',
    id: vmid === undefined ? '' : String(vmid),
    user,
    run: async (task) => {
      const guests = cluster.guestsOn(node).filter((guest) => vmid === undefined || guest.vmid === vmid);
      const target = vmid === undefined ? '--all 1' : String(vmid);
      task.say(
        `INFO: starting new backup job: vzdump ${target} --mode snapshot --compress zstd --storage ${storage}`,
      );
      const failed: string[] = [];
      for (const guest of guests) {
        const error = await backupOne(task, cluster, guest, storage, failure);
        if (error !== undefined) failed.push(error);
      }
      task.say(`INFO: Backup job finished ${failed.length === 0 ? 'successfully' : 'with errors'}`);
      if (failed.length > 0) throw new Error(guests.length === 1 ? (failed[0] ?? '') : 'job errors');
    },
  });
}

async function backupOne(
  task: SimTask,
  cluster: ProxmoxCluster,
  guest: SimGuest,
  storage: string,
  failure: Backup['failure'],
): Promise<string | undefined> {
  const begin = cluster.clock.now();
  const stamp = (): string => new Date(cluster.clock.now()).toISOString().slice(0, 19).replace('T', ' ');
  task.say(`INFO: Starting Backup of ${guest.kind} ${guest.vmid} (${guest.type})`);
  task.say(`INFO: Backup started at ${stamp()}`);
  task.say(`INFO: status = ${guest.status}`);
  task.say(`INFO: ${guest.kind} Name: ${guest.name}`);
  const took = (): string => new Date(cluster.clock.now() - begin).toISOString().slice(11, 19);
  try {
    checkLock(guest);
    guest.lock = 'backup';
    try {
      await copy(task, guest, storage, failure?.(guest));
      keep(cluster, guest, storage, begin);
    } finally {
      guest.lock = undefined;
    }
    task.say(`INFO: Finished Backup of ${guest.kind} ${guest.vmid} (${took()})`);
    return undefined;
  } catch (thrown) {
    const { message } = thrown as Error;
    // Whoever stopped the task stopped all of it.
    if (!task.running || message === 'received interrupt') throw thrown;
    task.say(`ERROR: Backup of ${guest.kind} ${guest.vmid} failed - ${message}`);
    task.say(`INFO: Failed at ${stamp()}`);
    return message;
  }
}

/** What was copied lies there from now on. */
function keep(cluster: ProxmoxCluster, guest: SimGuest, storage: string, begin: number): void {
  const { node, vmid, type, spec } = guest;
  const time = Math.floor(begin / 1_000);
  const size = Math.floor(spec.disk * 0.31);
  const { snapshots: _, parent: _parent, ...settings } = spec;
  const kept = { ...settings, mac: guest.mac, uuid: guest.uuid, vmgenid: guest.vmgenid };
  cluster.archives = [...cluster.archives, { storage, node, vmid, type, time, size, spec: kept }];
}

async function copy(
  task: SimTask,
  guest: SimGuest,
  storage: string,
  failure: string | undefined,
): Promise<void> {
  const size = guest.spec.disk / GIB;
  const extension = guest.type === 'qemu' ? 'vma.zst' : 'tar.zst';
  task.say('INFO: backup mode: snapshot');
  task.say('INFO: ionice priority: 7');
  task.say(
    `INFO: creating vzdump archive '/mnt/pve/${storage}/dump/vzdump-${guest.type}-${guest.vmid}.${extension}'`,
  );
  const seconds = (size * 1_024) / MIB_PER_S;
  for (const percent of [25, 50, 75, 100]) {
    await task.pause((seconds / 4) * 1_000);
    if (failure !== undefined && percent === 50) throw new Error(failure);
    const done = ((size * percent) / 100).toFixed(1);
    task.say(
      `INFO:  ${percent}% (${done} GiB of ${size.toFixed(1)} GiB) in ${Math.ceil((seconds * percent) / 100)}s`,
    );
  }
  task.say(`INFO: archive file size: ${(size * 0.31).toFixed(2)}GB`);
}
