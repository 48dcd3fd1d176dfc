import { check } from './access.ts';
import { badParameters, died } from './errors.ts';
import type { SimGuest } from './guest.ts';
import { checkLock } from './holding.ts';
import { checkBridge, checkUnused, fill, type Maker } from './making.ts';
import { isSet, textOf } from './parameters.ts';
import type { GuestSpec } from './spec.ts';
import type { SimTask } from './tasks.ts';

/** Storages that can make a disk which holds only what differs from a snapshot; all can from a template. */
const LINKED = ['lvmthin', 'rbd'];

/** `POST …/clone` @throws PveError for what is refused before there is a task */
export function clone(maker: Maker, source: SimGuest): SimTask {
  const { cluster, who, values } = maker;
  const newid = Number(values.newid);
  const { spec, type } = source;
  const pool = textOf(values, 'pool');
  if (pool !== undefined && !cluster.pools.includes(pool)) throw died(`pool '${pool}' does not exist`);
  cluster.checkQuorum();
  refuse(() => checkLock(source));
  const snapname = textOf(values, 'snapname');
  if (snapname !== undefined && !spec.snapshots?.some(({ name }) => name === snapname))
    throw died(`snapshot '${snapname}' does not exist`);
  const full = values.full === undefined ? spec.template !== true : isSet(values, 'full');
  const storage = textOf(values, 'storage');
  const own = spec.storage ?? 'local-zfs';
  if (storage !== undefined && !full) throw died("parameter 'storage' not allowed for linked clones");
  const to = cluster.storages.find((each) => each.storage === (storage ?? own));
  if (to === undefined) throw died(`storage '${storage}' does not exist`);
  const content = type === 'qemu' ? 'images' : 'rootdir';
  if (storage !== undefined && !to.content.split(',').includes(content))
    throw badParameters({ storage: `storage '${storage}' does not support vm images` });
  check(who, `/storage/${to.storage}`, ['Datastore.AllocateSpace']);
  checkBridge(maker, spec.bridge ?? 'vmbr0', spec.vlan);
  if (!full && spec.template !== true && !(snapname !== undefined && LINKED.includes(to.type)))
    throw died(`Linked clone feature is not supported for '${own}:vm-${source.vmid}-disk-0' (scsi0)`);
  if (type === 'lxc' && full && source.running && snapname === undefined)
    throw died('Full clone of a running container is only possible from a snapshot');
  const target = textOf(values, 'target') ?? source.node;
  const isShared = cluster.storages.some((each) => each.storage === own && each.shared);
  if (target !== source.node && (!isShared || !to.shared))
    throw died(`can't clone VM to node '${target}' (VM uses local storage)`);
  if (type === 'lxc') checkUnused(cluster, newid);
  else if (cluster.guest(newid) !== undefined)
    throw died(`unable to create VM ${newid}: config file already exists`);
  const guest = cluster.create(specOf(maker, source, to.storage, newid));
  guest.isBare = true;
  guest.lock = type === 'qemu' ? 'clone' : 'create';
  if (type === 'lxc') source.lock = 'disk';
  return cluster.tasks.start({
    ...{
      node: source.node,
      type: type === 'qemu' ? 'qmclone' : 'vzclone',
      id: String(source.vmid),
      user: who.id,
    },
    run: async (task) => {
      const what = type === 'qemu' ? 'VM' : 'container';
      task.say(`creating a clone of ${what} ${source.vmid} with ID ${newid}`);
      try {
        await fill(task, cluster, guest, to.storage, full ? cluster.cloneMs : 1_000);
        guest.node = target;
      } catch (thrown) {
        throw type === 'qemu' ? new Error(`clone failed: ${(thrown as Error).message}`) : thrown;
      } finally {
        if (source.lock === 'disk') source.lock = undefined;
      }
    },
  });
}

/** All that it copies; what a guest has for itself is new. */
function specOf({ values }: Maker, { spec, node, type }: SimGuest, storage: string, vmid: number): GuestSpec {
  const { mac: _mac, uuid: _uuid, vmgenid: _vmgenid, snapshots: _, upMs: _up, ha: _ha, ...kept } = spec;
  const { template: _template, pool: _pool, ...copied } = kept;
  const name = textOf(values, type === 'qemu' ? 'name' : 'hostname');
  const pool = textOf(values, 'pool');
  const description = textOf(values, 'description');
  return {
    ...copied,
    ...{ vmid, node, storage, addresses: [`10.0.20.${(vmid % 150) + 100}/24`] },
    name: name ?? (type === 'qemu' ? `Copy-of-VM-${spec.name}` : spec.name),
    ...(pool !== undefined && { pool }),
    ...(description !== undefined && { description: `${description}\n` }),
  };
}

function refuse(run: () => void): void {
  try {
    run();
  } catch (thrown) {
    throw died((thrown as Error).message);
  }
}
