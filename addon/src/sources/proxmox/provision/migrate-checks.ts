import type { MigrateInput } from '../../../contract/inputs/guests.ts';
import type { Check, Preparation, StepContext } from '../../../contract/step.ts';
import type { GuestRow } from '../guest/wire.ts';
import { guestPath } from '../ids.ts';
import type { Bench } from './bench.ts';
import { disksIn, type GuestDisk } from './disks-in.ts';
import { type GuestNow, guestNow, rightCheck } from './guest-now.ts';
import { snapshotsNow } from './snapshot-list.ts';
import { gibText, spaceChecks } from './space.ts';
import type { Before } from './task-step.ts';

export interface MoveDecided {
  readonly row: GuestRow;
  /** Name of the node. */
  readonly to: string;
  readonly form: Readonly<Record<string, string>>;
  /** High availability looks after it: the task only tells that what is wanted. */
  readonly isManaged: boolean;
  readonly before: Before;
}

/** `GET …/migrate`; containers write the names with hyphens, and tell of high availability only. */
interface Preconditions {
  readonly allowed_nodes?: readonly string[];
  readonly 'allowed-nodes'?: readonly string[];
  readonly not_allowed_nodes?: Readonly<Record<string, Hindrances>>;
  readonly 'not-allowed-nodes'?: Readonly<Record<string, Hindrances>>;
  /** Devices of its node: `hostpci0`. */
  readonly local_resources?: readonly string[];
  readonly 'dependent-ha-resources'?: readonly string[];
}

interface Hindrances {
  readonly unavailable_storages?: readonly string[];
  readonly 'unavailable-resources'?: readonly string[];
  readonly 'blocking-ha-resources'?: readonly { readonly sid?: string }[];
}

/** What moving a guest takes: whether it can be, how, and what a person should know. */
export async function moveOf(
  { desk, list }: Pick<Bench, 'desk' | 'list'>,
  { target, input, signal }: StepContext<MigrateInput>,
): Promise<Preparation> {
  const { node: to, storage } = input;
  const now = await guestNow(desk, list, target.id, signal);
  const { row, before, fingerprint } = now;
  const told = await desk.client.get<Preconditions>(`${guestPath(row)}/migrate`, signal);
  const isRunning = now.status.status === 'running';
  const local = localDisks(now);
  const places = new Map<string, number>();
  for (const disk of local) {
    const place = storage ?? disk.storage ?? '';
    places.set(place, (places.get(place) ?? 0) + (disk.size ?? 0));
  }
  const isThere = desk.picture.nodes.online.has(to) && to !== row.node;
  const space = isThere
    ? await Promise.all([...places].map(([name, bytes]) => spaceChecks(desk, to, name, bytes, signal)))
    : [];
  const snapshots = row.type === 'qemu' && isRunning && local.length > 0;
  const decided: MoveDecided = {
    ...{ row, to, before, isManaged: Boolean(row.hastate) && row.hastate !== 'ignored' },
    form: formOf(row, to, isRunning, local.length > 0, storage),
  };
  return {
    decided: { ...decided },
    checks: [
      rightCheck(desk, `/vms/${row.vmid}`, 'VM.Migrate'),
      nodeCheck(row, to),
      ...(isThere ? [allowedCheck(told, to, storage), memoryCheck(row, to)] : []),
      ...resourceChecks(told, now, isRunning),
      ...space.flat(),
      ...(snapshots
        ? [snapshotlessCheck((await snapshotsNow(desk, row, signal)).map(({ name }) => name))]
        : []),
    ],
    warnings: warningsOf(now, told, local, isRunning),
    fingerprint: `${fingerprint} ${now.status.status}`,
  };

  /** Disks on storages that only its node has. */
  function localDisks({ config }: GuestNow): readonly GuestDisk[] {
    const shared = new Set(
      desk.picture.places.filter(({ row: place }) => place.shared).map((place) => place.storage),
    );
    return disksIn(config).filter(
      ({ storage: on, isShared }) => on !== undefined && !shared.has(on) && !isShared,
    );
  }

  function nodeCheck({ node, name: guest = `${row.vmid}` }: GuestRow, wanted: string): Check {
    const names = desk.picture.nodes.rows.map((each) => each.node).filter((each) => each !== node);
    const ok = names.includes(wanted) && desk.picture.nodes.online.has(wanted);
    if (ok) return { name: 'Node', ok, message: `${wanted} runs` };
    const why = wanted === node ? `${guest} is on ${node} already` : `${wanted} is no node that runs`;
    return { name: 'Node', ok, message: why, hint: `others of the cluster: ${names.join(', ') || 'none'}` };
  }

  function memoryCheck({ maxmem = 0 }: GuestRow, wanted: string): Check {
    const { maxmem: all = 0, mem = all } = desk.picture.nodes.rows.find(({ node }) => node === wanted) ?? {};
    const free = all - mem;
    const ok = !isRunning || free > maxmem;
    const message = `${gibText(free)} free on ${wanted}, ${gibText(maxmem)} needed`;
    return { name: 'Memory', ok, message, ...(!ok && { hint: `stop something on ${wanted} first` }) };
  }
}

function allowedCheck(told: Preconditions, to: string, storage: string | undefined): Check {
  const allowed = told.allowed_nodes ?? told['allowed-nodes'];
  const against = (told.not_allowed_nodes ?? told['not-allowed-nodes'])?.[to];
  // A storage that it lacks does not matter where the disks come on another one.
  const missing = storage === undefined ? (against?.unavailable_storages ?? []) : [];
  const devices = against?.['unavailable-resources'] ?? [];
  const blocking = (against?.['blocking-ha-resources'] ?? []).map(({ sid = '?' }) => sid);
  const reasons = [
    ...(missing.length > 0 ? [`it lacks the storage ${missing.join(', ')}`] : []),
    ...(devices.length > 0 ? [`no mapping has a device of it for ${devices.join(', ')}`] : []),
    ...(blocking.length > 0 ? [`high availability keeps it apart from ${blocking.join(', ')}`] : []),
  ];
  const isListed = against !== undefined || allowed === undefined || allowed.includes(to);
  const ok = reasons.length === 0 && isListed;
  return {
    ...{ name: 'Preconditions', ok },
    message: ok
      ? `Proxmox VE allows ${to}`
      : `not to ${to}: ${reasons.join('; ') || 'Proxmox VE does not allow it'}`,
    ...(missing.length > 0 && { hint: 'name a storage of that node for its disks (“storage”)' }),
  };
}

/** What ties it to its node: devices, and folders of it. */
function resourceChecks(
  told: Preconditions,
  { row, config }: GuestNow,
  isRunning: boolean,
): readonly Check[] {
  const folders = disksIn(config).filter(({ storage, isShared }) => storage === undefined && !isShared);
  const local = [...(told.local_resources ?? []), ...folders.map(({ key, volume }) => `${key} (${volume})`)];
  const name = 'Devices';
  if (local.length === 0) return [{ name, ok: true, message: `nothing but disks ties it to ${row.node}` }];
  const mapped = isRunning && local.some((key) => /mapping=/.test(String(config[key] ?? '')));
  return [
    {
      ...{ name, ok: false, message: `${local.join(', ')} keep it on ${row.node}` },
      hint: mapped
        ? 'shut it down first: devices by mapping may go along while it is off, memory with them never moves'
        : 'take them out of its configuration first',
    },
  ];
}

function snapshotlessCheck(names: readonly string[]): Check {
  const ok = names.length === 0;
  return {
    ...{ name: 'Snapshots', ok },
    message: ok ? 'it has none' : `it has ${names.join(', ')}: its disks cannot be copied while it runs`,
    ...(!ok && { hint: 'shut it down first, or delete its snapshots' }),
  };
}

function formOf(
  { type }: GuestRow,
  target: string,
  isRunning: boolean,
  copies: boolean,
  storage: string | undefined,
): MoveDecided['form'] {
  if (type === 'lxc') {
    const place = storage === undefined ? {} : { 'target-storage': storage };
    return { target, ...(isRunning && { restart: '1' }), ...place };
  }
  return {
    target,
    ...(isRunning && { online: '1' }),
    ...(isRunning && copies && { 'with-local-disks': '1' }),
    ...(storage !== undefined && { targetstorage: storage }),
  };
}

function warningsOf(
  { row }: GuestNow,
  told: Preconditions,
  local: readonly GuestDisk[],
  isRunning: boolean,
): readonly string[] {
  const name = row.name ?? `${row.vmid}`;
  const bytes = local.reduce((sum, { size = 0 }) => sum + size, 0);
  const disks = local.map(({ key, storage }) => `${key} on ${storage}`).join(', ');
  const others = told['dependent-ha-resources'] ?? [];
  return [
    ...(isRunning && row.type === 'lxc' ? [`${name} is shut down, moved and started again`] : []),
    ...(isRunning && row.type === 'qemu' ? [`${name} goes on running while it moves`] : []),
    ...(isRunning ? [] : [`${name} is off, and stays so`]),
    ...(local.length > 0 ? [`${gibText(bytes)} are copied over the network: ${disks}`] : []),
    ...(others.length > 0 ? [`high availability takes along: ${others.join(', ')}`] : []),
  ];
}
