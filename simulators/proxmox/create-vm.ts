import { check, may } from './access.ts';
import type { ProxmoxCluster } from './cluster.ts';
import { badParameters, died } from './errors.ts';
import { checkAllocate, checkAtGuest, checkStorage, checkUnused, fill, type Maker } from './making.ts';
import { isSet, numberOf, textOf } from './parameters.ts';
import { newDiskOf, propertyOf, storageIn } from './property.ts';
import { checkVmSettings, specOf } from './settings.ts';
import type { GuestSpec } from './spec.ts';
import type { SimTask } from './tasks.ts';
import { volidOf } from './views/volumes.ts';

const GIB = 1024 ** 3;
const DRIVE = /^(scsi|ide|sata|virtio|efidisk|tpmstate)\d+$/;

/** `POST /nodes/{node}/qemu`. @throws PveError for what is refused before there is a task */
export function createVm(maker: Maker): SimTask {
  const { cluster, node, who, values } = maker;
  const vmid = Number(values.vmid);
  cluster.checkQuorum();
  if (isSet(values, 'start')) checkAtGuest(maker, vmid, 'VM.PowerMgmt');
  checkAllocate(maker, vmid);
  const drives = Object.entries(values).filter(([name]) => DRIVE.test(name));
  for (const [name, value] of drives) checkDrive(maker, name, String(value));
  checkVmSettings(maker, vmid);
  checkUnused(cluster, vmid, `unable to create VM ${vmid} - `);
  const { spec, storage } = vmOf(maker, vmid, drives as readonly [string, string][]);
  const guest = cluster.create(spec);
  guest.isBare = true;
  guest.lock = 'create';
  guest.agentSilent = !isSeeded(cluster, drives as readonly [string, string][]);
  return cluster.tasks.start({
    ...{ node, type: 'qmcreate', id: String(vmid), user: who.id },
    run: (task) => fill(task, cluster, guest, storage, cluster.makeMs),
  });
}

function checkDrive(maker: Maker, name: string, value: string): void {
  const { first: volume = '', parts } = propertyOf(value);
  const fresh = newDiskOf(volume);
  const source = parts.get('import-from');
  if (fresh !== undefined) checkStorage(maker, fresh.storage, 'images');
  else if (volume.endsWith(':cloudinit')) checkStorage(maker, storageIn(volume), 'images');
  else if (volume !== 'none') checkVolume(maker, volume);
  if (source === undefined) return;
  const [, content] = /:(\w+)\//.exec(source) ?? [];
  if (content !== 'import') {
    const wrong = `${source} has wrong type '${content}' - needs to be 'images' or 'import'`;
    throw badParameters({ [name]: wrong });
  }
  checkVolume(maker, source);
}

/** As `check_volume_access` of an image. */
function checkVolume({ cluster, node, who }: Maker, volid: string): void {
  const at = `/storage/${storageIn(volid)}`;
  if (!may(who, at, 'Datastore.Allocate'))
    check(who, at, ['Datastore.AllocateSpace', 'Datastore.Audit'], true);
  const shared = cluster.storages.some((each) => each.storage === storageIn(volid) && each.shared === true);
  const isThere =
    volid.endsWith(':iso/debian-12.9.0-amd64-netinst.iso') ||
    cluster.files.some((file) => volidOf(file) === volid && (shared || file.node === node));
  if (!isThere) throw died(`volume '${volid}' does not exist`);
}

function vmOf(
  { cluster, node, values }: Maker,
  vmid: number,
  drives: readonly (readonly [string, string])[],
): { readonly spec: GuestSpec; readonly storage: string } {
  const [, first] = drives.find(([name]) => name === 'scsi0') ?? [];
  const disk = newDiskOf(propertyOf(first ?? '').first ?? '');
  const source = propertyOf(first ?? '').parts.get('import-from');
  const image = cluster.files.find((file) => volidOf(file) === source);
  const storage = disk?.storage ?? 'local-zfs';
  const agent = propertyOf(textOf(values, 'agent') ?? '0');
  const isAsked = agent.first === '1' || agent.parts.get('enabled') === '1';
  const base: GuestSpec = {
    ...{ vmid, node, type: 'qemu', name: `VM ${vmid}`, storage },
    ...{ cores: numberOf(values, 'cores') ?? 1, memory: 512 * 1024 ** 2 },
    disk: source === undefined ? (disk?.gib ?? 0) * GIB : Math.max(2 * GIB, image?.size ?? 0),
    ...(isAsked && { agent: {} }),
  };
  const others = drives
    .filter(([name]) => name !== 'scsi0')
    .map(([name, value]): [string, string] => [name, placed(value, vmid, name)]);
  const spec = specOf(base, values, cluster);
  const pool = textOf(values, 'pool');
  return {
    storage,
    spec: {
      ...spec,
      ...(pool !== undefined && { pool }),
      addresses: addressOf(values, vmid),
      config: { ...spec.config, ...Object.fromEntries(others) },
    },
  };
}

/** A volume that is made gets a name. */
function placed(value: string, vmid: number, name: string): string {
  const { first = '' } = propertyOf(value);
  if (first.endsWith(':cloudinit')) return `${storageIn(first)}:vm-${vmid}-cloudinit,media=cdrom`;
  const fresh = newDiskOf(first);
  if (fresh === undefined) return value;
  const rest = value.slice(first.length);
  return `${fresh.storage}:vm-${vmid}-disk-${name === 'efidisk0' ? 1 : 2}${rest},size=${name === 'efidisk0' ? '4M' : `${fresh.gib}G`}`;
}

/** What its system gets: told by its first boot, or leased. */
export function addressOf(values: Readonly<Record<string, unknown>>, vmid: number): readonly string[] {
  const fixed = propertyOf(textOf(values, 'ipconfig0') ?? '').parts.get('ip');
  return [fixed !== undefined && fixed !== 'dhcp' ? fixed : `10.0.20.${(vmid % 150) + 100}/24`];
}

/** An image has no agent before its first boot installed one. */
function isSeeded({ files }: ProxmoxCluster, drives: readonly (readonly [string, string])[]): boolean {
  return drives.some(([, value]) => {
    const { first = '' } = propertyOf(value);
    const seed = files.find((file) => volidOf(file) === first);
    const packed = seed?.data?.toString('latin1').match(/(?:[A-Za-z0-9+/=]{1,76}\n)+/g) ?? [];
    return packed.some((part) => Buffer.from(part, 'base64').includes('qemu-guest-agent'));
  });
}
