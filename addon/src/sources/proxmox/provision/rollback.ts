import type { RollbackInput } from '../../../contract/inputs/guests.ts';
import type { Task } from '../../../contract/provision.ts';
import type { Check } from '../../../contract/step.ts';
import { storagesIn } from '../guest/settings.ts';
import type { GuestConfig, GuestRow, SnapshotRow } from '../guest/wire.ts';
import { guestPath } from '../ids.ts';
import type { StorageConfig } from '../storage/wire.ts';
import type { Bench } from './bench.ts';
import { type GuestNow, guestNow, rightCheck } from './guest-now.ts';
import { seeStep } from './see.ts';
import { newerThan, snapshotCheck, snapshotsNow, timeText } from './snapshot-list.ts';
import { type Before, taskStep } from './task-step.ts';

const MS = 3_600_000;

interface Decided {
  readonly row: GuestRow;
  readonly snapshot: string;
  readonly start: boolean;
  readonly before: Before;
}

/** `POST /nodes/{node}/{qemu|lxc}/{vmid}/snapshot/{snapname}/rollback` */
export function rollback({ desk, list }: Bench): Task<RollbackInput> {
  return {
    prepare: async ({ target, input: { snapshot, start = false }, signal }) => {
      const now = await guestNow(desk, list, target.id, signal);
      const { row, before, config } = now;
      const rows = await snapshotsNow(desk, row, signal);
      const wanted = rows.find(({ name }) => name === snapshot);
      const then =
        wanted &&
        (await desk.client.get<GuestConfig>(
          `${guestPath(row)}/config?snapshot=${encodeURIComponent(snapshot)}`,
          signal,
        ));
      const onZfs = storagesIn(then ?? config).filter((name) => pluginOf(name) === 'zfspool');
      return {
        decided: { row, snapshot, start, before } satisfies Decided,
        checks: [
          rollbackRight(row.vmid),
          ...(start ? [rightCheck(desk, `/vms/${row.vmid}`, 'VM.PowerMgmt')] : []),
          snapshotCheck(target.name, rows, snapshot),
          ...(wanted === undefined
            ? []
            : await Promise.all(onZfs.map((storage) => newestOn(storage, wanted, rows, row, signal)))),
        ],
        ...(wanted !== undefined && { warnings: lossesOf(now, wanted, rows, start) }),
        fingerprint: `${now.fingerprint} ${rows.map(({ name, snaptime }) => `${name} ${snaptime}`).join(' ')}`,
      };
    },
    steps: ({ decided }) => {
      const { row, snapshot, start, before } = decided as unknown as Decided;
      const path = `${guestPath(row)}/snapshot/${encodeURIComponent(snapshot)}/rollback`;
      return [
        taskStep(desk, {
          ...{ name: `Roll back to ${snapshot}`, ms: MS, before },
          call: { method: 'POST', path, form: start ? { start: '1' } : {} },
          type: row.type === 'qemu' ? 'qmrollback' : 'vzrollback',
        }),
        seeStep(desk, {
          ...{ name: 'See that it goes on from there', row },
          wrong: ({ parent }) =>
            parent === snapshot
              ? undefined
              : `it goes on from ${parent ?? 'no snapshot'}, not from ${snapshot}`,
        }),
      ];
    },
  };

  function pluginOf(storage: string): string | undefined {
    return desk.picture.places.find((place) => place.storage === storage)?.plugin;
  }

  /** ZFS gives up what is newer than what it goes back to; Proxmox VE refuses that, and copies no snapshots there. */
  async function newestOn(
    storage: string,
    { name: wanted, ...row }: SnapshotRow,
    rows: readonly SnapshotRow[],
    { vmid, type }: GuestRow,
    signal: AbortSignal,
  ): Promise<Check> {
    const name = `Newest on ${storage}`;
    const newer = newerThan({ name: wanted, ...row }, rows).map((each) => each.name);
    if (newer.length === 0) return { name, ok: true, message: `${wanted} is the newest snapshot` };
    const configs = await desk.client.list<StorageConfig>('/storage', signal);
    const { pool = '<dataset>' } = configs.find((each) => each.storage === storage) ?? {};
    const volume = `${pool}/${type === 'lxc' ? 'subvol' : 'vm'}-${vmid}-disk-0`;
    return {
      ...{ name, ok: false },
      message: `ZFS goes back to the newest snapshot only; newer than ${wanted}: ${newer.join(', ')}`,
      hint:
        `to have what it held then beside what it holds now, clone it on the node, as in zfs clone ${volume}@${wanted} ` +
        `${volume}-${wanted} (Proxmox VE clones no snapshots on ZFS); or delete the newer ones first, which gives them up`,
    };
  }

  /** One of two is enough. */
  function rollbackRight(vmid: number): Check {
    const path = `/vms/${vmid}`;
    return desk.may(path, 'VM.Snapshot')
      ? rightCheck(desk, path, 'VM.Snapshot')
      : rightCheck(desk, path, 'VM.Snapshot.Rollback');
  }
}

/** What a person should know before: what is lost, and how the guest is found afterwards. */
function lossesOf(
  { status, row }: GuestNow,
  wanted: SnapshotRow,
  rows: readonly SnapshotRow[],
  start: boolean,
): readonly string[] {
  const name = row.name ?? `${row.vmid}`;
  const since = wanted.snaptime === undefined ? 'that snapshot' : timeText(wanted.snaptime);
  const newer = newerThan(wanted, rows).map((each) => each.name);
  const hasMemory = Number(wanted.vmstate ?? 0) === 1;
  return [
    `all that ${name} wrote to its disks since ${since} is lost, and its settings are again those of then`,
    ...(newer.length > 0 ? [`newer snapshots stay, as another branch: ${newer.join(', ')}`] : []),
    ...(status.status === 'running' ? [`${name} runs: it is cut off, as if its power were gone`] : []),
    ...(hasMemory ? [`${name} runs afterwards: the snapshot has its memory`] : []),
    ...(!hasMemory && !start
      ? [`${name} is off afterwards: the snapshot has no memory, and “start” is not set`]
      : []),
  ];
}
