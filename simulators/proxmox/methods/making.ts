import { may } from '../access.ts';
import { clone } from '../clone.ts';
import { createContainer } from '../create-container.ts';
import { createVm } from '../create-vm.ts';
import { badParameters } from '../errors.ts';
import { APPLIANCES, downloadUrl, fetchAppliance, pullImage, removeFile, upload } from '../files.ts';
import type { Maker } from '../making.ts';
import {
  flag,
  isSet,
  numberOf,
  ofGuest,
  ofNode,
  oneOf,
  optional,
  type Parameters,
  text,
  textOf,
  whole,
} from '../parameters.ts';
import { extractConfig, restore } from '../restore.ts';
import { configure, resize } from '../settings.ts';
import type { GuestType } from '../spec.ts';
import { CONTAINER_CHANGE, CONTAINER_CREATION, VM_CHANGE, VM_CREATION } from './guest-parameters.ts';
import { checkRootOnly } from './guests.ts';
import { type Call, guestOf, type Method, perm } from './method.ts';

const makerOf = ({ cluster, who, values }: Call): Maker => ({
  ...{ cluster, who, values },
  node: textOf(values, 'node') ?? '',
});

const short = { type: 'string', maxLength: 255 } as const;
const snapname = { type: 'string', maxLength: 40 } as const;
const bwlimit = (type: GuestType) =>
  optional(type === 'qemu' ? whole(0) : ({ type: 'number', minimum: 0 } as const));
const checksum: Parameters = {
  checksum: optional(text),
  'checksum-algorithm': optional(oneOf('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512')),
};
const contents = oneOf('iso', 'vztmpl', 'import');
const ofStorage: Parameters = { ...ofNode, storage: text };
const puts = perm('/storage/{storage}', 'Datastore.AllocateTemplate');

const disks = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const VM_DISKS = [
  ...disks(4, 'ide'),
  ...disks(31, 'scsi'),
  ...disks(16, 'virtio'),
  ...disks(6, 'sata'),
  ...['efidisk0', 'tpmstate0'],
];
const CONTAINER_DISKS = ['rootfs', ...disks(256, 'mp')];

const VM_PRIVILEGES = ['Disk', 'CDROM', 'CPU', 'Memory', 'Network', 'HWType', 'Options', 'Cloudinit'];
const CONTAINER_PRIVILEGES = ['Disk', 'CPU', 'Memory', 'Network', 'Options'];
const config = (names: readonly string[]): readonly string[] => names.map((name) => `VM.Config.${name}`);

const ofEither = (type: GuestType): readonly Method[] => [
  {
    method: 'POST',
    path: `/nodes/{node}/${type}`,
    parameters: { ...ofGuest, ...(type === 'qemu' ? VM_CREATION : CONTAINER_CREATION) },
    permission: 'all',
    proxied: true,
    run: (call) => {
      const isRestore = type === 'qemu' ? call.values.archive !== undefined : isSet(call.values, 'restore');
      if (isRestore) return restore(makerOf(call), type).upid;
      return (type === 'qemu' ? createVm : createContainer)(makerOf(call)).upid;
    },
  },
  {
    method: 'POST',
    path: `/nodes/{node}/${type}/{vmid}/clone`,
    parameters: {
      ...ofGuest,
      ...{ newid: whole(100, 999_999_999), description: optional(text), pool: optional(text) },
      ...{
        snapname: optional(snapname),
        storage: optional(text),
        full: optional(flag),
        target: optional(text),
      },
      ...(type === 'qemu'
        ? { name: optional(text), format: optional(oneOf('raw', 'qcow2', 'vmdk')) }
        : { hostname: optional(text) }),
      bwlimit: bwlimit(type),
    },
    permission: {
      and: [
        perm('/vms/{vmid}', 'VM.Clone'),
        {
          or: [
            perm('/vms/{newid}', 'VM.Allocate'),
            { ...perm('/pool/{pool}', 'VM.Allocate'), requires: 'pool' },
          ],
        },
      ],
    },
    proxied: true,
    run: (call) => clone(makerOf(call), guestOf(call, type)).upid,
  },
  {
    method: 'PUT',
    path: `/nodes/{node}/${type}/{vmid}/config`,
    parameters: { ...ofGuest, ...(type === 'qemu' ? VM_CHANGE : CONTAINER_CHANGE) },
    permission: {
      path: '/vms/{vmid}',
      privileges: config(type === 'qemu' ? VM_PRIVILEGES : CONTAINER_PRIVILEGES),
      any: true,
    },
    proxied: true,
    run: (call) => {
      checkRootOnly(call, 'skiplock');
      configure(makerOf(call), guestOf(call, type));
      return null;
    },
  },
  {
    method: 'PUT',
    path: `/nodes/{node}/${type}/{vmid}/resize`,
    parameters: {
      ...ofGuest,
      ...{ disk: oneOf(...(type === 'qemu' ? VM_DISKS : CONTAINER_DISKS)), size: text },
      digest: optional({ type: 'string', maxLength: 40 }),
      ...(type === 'qemu' && { skiplock: optional(flag) }),
    },
    permission: {
      ...perm('/vms/{vmid}', 'VM.Config.Disk'),
      ...(type === 'lxc' && { any: true as const }),
    },
    proxied: true,
    run: (call) => {
      checkRootOnly(call, 'skiplock');
      return resize(makerOf(call), guestOf(call, type)).upid;
    },
  },
];

/** What makes guests, and what they are made of. */
export const MAKING_METHODS: readonly Method[] = [
  {
    method: 'GET',
    path: '/nodes/{node}/vzdump/extractconfig',
    parameters: { ...ofNode, volume: text },
    permission: 'all',
    proxied: true,
    run: (call) => extractConfig(makerOf(call)),
  },
  {
    method: 'GET',
    path: '/cluster/nextid',
    parameters: { vmid: optional(whole(100, 999_999_999)) },
    permission: 'all',
    run: ({ cluster, values }) => {
      const vmid = numberOf(values, 'vmid');
      if (vmid !== undefined && cluster.guest(vmid) !== undefined)
        throw badParameters({ vmid: `VM ${vmid} already exists` });
      let next = vmid ?? 100;
      while (cluster.guest(next) !== undefined) next += 1;
      // Perl made text of it.
      return String(next);
    },
  },
  {
    method: 'GET',
    path: '/pools',
    parameters: {
      poolid: optional(text),
      type: optional(oneOf('qemu', 'lxc', 'storage')),
    },
    permission: 'all',
    run: ({ cluster, who, values }) =>
      cluster.pools
        .filter((poolid) => may(who, `/pool/${poolid}`, 'Pool.Audit'))
        .filter((poolid) => (textOf(values, 'poolid') ?? poolid) === poolid)
        .map((poolid) => ({ poolid })),
  },
  ...ofEither('qemu'),
  ...ofEither('lxc'),
  {
    method: 'GET',
    path: '/nodes/{node}/aplinfo',
    parameters: ofNode,
    permission: 'all',
    proxied: true,
    run: () => APPLIANCES,
  },
  {
    method: 'POST',
    path: '/nodes/{node}/aplinfo',
    parameters: { ...ofStorage, template: short },
    permission: puts,
    proxied: true,
    run: (call) => fetchAppliance(makerOf(call)).upid,
  },
  {
    method: 'POST',
    path: '/nodes/{node}/storage/{storage}/download-url',
    parameters: {
      ...ofStorage,
      ...checksum,
      ...{ compression: optional(text), content: contents, filename: short, url: text },
      'verify-certificates': optional(flag),
    },
    permission: {
      and: [puts, { or: [perm('/', 'Sys.Audit', 'Sys.Modify'), perm('/nodes/{node}', 'Sys.AccessNetwork')] }],
    },
    proxied: true,
    run: (call) => downloadUrl(makerOf(call)).upid,
  },
  {
    method: 'POST',
    path: '/nodes/{node}/storage/{storage}/oci-registry-pull',
    parameters: { ...ofStorage, reference: text, filename: optional(short) },
    permission: { and: [puts, perm('/nodes/{node}', 'Sys.AccessNetwork')] },
    proxied: true,
    run: (call) => pullImage(makerOf(call)).upid,
  },
  {
    method: 'POST',
    path: '/nodes/{node}/storage/{storage}/upload',
    parameters: {
      ...ofStorage,
      ...checksum,
      content: contents,
      filename: short,
      tmpfilename: optional(text),
    },
    permission: puts,
    // Whichever node is asked takes it, and copies it to the other.
    run: (call) => upload(makerOf(call), call.file ?? Buffer.alloc(0)).upid,
  },
  {
    method: 'DELETE',
    path: '/nodes/{node}/storage/{storage}/content/{volume}',
    parameters: { ...ofNode, storage: optional(text), volume: text, delay: optional(whole(1, 30)) },
    permission: 'all',
    proxied: true,
    run: (call) => removeFile(makerOf(call)).upid,
  },
];
