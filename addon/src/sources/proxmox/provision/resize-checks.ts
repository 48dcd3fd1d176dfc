import type { ResizeInput } from '../../../contract/inputs/resize.ts';
import type { Check } from '../../../contract/step.ts';
import type { GuestConfig } from '../guest/wire.ts';
import type { Desk } from '../reader.ts';
import { disksIn } from './disks-in.ts';
import { type GuestNow, rightCheck } from './guest-now.ts';
import { gibText, spaceChecks } from './space.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** A disk that shall be larger. */
export interface Growth {
  /** In the configuration: `scsi0`. */
  readonly disk: string;
  /** Afterwards. */
  readonly bytes: number;
  /** As the API takes it: `100G`. */
  readonly size: string;
  readonly storage: string;
}

export interface Resize {
  /** Settings that differ from now. */
  readonly set: Readonly<Record<string, string>>;
  readonly growth?: Growth;
  readonly checks: readonly Check[];
  readonly warnings: readonly string[];
}

/** What has to change for a guest to be as asked for, whether it can, and when it counts. */
export async function resizeOf(
  desk: Desk,
  now: GuestNow,
  { cpus, memory, size, disk }: ResizeInput,
  signal: AbortSignal,
): Promise<Resize> {
  const { row, config, status } = now;
  const path = `/vms/${row.vmid}`;
  const isRunning = status.status === 'running';
  const node = desk.picture.nodes.rows.find((each) => each.node === row.node);
  const set: Record<string, string> = {};
  const checks: Check[] = [];
  const late: string[] = [];
  if (cpus !== undefined) {
    const sockets = row.type === 'qemu' ? Number(config.sockets ?? 1) : 1;
    if (Number(config.cores ?? (row.type === 'qemu' ? 1 : 0)) * sockets !== cpus)
      set.cores = `${cpus / sockets}`;
    checks.push(rightCheck(desk, path, 'VM.Config.CPU'), cpuCheck(cpus, sockets, row.node, node?.maxcpu));
    // Cores are no part of what QEMU can plug in; of a container they are a limit.
    if (set.cores !== undefined && isRunning && row.type === 'qemu') late.push('CPUs');
  }
  if (memory !== undefined) {
    const wanted = Math.round(memory * 1024);
    if (Number(config.memory ?? 512) !== wanted) set.memory = `${wanted}`;
    checks.push(
      rightCheck(desk, path, 'VM.Config.Memory'),
      memoryCheck(wanted * MIB, row.node, node?.maxmem),
    );
    if (row.type === 'qemu' && Number(config.balloon ?? 0) > wanted) checks.push(balloonCheck(config));
    if (set.memory !== undefined && isRunning && row.type === 'qemu' && !plugsMemory(config))
      late.push('memory');
  }
  const wanted = size === undefined ? undefined : growthOf(config, size * GIB, disk);
  if (wanted !== undefined) checks.push(rightCheck(desk, path, 'VM.Config.Disk'), wanted.check);
  const grows = wanted !== undefined && wanted.more > 0 ? wanted.growth : undefined;
  if (grows !== undefined)
    checks.push(
      rightCheck(desk, `/storage/${grows.storage}`, 'Datastore.AllocateSpace'),
      ...(await spaceChecks(desk, row.node, grows.storage, wanted?.more ?? 0, signal)),
    );
  return {
    ...{ set, checks, ...(grows !== undefined && { growth: grows }) },
    warnings: [
      ...(late.length > 0
        ? [`${late.join(' and ')} count from the next start of ${row.name ?? row.vmid}`]
        : []),
      ...(grows !== undefined && row.type === 'qemu'
        ? [`${grows.disk} is larger at once; the file system on it has to be grown within the guest`]
        : []),
      ...(Object.keys(set).length === 0 && grows === undefined
        ? ['all of it is so already: nothing is sent']
        : []),
    ],
  };
}

const plugsMemory = ({ hotplug }: GuestConfig): boolean => /\bmemory\b/.test(String(hotplug ?? ''));

function cpuCheck(cpus: number, sockets: number, node: string, threads: number | undefined): Check {
  const name = 'CPUs';
  if (cpus % sockets !== 0) {
    const message = `${cpus} cannot be shared out among ${sockets} sockets`;
    return { name, ok: false, message, hint: `ask for a multiple of ${sockets}` };
  }
  const ok = threads === undefined || cpus <= threads;
  const message = `${cpus} of ${threads ?? 'an unknown number of'} threads of ${node}`;
  return { name, ok, message, ...(!ok && { hint: 'a guest with more than its node has does not start' }) };
}

function memoryCheck(bytes: number, node: string, all: number | undefined): Check {
  const ok = all === undefined || bytes < all;
  const message = `${gibText(bytes)} of ${all === undefined ? 'an unknown size' : gibText(all)} of ${node}`;
  return {
    name: 'Memory',
    ok,
    message,
    ...(!ok && { hint: 'a guest with more than its node has does not start' }),
  };
}

const balloonCheck = ({ balloon }: GuestConfig): Check => ({
  ...{ name: 'Ballooning', ok: false, message: `it is never to have less than ${balloon} MiB (balloon)` },
  hint: 'lower that in the options of the guest first',
});

interface Wanted {
  readonly check: Check;
  /** Bytes; 0: it is as large as asked for, or cannot be. */
  readonly more: number;
  readonly growth?: Growth;
}

function growthOf(config: GuestConfig, bytes: number, wanted: string | undefined): Wanted {
  const disks = disksIn(config).filter(({ key }) => !/^(efidisk|tpmstate)/.test(key));
  const keys = disks.map(({ key }) => key).join(', ');
  const disk = wanted === undefined ? onlyOne(disks, config) : disks.find(({ key }) => key === wanted);
  const refused = (message: string, hint: string): Wanted => ({
    check: { name: 'Disk', ok: false, message, hint },
    more: 0,
  });
  if (disk === undefined) {
    return wanted === undefined
      ? refused('it has more than one disk, or none', `say which one in “disk”: ${keys || 'it has none'}`)
      : refused(`it has no ${wanted}`, `it has: ${keys || 'none'}`);
  }
  const { key, size, storage } = disk;
  if (size === undefined || storage === undefined)
    return refused(`nobody tells how large ${key} is`, 'look at it in the hardware of the guest');
  if (bytes < size)
    return refused(
      `${key} has ${gibText(size)} already`,
      'disks are never made smaller: that would cut data off',
    );
  const check = {
    name: 'Disk',
    ok: true,
    message: `${key} has ${gibText(size)}, and shall have ${gibText(bytes)}`,
  };
  return { check, more: bytes - size, growth: { disk: key, bytes, size: sizeText(bytes), storage } };
}

/** What a container starts from, or the only disk of a virtual machine. */
function onlyOne(disks: ReturnType<typeof disksIn>, { rootfs }: GuestConfig) {
  if (rootfs !== undefined) return disks.find(({ key }) => key === 'rootfs');
  return disks.length === 1 ? disks[0] : undefined;
}

const sizeText = (bytes: number): string =>
  bytes % GIB === 0 ? `${bytes / GIB}G` : `${Math.ceil(bytes / MIB)}M`;
