import type { ProxmoxCluster } from './cluster.ts';
import type { SimGuest } from './guest.ts';
import { checkLock, holding } from './holding.ts';
import type { SimTask } from './tasks.ts';

export interface SnapshotRequest {
  readonly name: string;
  readonly description?: string | undefined;
  /** With the memory of a running VM. */
  readonly vmstate?: boolean;
}

/** Freezes a guest's disks under a name. */
export function snapshot(
  cluster: ProxmoxCluster,
  guest: SimGuest,
  user: string,
  { name, description = '', vmstate = false }: SnapshotRequest,
): SimTask {
  return cluster.tasks.start({
    node: guest.node,
    type: guest.type === 'qemu' ? 'qmsnapshot' : 'vzsnapshot',
    id: String(guest.vmid),
    user,
    run: (task) =>
      holding(task, guest, async () => {
        checkLock(guest);
        const { snapshots = [] } = guest.spec;
        if (snapshots.some((each) => each.name === name)) {
          throw new Error(`snapshot name '${name}' already used`);
        }
        guest.lock = 'snapshot';
        try {
          task.say(
            `snapshotting 'drive-scsi0' (${guest.spec.storage ?? 'local-zfs'}:vm-${guest.vmid}-disk-0)`,
          );
          await task.pause(vmstate ? 6_000 : 1_500);
        } finally {
          guest.lock = undefined;
        }
        const taken = { name, description, vmstate, time: Math.floor(cluster.clock.now() / 1_000) };
        cluster.configure(guest.vmid, { snapshots: [...snapshots, taken] });
      }),
  });
}

/** Gives up a snapshot. */
export function deleteSnapshot(
  cluster: ProxmoxCluster,
  guest: SimGuest,
  user: string,
  name: string,
): SimTask {
  return cluster.tasks.start({
    node: guest.node,
    type: guest.type === 'qemu' ? 'qmdelsnapshot' : 'vzdelsnapshot',
    id: String(guest.vmid),
    user,
    run: (task) =>
      holding(task, guest, async () => {
        checkLock(guest);
        const has = (): boolean => guest.spec.snapshots?.some((each) => each.name === name) === true;
        if (!has()) throw new Error(`snapshot '${name}' does not exist`);
        guest.lock = 'snapshot-delete';
        try {
          await task.pause(1_500);
        } finally {
          guest.lock = undefined;
        }
        const snapshots = (guest.spec.snapshots ?? []).filter((each) => each.name !== name);
        cluster.configure(guest.vmid, { snapshots });
      }),
  });
}

/** `GET …/snapshot`: one after another, and last where the guest is now. */
export function snapshotRows(guest: SimGuest, digest: string): readonly object[] {
  const { snapshots = [] } = guest.spec;
  const rows = snapshots.map(({ name, description = '', time, vmstate }, index) => ({
    name,
    description,
    snaptime: time,
    ...(guest.type === 'qemu' ? { vmstate: vmstate === true ? 1 : 0 } : {}),
    ...parentOf(snapshots[index - 1]),
  }));
  const now = {
    name: 'current',
    description: 'You are here!',
    digest,
    ...(guest.type === 'qemu' ? { running: guest.running ? 1 : 0 } : {}),
    ...parentOf(snapshots.at(-1)),
  };
  return [...rows, now];
}

const parentOf = (before: { readonly name: string } | undefined): object =>
  before === undefined ? {} : { parent: before.name };
