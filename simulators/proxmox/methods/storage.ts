import { may } from '../access.ts';
import { died } from '../errors.ts';
import { flag, isSet, numberOf, ofNode, oneOf, optional, text, textOf, whole } from '../parameters.ts';
import type { BackupJobSpec, StorageSpec } from '../spec.ts';
import { diskRow, smartAnswer, thinPoolRow } from '../views/disks.ts';
import { isOn } from '../views/resources.ts';
import { volumeRows } from '../views/volumes.ts';
import { poolRow, poolStatus } from '../views/zfs.ts';
import { createPool } from '../zpool.ts';
import type { Call, Method } from './method.ts';
import { perm } from './method.ts';

const nodeOf = ({ cluster, values }: Call) => cluster.node(textOf(values, 'node') ?? '');

const audited = {
  method: 'GET',
  parameters: ofNode,
  permission: perm('/', 'Sys.Audit'),
  proxied: true,
} as const;

const PLUGINS = 'btrfs cephfs cifs dir esxi iscsi iscsidirect lvm lvmthin nfs pbs rbd zfs zfspool'.split(' ');

/** Disks, what is made of them, and what lies on storages. */
export const STORAGE_METHODS: readonly Method[] = [
  {
    method: 'POST',
    path: '/nodes/{node}/disks/zfs',
    parameters: {
      ...{ ...ofNode, name: text, devices: text },
      raidlevel: oneOf(...'single mirror raid10 raidz raidz2 raidz3 draid draid2 draid3'.split(' ')),
      ...{ ashift: optional(whole(9, 16)), add_storage: optional(flag), 'draid-config': optional(text) },
      compression: optional(oneOf('on', 'off', 'gzip', 'lz4', 'lzjb', 'zle', 'zstd')),
    },
    permission: perm('/', 'Sys.Modify'),
    proxied: true,
    run: (call) => {
      const { cluster, who, values } = call;
      return createPool({ cluster, who, values, node: textOf(values, 'node') ?? '' }).upid;
    },
  },
  {
    ...audited,
    path: '/nodes/{node}/disks/list',
    parameters: {
      ...ofNode,
      'include-partitions': optional(flag),
      skipsmart: optional(flag),
      type: optional(oneOf('unused', 'journal_disks')),
    },
    permission: {
      or: [perm('/', 'Sys.Audit'), perm('/nodes/{node}', 'Sys.Audit')],
    },
    run: (call) => {
      const smart = !isSet(call.values, 'skipsmart');
      const { hardware } = nodeOf(call);
      if (smart) hardware.woken.push(...hardware.disks.map(({ device }) => device));
      return hardware.disks.map((disk) => diskRow(disk, smart));
    },
  },
  {
    ...audited,
    path: '/nodes/{node}/disks/smart',
    parameters: { ...ofNode, disk: text, healthonly: optional(flag) },
    run: (call) => {
      const { hardware } = nodeOf(call);
      const path = textOf(call.values, 'disk') ?? '';
      const disk = hardware.disks.find(({ device }) => `/dev/${device}` === path);
      if (disk === undefined) throw died(`not a valid block device: ${path}`);
      hardware.woken.push(disk.device);
      return smartAnswer(disk, isSet(call.values, 'healthonly'));
    },
  },
  {
    ...audited,
    path: '/nodes/{node}/disks/zfs',
    run: (call) => nodeOf(call).hardware.pools.map(poolRow),
  },
  {
    ...audited,
    path: '/nodes/{node}/disks/zfs/{name}',
    parameters: { ...ofNode, name: text },
    run: (call) => {
      const name = textOf(call.values, 'name');
      const pool = nodeOf(call).hardware.pools.find((each) => each.name === name);
      if (pool === undefined) throw died(`command '/sbin/zpool status -P ${name}' failed: exit code 1`);
      return poolStatus(pool);
    },
  },
  {
    ...audited,
    path: '/nodes/{node}/disks/lvmthin',
    run: (call) => nodeOf(call).hardware.thinPools.map(thinPoolRow),
  },
  {
    ...audited,
    path: '/nodes/{node}/time',
    permission: perm('/nodes/{node}', 'Sys.Audit'),
    run: (call) => timeIn(nodeOf(call).hardware.zone, call.cluster.clock.now()),
  },
  {
    ...audited,
    path: '/nodes/{node}/storage/{storage}/content',
    parameters: {
      ...ofNode,
      storage: text,
      content: optional(text),
      vmid: optional(whole(100, 999_999_999)),
    },
    permission: {
      path: '/storage/{storage}',
      privileges: ['Datastore.Audit', 'Datastore.AllocateSpace'],
      any: true,
    },
    run: (call) => {
      const { cluster, who, values } = call;
      const node = textOf(values, 'node') ?? '';
      const name = textOf(values, 'storage') ?? '';
      const storage = cluster.storages.find((each) => each.storage === name);
      if (storage === undefined) throw died(`storage '${name}' does not exist`);
      if (!isOn(storage, node)) throw died(`storage '${name}' is not available on node '${node}'`);
      const content = textOf(values, 'content');
      const vmid = numberOf(values, 'vmid');
      return volumeRows(cluster, who, {
        storage,
        node,
        ...(content !== undefined && { content }),
        ...(vmid !== undefined && { vmid }),
      });
    },
  },
  {
    method: 'GET',
    path: '/storage',
    parameters: { type: optional(oneOf(...PLUGINS)) },
    permission: 'all',
    run: ({ cluster, who, values }) => {
      const type = textOf(values, 'type');
      return cluster.storages
        .filter((each) => type === undefined || each.type === type)
        .filter(
          ({ storage }) =>
            may(who, `/storage/${storage}`, 'Datastore.Audit') ||
            may(who, `/storage/${storage}`, 'Datastore.AllocateSpace'),
        )
        .map(configRow);
    },
  },
  {
    method: 'GET',
    path: '/cluster/backup-info/not-backed-up',
    parameters: {},
    permission: perm('/', 'Sys.Audit'),
    run: ({ cluster }) =>
      cluster.guests
        .filter(({ vmid }) => !cluster.backups.some((job) => isIn(vmid, job)))
        .map(({ vmid, type, name }) => ({ vmid, type, name })),
  },
];

/** Jobs that are switched off count as well. */
const isIn = (vmid: number, { all, vmid: list, exclude }: BackupJobSpec): boolean =>
  all === true ? !named(exclude, vmid) : named(list, vmid);

const named = (list: string | undefined, vmid: number): boolean =>
  list?.split(',').includes(String(vmid)) ?? false;

function configRow({ storage, type, content, shared, nodes, more }: StorageSpec): object {
  return {
    ...{ storage, type, content, digest: 'b5c6e1f0a9d84c7e2f1d3b6a8c9e0f1a2b3c4d5e' },
    ...(shared === true && { shared: 1 }),
    ...(nodes !== undefined && { nodes: nodes.join(',') }),
    ...more,
  };
}

/** The local time is written as if it were UTC. */
function timeIn(timezone: string, now: number): object {
  const time = Math.floor(now / 1_000);
  const shown = new Intl.DateTimeFormat('sv', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return { timezone, time, localtime: Date.parse(`${shown.format(now).replace(' ', 'T')}Z`) / 1_000 };
}
