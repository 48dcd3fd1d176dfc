import { may } from './access.ts';
import { died, forbidden } from './errors.ts';
import { SimGuest } from './guest.ts';
import { checkLock, holding } from './holding.ts';
import { checkAllocate, checkStorage, checkUnused, type Maker } from './making.ts';
import { isSet, textOf } from './parameters.ts';
import { specOf } from './settings.ts';
import type { GuestSpec, GuestType } from './spec.ts';
import type { SimTask } from './tasks.ts';
import { guestConfig } from './views/guest-config.ts';
import { type Archive, volidOfArchive } from './views/volumes.ts';

/** `POST /nodes/{node}/qemu` with `archive`, `…/lxc` with `restore`. @throws PveError */
export function restore(maker: Maker, type: GuestType): SimTask {
  const { cluster, node, who, values } = maker;
  const vmid = Number(values.vmid);
  const volid = textOf(values, type === 'qemu' ? 'archive' : 'ostemplate') ?? '';
  cluster.checkQuorum();
  const force = isSet(values, 'force');
  const before = force ? cluster.guest(vmid) : undefined;
  if (before === undefined || !may(who, `/vms/${vmid}`, 'VM.Backup')) checkAllocate(maker, vmid);
  const archive = archiveOf(maker, volid);
  const emsg = `unable to restore ${type === 'qemu' ? 'VM' : 'CT'} ${vmid} - `;
  if (before === undefined) checkUnused(cluster, vmid, type === 'qemu' ? emsg : '');
  else if (before.spec.protection === true) throw died(`${emsg}protection mode enabled`);
  const source = archive.spec ?? cluster.guest(archive.vmid)?.spec;
  if (source === undefined) throw died(`volume '${volid}' does not exist`);
  const storage = textOf(values, 'storage') ?? (type === 'qemu' ? (source.storage ?? 'local-zfs') : 'local');
  checkStorage(maker, storage, type === 'qemu' ? 'images' : 'rootdir');
  const spec = restoredSpec(maker, source, vmid, storage);
  const guest = before ?? cluster.create(spec);
  if (before === undefined) guest.isBare = true;
  else checkRestorable(before, emsg);
  guest.lock = 'create';
  return cluster.tasks.start({
    ...{ node, type: type === 'qemu' ? 'qmrestore' : 'vzrestore', id: String(vmid), user: who.id },
    run: (task) => fillIn(task, maker, guest, spec, before !== undefined),
  });
}

function restoredSpec(maker: Maker, source: GuestSpec, vmid: number, storage: string): GuestSpec {
  const { cluster, node, values } = maker;
  const { upMs: _up, snapshots: _snapshots, parent: _parent, load: _load, ...kept } = source;
  const { mac: _mac, uuid: _uuid, vmgenid: _vmgenid, ...fresh } = kept;
  return specOf(
    { ...(isSet(values, 'unique') ? fresh : kept), vmid, node, storage },
    withoutSource(values),
    cluster,
  );
}

const withoutSource = ({
  archive: _a,
  ostemplate: _o,
  restore: _r,
  unique: _u,
  ...values
}: Maker['values']) => values;

function checkRestorable(guest: SimGuest, emsg: string): void {
  try {
    checkLock(guest);
  } catch (thrown) {
    throw died(`${emsg}${(thrown as Error).message}`);
  }
  if (guest.running)
    throw died(`${emsg}${guest.type === 'qemu' ? 'vm is running' : "can't overwrite running container"}`);
}

/** What fails leaves a virtual machine behind with nothing in it; a container is taken away again. */
async function fillIn(
  task: SimTask,
  { cluster }: Maker,
  guest: SimGuest,
  spec: GuestSpec,
  over: boolean,
): Promise<void> {
  try {
    await holding(task, guest, async () => {
      await task.pause(cluster.makeMs);
      if (cluster.makeError !== undefined) throw new Error(cluster.makeError);
      await task.pause(cluster.makeMs);
    });
    if (over && cluster.guest(guest.vmid) === guest) {
      cluster.remove(guest.vmid);
      cluster.create(spec);
    }
    guest.isBare = false;
    guest.lock = undefined;
  } catch (thrown) {
    guest.lock = undefined;
    if (task.running && guest.type === 'lxc' && !over && cluster.guest(guest.vmid) === guest)
      cluster.remove(guest.vmid);
    throw thrown;
  }
}

function archiveOf({ cluster, node, who }: Maker, volid: string): Archive {
  const [name = ''] = volid.split(':');
  const storage = cluster.storages.find((each) => each.storage === name);
  const archive = cluster.archives.find(
    (each) =>
      storage !== undefined &&
      volidOfArchive(storage, each) === volid &&
      (storage.shared || each.node === node),
  );
  if (storage === undefined || archive === undefined) throw died(`volume '${volid}' does not exist`);
  const seen =
    may(who, `/storage/${name}`, 'Datastore.AllocateSpace') && may(who, `/vms/${archive.vmid}`, 'VM.Backup');
  if (!seen && !may(who, `/storage/${name}`, 'Datastore.Allocate'))
    throw forbidden(`/vms/${archive.vmid}, VM.Backup`);
  return archive;
}

/** `GET /nodes/{node}/vzdump/extractconfig`: the file as it was backed up. */
export function extractConfig(maker: Maker): string {
  const { cluster, values } = maker;
  const archive = archiveOf(maker, textOf(values, 'volume') ?? '');
  const spec = archive.spec ?? cluster.guest(archive.vmid)?.spec;
  if (spec === undefined) throw died('no configuration in it');
  const { digest: _, ...config } = guestConfig(new SimGuest(spec, cluster.chance, cluster.clock.now()));
  const { description, ...settings } = config;
  const notes = String(description ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => `#${encodeURIComponent(line)}`);
  const lines = Object.entries(settings).map(([key, value]) => `${key}: ${String(value)}`);
  return `${[...notes, ...lines].join('\n')}\n#qmdump#map:scsi0:drive-scsi0::raw:\n`;
}
