import type { SnapshotInput } from '../../../contract/inputs/guests.ts';
import type { Task } from '../../../contract/provision.ts';
import type { GuestRow, SnapshotRow } from '../guest/wire.ts';
import { guestPath } from '../ids.ts';
import type { Bench } from './bench.ts';
import { guestNow, rightCheck, unlocked } from './guest-now.ts';
import { type Before, taskStep } from './task-step.ts';

const MS = 1_800_000;

interface Decided {
  readonly row: GuestRow;
  readonly snapshot: string;
  readonly before: Before;
}

/** `DELETE /nodes/{node}/{qemu|lxc}/{vmid}/snapshot/{snapname}` */
export function deleteSnapshot({ desk, list }: Bench): Task<SnapshotInput> {
  const rowsOf = (row: GuestRow, signal: AbortSignal): Promise<readonly SnapshotRow[]> =>
    desk.client.list<SnapshotRow>(`${guestPath(row)}/snapshot`, signal);
  return {
    prepare: async ({ target, input: { snapshot }, signal }) => {
      const { row, before, fingerprint } = await guestNow(desk, list, target.id, signal);
      const rows = await rowsOf(row, signal);
      const isThere = rows.some(({ name }) => name === snapshot && name !== 'current');
      const names = rows.map(({ name }) => name).filter((name) => name !== 'current');
      const children = rows.filter(({ parent, name }) => parent === snapshot && name !== 'current');
      return {
        decided: { row, snapshot, before } satisfies Decided,
        checks: [
          rightCheck(desk, `/vms/${row.vmid}`, 'VM.Snapshot'),
          isThere
            ? { name: 'Snapshot', ok: true, message: `${target.name} has “${snapshot}”` }
            : {
                ...{ name: 'Snapshot', ok: false, message: `${target.name} has no snapshot “${snapshot}”` },
                hint: `it has: ${names.join(', ') || 'none'}`,
              },
        ],
        ...(children.length > 0 && {
          warnings: [`${children.map(({ name }) => name).join(', ')} came after it, and stay`],
        }),
        fingerprint,
      };
    },
    steps: ({ decided }) => {
      const { row, snapshot, before } = decided as unknown as Decided;
      const path = `${guestPath(row)}/snapshot/${encodeURIComponent(snapshot)}`;
      const step = taskStep(desk, {
        ...{
          name: `Delete the snapshot ${snapshot}`,
          call: { method: 'DELETE', path, form: {} },
          ms: MS,
          before,
        },
        type: row.type === 'qemu' ? 'qmdelsnapshot' : 'vzdelsnapshot',
        isDone: async (signal) => !(await rowsOf(row, signal)).some(({ name }) => name === snapshot),
      });
      return [
        step,
        {
          name: 'See that it is gone',
          run: async ({ signal }) => {
            await unlocked(desk, row, signal);
            desk.touched(row.vmid);
          },
          happened: async () => false,
        },
      ];
    },
  };
}
