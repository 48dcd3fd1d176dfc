import type { ProxmoxCluster } from './cluster.ts';
import { badParameters, died } from './errors.ts';
import type { SimGuest } from './guest.ts';
import { checkLock, holding } from './holding.ts';
import { devicesOf, isLocal } from './preconditions.ts';
import type { SimTask } from './tasks.ts';
import { isOn } from './views/resources.ts';

interface Asked {
  readonly cluster: ProxmoxCluster;
  readonly guest: SimGuest;
  readonly user: string;
}

export interface Migration {
  readonly target: string;
  /** A VM moves while it runs. */
  readonly online?: boolean;
  /** A container stops, moves and starts again. */
  readonly restart?: boolean;
  /** Disks on storages of the node alone are copied while the VM runs. */
  readonly withLocalDisks?: boolean;
  /** Where to disks are copied; left out: to a storage of the same name. */
  readonly storage?: string | undefined;
}

/** Moves a guest to another node. @throws PveError for what is refused before there is a task */
export function migrate(asked: Asked, migration: Migration): SimTask {
  const { cluster, guest } = asked;
  const { target, online = false, restart = false } = migration;
  if (target === guest.node) throw badParameters({ target: 'target is local node.' });
  cluster.checkQuorum();
  if (!cluster.nodes.some(({ name }) => name === target)) throw died(`no such cluster node '${target}'`);
  if (guest.type === 'qemu') refuse(() => checkLock(guest));
  if (guest.running && guest.type === 'qemu' && !online)
    throw died("can't migrate running VM without --online");
  if (guest.running && guest.type === 'lxc' && !online && !restart) {
    throw died("can't migrate running container without --online or --restart");
  }
  const wanted = migration.storage ?? guest.spec.storage ?? 'local-zfs';
  if (
    guest.type === 'qemu' &&
    !cluster.storages.some((each) => each.storage === wanted && isOn(each, target))
  )
    throw died(`storage '${wanted}' is not available on node '${target}'`);
  const about = { node: guest.node, id: String(guest.vmid), user: asked.user };
  if (guest.spec.ha === 'started' || guest.spec.ha === 'stopped') {
    const run = async (task: SimTask): Promise<void> => {
      task.say(`Requesting HA migration for ${guest.kind} ${guest.vmid} to node ${target}`);
      await task.pause(1_000);
      cluster.clock.after(4_000, () => {
        const type = guest.type === 'qemu' ? 'qmigrate' : 'vzmigrate';
        const moving = { ...about, node: guest.node, type, user: 'root@pam' };
        cluster.tasks.start({
          ...moving,
          run: (own) => holding(own, guest, () => move(own, asked, migration)),
        });
      });
    };
    return cluster.tasks.start({ ...about, type: 'hamigrate', run });
  }
  return cluster.tasks.start({
    ...about,
    type: guest.type === 'qemu' ? 'qmigrate' : 'vzmigrate',
    run: (task) => holding(task, guest, () => move(task, asked, migration)),
  });
}

/** @throws the words of a worker that finds that a guest cannot be moved */
function checkMovable({ cluster, guest }: Asked, { target, withLocalDisks, storage }: Migration): void {
  const { local, mapped } = devicesOf(cluster, guest);
  if (local.length > 0) throw new Error(`can't migrate VM which uses local devices: ${local.join(', ')}`);
  const missing = mapped.filter(({ nodes }) => !nodes.includes(target)).map(({ key }) => key);
  if (missing.length > 0)
    throw new Error(`can't migrate to '${target}': missing mapped devices ${missing.join(', ')}`);
  const copies = withLocalDisks === true || storage !== undefined;
  if (guest.type === 'qemu' && guest.running && isLocal(cluster, guest) && !copies)
    throw new Error("can't migrate VM - check log");
}

async function move(task: SimTask, asked: Asked, migration: Migration): Promise<void> {
  const { cluster, guest } = asked;
  const { target, storage } = migration;
  const { ip } = cluster.node(target).spec;
  const stamp = (): string => new Date(cluster.clock.now()).toISOString().slice(0, 19).replace('T', ' ');
  const say = (line: string): void => task.say(`${stamp()} ${line}`);
  checkLock(guest);
  say(`starting migration of ${guest.kind} ${guest.vmid} to node '${target}' (${ip})`);
  if (!cluster.node(target).online) {
    throw new Error(`Can't connect to destination address using public key`);
  }
  checkMovable(asked, migration);
  const restarts = guest.type === 'lxc' && guest.running;
  guest.lock = 'migrate';
  try {
    if (restarts) {
      say(`shutdown CT ${guest.vmid}`);
      await task.pause(guest.spec.shutdownMs ?? 3_000);
      guest.count(cluster.clock.now());
      guest.stopped();
    }
    await task.pause(10_000);
    if (guest.migrateError !== undefined) {
      say(`ERROR: ${guest.migrateError}`);
      throw new Error('migration aborted');
    }
    guest.node = target;
    if (storage !== undefined && isLocal(cluster, guest)) guest.spec = { ...guest.spec, storage };
    say(`migration finished successfully (duration 00:00:${restarts ? '14' : '10'})`);
  } finally {
    guest.lock = undefined;
  }
  if (restarts) {
    say(`start container on target node`);
    await task.pause(guest.spec.startMs ?? 1_500);
    guest.started(cluster.clock.now(), 1_000 + Math.floor(cluster.chance.next() * 4_000_000));
  }
}

export interface Destruction {
  readonly purge?: boolean;
  /** A container may run; it is stopped first. */
  readonly force?: boolean;
}

/** Deletes a guest and its disks. */
export function destroy(asked: Asked, { purge = false, force = false }: Destruction = {}): SimTask {
  const { cluster, guest, user } = asked;
  refuse(() => checkDestroy(guest, purge, force));
  return cluster.tasks.start({
    node: guest.node,
    type: guest.type === 'qemu' ? 'qmdestroy' : 'vzdestroy',
    id: String(guest.vmid),
    user,
    run: (task) =>
      holding(task, guest, async () => {
        checkDestroy(guest, purge, force);
        checkLock(guest);
        if (purge) task.say(`purging ${guest.kind} ${guest.vmid} from related configurations..`);
        await task.pause(2_000);
        if (guest.running) guest.stopped();
        // Somebody may have put another guest in its place.
        if (cluster.guest(guest.vmid) === guest) {
          guest.heldBy = undefined;
          cluster.remove(guest.vmid);
        }
      }),
  });
}

function checkDestroy({ kind, vmid, spec, running, type }: SimGuest, purge: boolean, force: boolean): void {
  if (spec.protection === true) throw new Error(`can't remove ${kind} ${vmid} - protection mode enabled`);
  if (spec.ha !== undefined && !purge) {
    throw new Error(`unable to remove ${kind} ${vmid} - used in HA resources and purge parameter not set.`);
  }
  if (!running || (type === 'lxc' && force)) return;
  throw new Error(
    type === 'qemu'
      ? `VM ${vmid} is running - destroy failed`
      : `unable to destroy CT ${vmid} - container is running`,
  );
}

/** What a worker would end with, said before there is one. */
function refuse(check: () => void): void {
  try {
    check();
  } catch (thrown) {
    throw died((thrown as Error).message);
  }
}
