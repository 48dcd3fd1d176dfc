import { aboutText } from '../../../contract/about.ts';
import type { TakeSnapshotInput } from '../../../contract/inputs/snapshots.ts';
import type { Task } from '../../../contract/provision.ts';
import type { Check } from '../../../contract/step.ts';
import { nameAt } from '../guest/snapshot-now.ts';
import type { GuestRow } from '../guest/wire.ts';
import { guestPath } from '../ids.ts';
import type { Bench } from './bench.ts';
import { disksIn } from './disks-in.ts';
import { type GuestNow, guestNow, rightCheck } from './guest-now.ts';
import { seeStep } from './see.ts';
import { snapshotsNow } from './snapshot-list.ts';
import { spaceChecks } from './space.ts';
import { type Before, taskStep } from './task-step.ts';

const MS = 1_800_000;
const MIB = 1024 ** 2;

interface Decided {
  readonly row: GuestRow;
  readonly name: string;
  readonly description: string;
  readonly memory: boolean;
  readonly before: Before;
}

/** `POST /nodes/{node}/{qemu|lxc}/{vmid}/snapshot` */
export function snapshot({ desk, list }: Bench): Task<TakeSnapshotInput> {
  return {
    prepare: async ({ target, input, by, signal }) => {
      const now = await guestNow(desk, list, target.id, signal);
      const { row, before, fingerprint, status } = now;
      const { memory = false, about } = input;
      const name = input.name ?? nameAt(desk.context.clock.now());
      const names = (await snapshotsNow(desk, row, signal)).map((each) => each.name);
      const isOff = status.status !== 'running';
      const places = placesOf(now, memory && !isOff);
      const space = await Promise.all(
        [...places].map(([storage, bytes]) => spaceChecks(desk, row.node, storage, bytes, signal)),
      );
      return {
        decided: { row, name, description: aboutText(about, by), memory, before } satisfies Decided,
        checks: [
          rightCheck(desk, `/vms/${row.vmid}`, 'VM.Snapshot'),
          names.includes(name) || name === 'current'
            ? {
                name: 'Name',
                ok: false,
                message: `${target.name} has “${name}” already`,
                hint: 'choose another name',
              }
            : { name: 'Name', ok: true, message: `“${name}” is free` },
          ...(memory ? [memoryCheck(now)] : []),
          ...space.flat(),
        ],
        ...(memory && isOff && { warnings: [`${target.name} is off: there is no memory to keep`] }),
        fingerprint,
      };
    },
    steps: ({ decided }) => {
      const { row, name, description, memory, before } = decided as unknown as Decided;
      const form = { snapname: name, description, ...(memory && { vmstate: '1' }) };
      return [
        taskStep(desk, {
          ...{ name: `Take the snapshot ${name}`, ms: MS, before },
          call: { method: 'POST', path: `${guestPath(row)}/snapshot`, form },
          type: row.type === 'qemu' ? 'qmsnapshot' : 'vzsnapshot',
          isDone: async (signal) =>
            (await snapshotsNow(desk, row, signal)).some((each) => each.name === name),
          result: { snapshot: name },
        }),
        seeStep(desk, { name: 'See that nothing holds it any more', row }),
      ];
    },
  };
}

/** Devices of the node have memory of their own, which nobody can keep. */
function memoryCheck({ row, config }: GuestNow): Check {
  const devices = Object.keys(config).filter((key) => /^hostpci\d+$/.test(key));
  const name = 'With memory';
  if (row.type === 'lxc')
    return {
      name,
      ok: false,
      message: 'the memory of a container cannot be kept',
      hint: 'leave “memory” out',
    };
  if (devices.length === 0)
    return { name, ok: true, message: 'no device of the node is passed through to it' };
  return {
    ...{ name, ok: false, message: `it has ${devices.join(', ')}: what such a device holds cannot be kept` },
    hint: 'leave “memory” out, or shut it down first',
  };
}

/** Bytes that come on its storages: as much for its memory as Proxmox VE sets aside. */
function placesOf({ config, row }: GuestNow, memory: boolean): ReadonlyMap<string, number> {
  const disks = disksIn(config).flatMap(({ storage }) => (storage === undefined ? [] : [storage]));
  const places = new Map(disks.map((storage) => [storage, 0]));
  const first = config.vmstatestorage === undefined ? disks[0] : String(config.vmstatestorage);
  if (memory && first !== undefined) places.set(first, 2 * (row.maxmem ?? 0) + 500 * MIB);
  return places;
}
