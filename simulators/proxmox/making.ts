import { check, type Identity, may } from './access.ts';
import type { ProxmoxCluster } from './cluster.ts';
import { badParameters, died, forbidden } from './errors.ts';
import type { SimGuest } from './guest.ts';
import { holding } from './holding.ts';
import { textOf, type Values } from './parameters.ts';
import type { SimTask } from './tasks.ts';
import { isOn } from './views/resources.ts';

/** Who makes a guest, where and as which. */
export interface Maker {
  readonly cluster: ProxmoxCluster;
  readonly node: string;
  readonly who: Identity;
  readonly values: Values;
}

/** @throws PveError as for a pool that is not there, and for who may not make this guest, neither by itself nor in its pool */
export function checkAllocate({ cluster, who, values }: Maker, vmid: number): void {
  const pool = textOf(values, 'pool');
  if (pool !== undefined && !cluster.pools.includes(pool)) throw died(`pool '${pool}' does not exist`);
  if (may(who, `/vms/${vmid}`, 'VM.Allocate')) return;
  if (pool !== undefined && may(who, `/pool/${pool}`, 'VM.Allocate')) return;
  throw forbidden(`/vms/${vmid}, VM.Allocate`);
}

/** As `check_vm_perm`: at the guest, or at the pool that it comes into. */
export function checkAtGuest({ who, values }: Maker, vmid: number, ...anyOf: readonly string[]): void {
  const pool = textOf(values, 'pool');
  if (pool !== undefined && anyOf.some((privilege) => may(who, `/pool/${pool}`, privilege))) return;
  check(who, `/vms/${vmid}`, anyOf, true);
}

/** @throws PveError for a storage that is not there, that takes no such content, or that one may not put anything on */
export function checkStorage({ cluster, node, who }: Maker, storage: string, content: string): void {
  const found = cluster.storages.find((each) => each.storage === storage);
  if (found === undefined) throw died(`storage '${storage}' does not exist`);
  if (!isOn(found, node)) throw died(`storage '${storage}' is not available on node '${node}'`);
  check(who, `/storage/${storage}`, ['Datastore.AllocateSpace']);
  if (found.content.split(',').includes(content)) return;
  const what = content === 'rootdir' ? 'container directories' : 'vm images';
  throw badParameters({ storage: `storage '${storage}' does not support ${what}` });
}

/** As `check_vnet_access`. @param tag VLAN */
export function checkBridge({ who }: Maker, bridge: string, tag: number | undefined): void {
  const zone = `/sdn/zones/localnetwork/${bridge}`;
  if (tag !== undefined && may(who, `${zone}/${tag}`, 'SDN.Use')) return;
  check(who, zone, ['SDN.Use']);
}

/** @throws PveError where the vmid is taken */
export function checkUnused({ guests }: ProxmoxCluster, vmid: number, before = ''): void {
  const other = guests.find((guest) => guest.vmid === vmid);
  if (other !== undefined)
    throw died(`${before}${other.kind} ${vmid} already exists on node '${other.node}'`);
}

/**
 * Fills a guest that is there by name only. What fails takes it away again; a node that is lost in the middle leaves it
 * behind, locked.
 */
export async function fill(
  task: SimTask,
  cluster: ProxmoxCluster,
  guest: SimGuest,
  storage: string,
  ms: number,
  look: () => void = () => {},
): Promise<void> {
  try {
    await holding(task, guest, async () => {
      look();
      await task.pause(ms / 2);
      if (cluster.makeError !== undefined) throw new Error(cluster.makeError);
      const full = cluster.storages.find((each) => each.storage === storage);
      if (full !== undefined && full.used + guest.spec.disk * 0.01 > full.total) {
        throw new Error(`zfs error: cannot create 'rpool/data/vm-${guest.vmid}-disk-0': out of space`);
      }
      await task.pause(ms / 2);
    });
    guest.isBare = false;
    guest.lock = undefined;
  } catch (thrown) {
    if (task.running && cluster.guest(guest.vmid) === guest) cluster.remove(guest.vmid);
    throw thrown;
  }
}
