import { type Identity, may } from '../access.ts';
import type { ProxmoxCluster } from '../cluster.ts';
import type { SimGuest } from '../guest.ts';
import type { SimNode } from '../node.ts';
import type { StorageSpec } from '../spec.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows of `GET /cluster/resources` for one user. */
export function resourcesOf(cluster: ProxmoxCluster, who: Identity, type?: string): readonly Row[] {
  const wanted = (kind: string): boolean => type === undefined || type === kind;
  return [
    ...(wanted('pool') ? poolRows(cluster, who) : []),
    ...(wanted('vm') ? guestRows(cluster, who) : []),
    ...(wanted('node')
      ? cluster.nodes.map((node) => ({ ...nodeRow(cluster, node, who), 'cgroup-mode': 2 }))
      : []),
    ...(wanted('storage') ? storageRows(cluster, who) : []),
    // The web page draws it; clients have to leave alone what they do not know.
    ...(type === undefined ? networkRows(cluster, who) : []),
  ];
}

function guestRows(cluster: ProxmoxCluster, who: Identity): readonly Row[] {
  return cluster.guests
    .filter(({ vmid }) => may(who, `/vms/${vmid}`, 'VM.Audit'))
    .map((guest) => guestRow(cluster, guest, who));
}

function guestRow(cluster: ProxmoxCluster, guest: SimGuest, who: Identity): Row {
  const { at: _at, ...told } = cluster.broadcast.guest(guest.vmid) ?? { at: 0, status: 'unknown' };
  const { memhost, ...news } = { memhost: undefined, ...told };
  const { pool, ha } = guest.spec;
  return {
    id: `${guest.type}/${guest.vmid}`,
    vmid: guest.vmid,
    node: guest.node,
    type: guest.type,
    ...news,
    // Since Proxmox VE 9.
    ...(memhost === undefined || cluster.mainVersion < 9 ? {} : { memhost }),
    ...(pool !== undefined && may(who, `/pool/${pool}`, 'Pool.Audit') ? { pool } : {}),
    ...(guest.lock === undefined ? {} : { lock: guest.lock }),
    ...(guest.tags === undefined ? {} : { tags: guest.tags }),
    ...(ha === undefined ? {} : { hastate: ha }),
  };
}

/** Also of `GET /nodes`. */
export function nodeRow(cluster: ProxmoxCluster, node: SimNode, who: Identity): Row {
  const { name, spec } = node;
  const told = cluster.broadcast.node(name);
  const audit = may(who, `/nodes/${name}`, 'Sys.Audit');
  const online = told !== undefined && node.online;
  return {
    id: `node/${name}`,
    node: name,
    type: 'node',
    status: !node.online ? 'offline' : online ? 'online' : 'unknown',
    ...(told === undefined ? {} : { level: '' }),
    ...(told !== undefined && audit ? { maxcpu: spec.cpus, maxmem: spec.memory, maxdisk: spec.root } : {}),
    ...(online && audit ? { uptime: told.uptime, cpu: told.cpu, mem: told.mem, disk: told.disk } : {}),
  };
}

function storageRows(cluster: ProxmoxCluster, who: Identity): readonly Row[] {
  return cluster.storages
    .filter(({ storage }) => may(who, `/storage/${storage}`, 'Datastore.Audit'))
    .flatMap((storage) =>
      cluster.nodes
        .filter(({ name }) => isOn(storage, name))
        .map(({ name }) => storageRow(cluster, storage, name)),
    );
}

function storageRow(cluster: ProxmoxCluster, storage: StorageSpec, node: string): Row {
  const told = cluster.broadcast.node(node) !== undefined;
  return {
    id: `storage/${node}/${storage.storage}`,
    storage: storage.storage,
    node,
    type: 'storage',
    plugintype: storage.type,
    status: told ? 'available' : 'unknown',
    shared: storage.shared === true ? 1 : 0,
    content: storage.content,
    ...(told ? { maxdisk: storage.total, disk: storage.used } : {}),
  };
}

function poolRows(cluster: ProxmoxCluster, who: Identity): readonly Row[] {
  const pools = new Set(cluster.guests.flatMap(({ spec: { pool } }) => pool ?? []));
  return [...pools.union(new Set(cluster.pools))]
    .filter((pool) => may(who, `/pool/${pool}`, 'Pool.Audit'))
    .map((pool) => ({ id: `/pool/${pool}`, pool, type: 'pool' }));
}

function networkRows(cluster: ProxmoxCluster, who: Identity): readonly Row[] {
  if (!may(who, '/sdn/zones/localnetwork', 'SDN.Audit')) return [];
  return cluster.nodes.map(({ name }) => ({
    id: `network/${name}/zone/localnetwork`,
    type: 'network',
    'network-type': 'zone',
    network: 'localnetwork',
    node: name,
    status: 'ok',
  }));
}

export const isOn = ({ nodes }: StorageSpec, node: string): boolean => nodes?.includes(node) ?? true;
