import type { CreateVmInput } from '../../../contract/inputs/create-vm.ts';
import type { Check } from '../../../contract/step.ts';
import { LabError } from '../../../core/errors.ts';
import type { GuestConfig, GuestRow } from '../guest/wire.ts';
import { guestPath, nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { checksumOf } from './checksum.ts';
import { bootDiskOf, disksIn, gibOf } from './disks-in.ts';
import { type Fetch, imageFile, isThere } from './image.ts';
import type { Need } from './make-checks.ts';
import { roomiest } from './new-guest.ts';
import { isPacked, type Packed, packedOf, unpackCheck } from './packed.ts';
import { gibText, spaceChecks } from './space.ts';
import { versionOf } from './version.ts';
import { guestRows } from './vmids.ts';

/** GiB of an empty disk that nobody gave a size. */
const EMPTY_GIB = 32;
/** GiB that a cloud image takes at least when it is unpacked. */
const IMAGE_GIB = 4;

/** What a machine is made from, looked up. */
export interface Source {
  readonly checks: readonly Check[];
  readonly needs: readonly Need[];
  /** Where its disks go; undefined: there is no storage for them. */
  readonly storage: string | undefined;
  /** GiB that it takes there. */
  readonly gib: number;
  readonly template?: { readonly row: GuestRow; readonly config: GuestConfig };
  readonly fetch?: Fetch;
  /** What is fetched has to be unpacked on the way. */
  readonly packed?: Packed;
  /** The file has to be fetched first. */
  readonly isMissing?: boolean;
}

/** @throws LabError `input_invalid` unless exactly one is given */
export async function sourceOf(
  desk: Desk,
  node: string,
  input: CreateVmInput,
  signal: AbortSignal,
): Promise<Source> {
  const { template, image_url: url, image_checksum: checksum, iso } = input;
  const given = [template, url, iso].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw new LabError('input_invalid', 'input: it is made from one of template, image_url and iso', {
      path: 'input',
      hint: given.length === 0 ? 'give one of them' : 'give only one of them',
    });
  }
  if (template !== undefined) return ofTemplate(desk, node, template, input, signal);
  if (url !== undefined) return ofImage(desk, node, url, checksum, input, signal);
  return ofIso(desk, node, String(iso), input, signal);
}

async function ofTemplate(
  desk: Desk,
  node: string,
  vmid: number,
  { storage, disk = 0 }: CreateVmInput,
  signal: AbortSignal,
): Promise<Source> {
  const rows = (await guestRows(desk, signal)).filter(
    ({ template, type }) => template === 1 && type === 'qemu',
  );
  const row = rows.find((each) => each.vmid === vmid);
  const wanted = { name: 'Template', ok: false };
  if (row === undefined) {
    const names = rows.map((each) => `${each.vmid} (${each.name})`).join(', ') || 'none';
    const check = {
      ...wanted,
      message: `there is no template ${vmid} of a virtual machine`,
      hint: `there is: ${names}`,
    };
    return { checks: [check], needs: [], storage, gib: 0 };
  }
  const config = await desk.client.get<GuestConfig>(`${guestPath(row)}/config`, signal);
  const disks = disksIn(config);
  const boot = bootDiskOf(config);
  const first = boot === undefined ? 0 : gibOf(boot);
  const gib = disks.reduce((sum, each) => sum + gibOf(each), 0) + Math.max(0, disk - first);
  const to = storage ?? boot?.storage;
  const isShared = (name: string | undefined): boolean =>
    name !== undefined && desk.picture.storageOn(name, node)?.shared === 1;
  const reaches = row.node === node || [...disks.map((each) => each.storage), to].every(isShared);
  const checks: readonly Check[] = [
    reaches
      ? { name: 'Template', ok: true, message: `${vmid} (${row.name}) is on ${row.node}` }
      : {
          ...wanted,
          message: `${vmid} (${row.name}) is on ${row.node}, and not all of its disks are on shared storages`,
          hint: `make it on ${row.node}, or use a template of ${node}`,
        },
    ...(disk > 0 && boot !== undefined && disk < first
      ? [
          {
            name: 'Disk',
            ok: false,
            message: `the template's disk has ${first} GiB, and disks do not shrink`,
          },
        ]
      : []),
  ];
  const needs: readonly Need[] = [[['VM.Clone', `/vms/${vmid}`]]];
  return { checks, needs, storage: to, gib, template: { row, config } };
}

async function ofImage(
  desk: Desk,
  node: string,
  url: string,
  given: string | undefined,
  { storage, disk = 0 }: CreateVmInput,
  signal: AbortSignal,
): Promise<Source> {
  if (given === undefined) {
    throw new LabError('input_invalid', 'input.image_checksum: an image is taken only by its checksum', {
      path: 'input.image_checksum',
      hint: 'whoever publishes the image has a file SHA256SUMS or SHA512SUMS beside it',
    });
  }
  const to = storage ?? roomiest(desk, node, 'images');
  const impossible = (message: string, hint: string): Source => ({
    ...{ checks: [{ name: 'Image', ok: false, message, hint }], needs: [], storage: to, gib: 0 },
  });
  // Before that, of what is to be imported only OVA files could be put on a storage.
  const { version, isEnough } = await versionOf(desk, node, [8, 4], signal);
  if (!isEnough) {
    const message = `${node} runs Proxmox VE ${version}, which takes no images over its API`;
    return impossible(message, 'that begins with 8.4; before, a machine is made of a template only');
  }
  const on = roomiest(desk, node, 'import');
  if (on === undefined) {
    const message = `${node} has no storage that takes images to import`;
    return impossible(message, 'add “Import” to the content of a directory storage, or use a template');
  }
  const checksum = await checksumOf(desk, given, url, signal);
  const file = imageFile(url, checksum);
  if (isPacked(url)) {
    const packed = await packedOf(desk, url, checksum, signal);
    const form = { content: 'import', filename: file };
    const path = `${nodePath(node)}/storage/${encodeURIComponent(on)}/upload`;
    const fetch: Fetch = {
      ...{ name: `Download, unpack and put ${file} on ${on}`, type: 'imgcopy', node, storage: on },
      ...{ volid: `${on}:import/${file}`, call: { method: 'POST', path, form } },
    };
    const isMissing = !(await isThere(desk, { ...fetch, bytes: packed.bytes }, signal));
    const sizes = `${gibText(packed.packedBytes)}, unpacked ${gibText(packed.bytes)}`;
    const message = isMissing ? `it is put on ${on} (${sizes})` : `${fetch.volid} lies there already`;
    return {
      checks: [
        { name: 'Image', ok: true, message },
        ...(isMissing ? [unpackCheck(), ...(await spaceChecks(desk, node, on, packed.bytes, signal))] : []),
      ],
      needs: isMissing ? [[['Datastore.AllocateTemplate', `/storage/${on}`]]] : [],
      ...{ storage: to, gib: Math.max(disk, IMAGE_GIB), fetch, isMissing, packed },
    };
  }
  const fetch: Fetch = {
    ...{ name: `Download ${file}`, type: 'download', node, storage: on, volid: `${on}:import/${file}` },
    call: {
      method: 'POST',
      path: `${nodePath(node)}/storage/${encodeURIComponent(on)}/download-url`,
      form: {
        ...{ content: 'import', filename: file, url, checksum },
        'checksum-algorithm': checksum.length === 64 ? 'sha256' : 'sha512',
      },
    },
  };
  const isMissing = !(await isThere(desk, fetch, signal));
  const message = isMissing ? `it is downloaded to ${on}` : `${fetch.volid} lies there already`;
  return {
    checks: [{ name: 'Image', ok: true, message }],
    needs: isMissing ? fetchNeeds(node, on) : [],
    ...{ storage: to, gib: Math.max(disk, IMAGE_GIB), fetch, isMissing },
  };
}

/** A download is done by the node; before there was a right for that it took the right to change it. */
export const fetchNeeds = (node: string, storage: string): readonly Need[] => [
  [['Datastore.AllocateTemplate', `/storage/${storage}`]],
  [
    ['Sys.AccessNetwork', `/nodes/${node}`],
    ['Sys.Modify', '/'],
  ],
];

async function ofIso(
  desk: Desk,
  node: string,
  volid: string,
  { storage, disk = EMPTY_GIB }: CreateVmInput,
  signal: AbortSignal,
): Promise<Source> {
  const on = volid.slice(0, volid.indexOf(':'));
  const ok =
    desk.picture.storagesFor('iso', node).includes(on) &&
    (await isThere(desk, { node, storage: on, volid }, signal));
  const message = ok ? `${volid} is there` : `${node} has no “${volid}”`;
  return {
    checks: [
      { name: 'ISO', ok, message, ...(!ok && { hint: 'see what lies on its storages under “ISO images”' }) },
    ],
    ...{ needs: [], storage: storage ?? roomiest(desk, node, 'images'), gib: disk },
  };
}
