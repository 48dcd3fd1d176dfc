import type { ProxmoxCluster } from './cluster.ts';
import type { SimGuest } from './guest.ts';
import { checkLock, holding } from './holding.ts';
import { start as startGuest } from './power.ts';
import type { GuestSpec } from './spec.ts';
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
        const time = Math.floor(cluster.clock.now() / 1_000);
        const { name: called, cores, memory, disk } = guest.spec;
        const parent = parentOf(guest.spec);
        const taken = {
          ...{ name, description, vmstate, time, settings: { name: called, cores, memory, disk } },
          ...(parent !== undefined && { parent }),
        };
        cluster.configure(guest.vmid, { snapshots: [...snapshots, taken], parent: name });
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
        const { snapshots = [] } = guest.spec;
        const above = parentIn(snapshots, name);
        const left = snapshots
          .map((each) => {
            const parent = parentIn(snapshots, each.name);
            return { ...each, parent: parent === name ? above : parent };
          })
          .filter((each) => each.name !== name)
          .map(({ parent, ...each }) => (parent === undefined ? each : { ...each, parent }));
        const parent = parentOf(guest.spec) === name ? above : parentOf(guest.spec);
        const { parent: _, ...spec } = guest.spec;
        guest.spec = { ...spec, snapshots: left, ...(parent !== undefined && { parent }) };
      }),
  });
}

export interface Rollback {
  readonly name: string;
  /** It is started when it is over. */
  readonly start?: boolean;
}

/** Takes a guest back to a snapshot: a running one is cut off first. */
export function rollback(
  cluster: ProxmoxCluster,
  guest: SimGuest,
  user: string,
  { name, start = false }: Rollback,
): SimTask {
  return cluster.tasks.start({
    node: guest.node,
    type: guest.type === 'qemu' ? 'qmrollback' : 'vzrollback',
    id: String(guest.vmid),
    user,
    run: async (task) => {
      await holding(task, guest, () => goBack(task, cluster, guest, name));
      if (start && !guest.running) startGuest({ cluster, guest, user });
    },
  });
}

async function goBack(task: SimTask, cluster: ProxmoxCluster, guest: SimGuest, name: string): Promise<void> {
  const { snapshots = [], storage = 'local-zfs', template } = guest.spec;
  if (template === true) throw new Error("you can't rollback if vm is a template");
  const wanted = snapshots.find((each) => each.name === name);
  if (wanted === undefined) throw new Error(`snapshot '${name}' does not exist`);
  const isZfs = cluster.storages.some((each) => each.storage === storage && each.type === 'zfspool');
  if (isZfs && snapshots.some(({ time }) => time > wanted.time)) {
    const volume = `${storage}:${guest.type === 'lxc' ? 'subvol' : 'vm'}-${guest.vmid}-disk-0`;
    throw new Error(`can't rollback, '${name}' is not most recent snapshot on '${volume}'`);
  }
  checkLock(guest);
  if (guest.running) guest.stopped();
  guest.lock = 'rollback';
  try {
    await task.pause(2_000);
  } finally {
    guest.lock = undefined;
  }
  guest.vmgenid = cluster.chance.uuid();
  cluster.configure(guest.vmid, { ...wanted.settings, parent: name });
  if (wanted.vmstate === true) guest.started(cluster.clock.now(), 4_711);
}

/** `GET …/snapshot`: one after another, and last where the guest is now. */
export function snapshotRows(guest: SimGuest, digest: string): readonly object[] {
  const { snapshots = [] } = guest.spec;
  const rows = snapshots.map(({ name, description = '', time, vmstate }) => ({
    name,
    description,
    snaptime: time,
    ...(guest.type === 'qemu' ? { vmstate: vmstate === true ? 1 : 0 } : {}),
    ...given(parentIn(snapshots, name)),
  }));
  const now = {
    name: 'current',
    description: 'You are here!',
    digest,
    ...(guest.type === 'qemu' ? { running: guest.running ? 1 : 0 } : {}),
    ...given(parentOf(guest.spec)),
  };
  return [...rows, now];
}

/** The snapshot that a guest goes on from; undefined: none. */
export const parentOf = ({ parent, snapshots = [] }: GuestSpec): string | undefined =>
  snapshots.length === 0 ? undefined : (parent ?? snapshots.at(-1)?.name);

function parentIn(snapshots: NonNullable<GuestSpec['snapshots']>, name: string): string | undefined {
  const index = snapshots.findIndex((each) => each.name === name);
  return snapshots[index]?.parent ?? snapshots[index - 1]?.name;
}

const given = (parent: string | undefined): object => (parent === undefined ? {} : { parent });
