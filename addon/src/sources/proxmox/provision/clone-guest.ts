import type { CloneGuestInput } from '../../../contract/inputs/clone-guest.ts';
import type { Task } from '../../../contract/provision.ts';
import type { Check } from '../../../contract/step.ts';
import { fixedAddresses, passedThrough } from '../guest/settings.ts';
import type { GuestConfig } from '../guest/wire.ts';
import { guestPath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { addressStep } from './address-step.ts';
import type { Bench } from './bench.ts';
import type { Call } from './call.ts';
import { disksIn, type GuestDisk } from './disks-in.ts';
import { type GuestNow, guestNow } from './guest-now.ts';
import { type Made, markOf, nextGeneration } from './made.ts';
import {
  bridgeNeed,
  type Need,
  poolChecks,
  rightsCheck,
  storageCheck,
  takenWarnings,
} from './make-checks.ts';
import { makeStep } from './make-step.ts';
import { formOf, guestNeeds } from './new-guest.ts';
import { startStep } from './own-steps.ts';
import { seeStep } from './see-made.ts';
import { snapshotCheck, snapshotsNow } from './snapshot-list.ts';
import { spaceChecks } from './space.ts';
import type { Before } from './task-step.ts';

const COPY_MS = 24 * 3_600_000;
const ADDRESS_MS = 300_000;
/** Storages that can make a disk of what differs from a snapshot. */
const LINKING = ['lvmthin', 'rbd'];

interface Decided {
  readonly made: Made;
  readonly before: Before;
  readonly call: Call;
  readonly line: string;
  readonly start: boolean;
}

/** `POST /nodes/{node}/{qemu|lxc}/{vmid}/clone` */
export function cloneGuest(bench: Bench): Task<CloneGuestInput> {
  const { desk, list, vmids } = bench;
  return {
    prepare: async ({ target, input, job, signal }) => {
      const { name, linked = false, snapshot, storage, pool, start = false } = input;
      const now = await guestNow(desk, list, target.id, signal);
      const { row, before, fingerprint } = now;
      const path = guestPath(row);
      const config =
        snapshot === undefined
          ? now.config
          : await desk.client
              .get<GuestConfig>(`${path}/config?snapshot=${encodeURIComponent(snapshot)}`, signal)
              .catch(() => now.config);
      const disks = disksIn(config);
      const vmid = await vmids.choose(job !== undefined, signal);
      const mark = markOf(job);
      const made: Made = {
        ...{ type: row.type, vmid, generation: nextGeneration(desk, vmid) },
        ...{ node: row.node, name, mark },
      };
      const targets = targetsOf(disks, linked ? undefined : storage);
      const needs: readonly Need[] = [
        [['VM.Clone', `/vms/${row.vmid}`]],
        ...guestNeeds(vmid, pool, ['VM.Allocate', 'VM.Audit', ...(start ? ['VM.PowerMgmt'] : [])]),
        ...[...targets.keys()].map((each): Need => [['Datastore.AllocateSpace', `/storage/${each}`]]),
        ...bridgesIn(config).map(([bridge, vlan]) => bridgeNeed(bridge, vlan)),
      ];
      const content = row.type === 'qemu' ? 'images' : 'rootdir';
      const spaces = [...targets].map(async ([each, bytes]) => [
        storageCheck(desk, each, row.node, content),
        ...(await spaceChecks(desk, row.node, each, linked ? 0 : bytes, signal)),
      ]);
      const checks: readonly Check[] = [
        ...rightsCheck(desk, needs),
        { name: 'VM id', ok: true, message: `${vmid} is free, and was not used within 30 days` },
        ...(snapshot === undefined
          ? []
          : [snapshotCheck(target.name, await snapshotsNow(desk, row, signal), snapshot)]),
        ...stateChecks(desk, now, disks, input),
        ...(await poolChecks(desk, pool, signal)),
        ...(await Promise.all(spaces)).flat(),
      ];
      if (checks.some(({ ok }) => !ok)) vmids.release(vmid);
      const form = formOf({
        ...{
          newid: vmid,
          [row.type === 'qemu' ? 'name' : 'hostname']: name,
          full: !linked,
          description: mark,
        },
        ...{ snapname: snapshot, storage, pool },
      });
      return {
        decided: {
          ...{ made, before, start, line: [...targets.keys()][0] ?? 'none' },
          call: { method: 'POST', path: `${path}/clone`, form },
        } satisfies Decided,
        checks,
        warnings: [...(await takenWarnings(desk, { name }, signal)), ...warningsOf(now, config, input)],
        fingerprint: `${fingerprint} ${vmid}`,
      };
    },
    steps: ({ decided }) => {
      const { made, before, call, line, start } = decided as unknown as Decided;
      return [
        makeStep(bench, {
          ...{ name: `Copy it as ${made.vmid}`, call, ms: COPY_MS, before, made, line },
          type: made.type === 'qemu' ? 'qmclone' : 'vzclone',
        }),
        ...(start ? [startStep(bench, made)] : []),
        seeStep(bench, made, start),
        ...(start ? [addressStep(bench, made, null, ADDRESS_MS)] : []),
      ];
    },
  };
}

/** Bytes that come on each storage. */
function targetsOf(disks: readonly GuestDisk[], storage: string | undefined): ReadonlyMap<string, number> {
  const targets = new Map<string, number>();
  for (const disk of disks) {
    const to = disk.storage === undefined ? undefined : (storage ?? disk.storage);
    if (to !== undefined) targets.set(to, (targets.get(to) ?? 0) + (disk.size ?? 0));
  }
  return targets;
}

/** Bridge and VLAN of each of its cards. */
const bridgesIn = (config: GuestConfig): readonly (readonly [string, number | undefined])[] =>
  Object.entries(config).flatMap(([key, value]) => {
    const bridge = /(?:^|,)bridge=([^,]+)/.exec(String(value))?.[1];
    const tag = /(?:^|,)tag=(\d+)/.exec(String(value))?.[1];
    if (!/^net\d+$/.test(key) || bridge === undefined) return [];
    return [[bridge, tag === undefined ? undefined : Number(tag)] as const];
  });

function stateChecks(
  { picture }: Desk,
  { row, status, config }: GuestNow,
  disks: readonly GuestDisk[],
  { linked = false, snapshot, storage }: CloneGuestInput,
): readonly Check[] {
  const runs = status.status === 'running';
  const bound = disks.filter((disk) => disk.storage === undefined).map(({ key }) => key);
  const plugins = disks.map((disk) => picture.storageOn(disk.storage ?? '', row.node)?.plugintype ?? '');
  const wrong = (message: string, hint: string): Check => ({ name: 'Copy', ok: false, message, hint });
  return [
    ...(linked && storage !== undefined
      ? [wrong('a linked copy is on the storage of its original', 'leave out storage, or linked')]
      : []),
    ...(linked && (snapshot === undefined || plugins.some((plugin) => !LINKING.includes(plugin)))
      ? [
          wrong(
            snapshot === undefined
              ? 'a linked copy is made of a snapshot'
              : `its storage makes no linked copies of snapshots (${plugins.join(', ')})`,
            'make a whole copy; or make a template of it in Proxmox VE, and a VM from that',
          ),
        ]
      : []),
    ...(row.type === 'lxc' && runs && snapshot === undefined
      ? [wrong('a container that runs is copied from a snapshot only', 'shut it down, or name a snapshot')]
      : []),
    ...(runs && snapshot === undefined && config.tpmstate0 !== undefined
      ? [wrong('the state of its TPM cannot be copied while it runs', 'shut it down first')]
      : []),
    ...(bound.length > 0
      ? [
          wrong(
            `${bound.join(', ')} is a folder of its node, which is not copied`,
            'copy it by hand in Proxmox VE',
          ),
        ]
      : []),
  ];
}

function warningsOf(
  { row, status }: GuestNow,
  config: GuestConfig,
  { snapshot }: CloneGuestInput,
): readonly string[] {
  const name = row.name ?? `${row.vmid}`;
  const fixed = [
    ...fixedAddresses(config),
    ...Object.entries(config).flatMap(([key, value]) =>
      /^ipconfig\d+$/.test(key) ? (/ip=(\d[^,/]*)/.exec(String(value))?.[1] ?? []) : [],
    ),
  ];
  const devices = passedThrough(config);
  return [
    ...(status.status === 'running' && snapshot === undefined
      ? [`${name} runs: the copy is as if its power had been cut at that moment`]
      : []),
    ...(fixed.length > 0
      ? [`the copy has the same address (${fixed.join(', ')}): change it before both run`]
      : []),
    ...(devices.length > 0 ? [`only one of both can run at a time: ${devices.join(', ')}`] : []),
    ...(String(config.onboot) === '1' ? ['the copy starts with its node, too'] : []),
  ];
}
