import type { SnapshotInput } from '../../../contract/inputs/guests.ts';
import type { Task } from '../../../contract/provision.ts';
import type { StepContext, StepOf } from '../../../contract/step.ts';
import type { GuestRow } from '../guest/wire.ts';
import { guestPath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import type { Bench } from './bench.ts';
import { guestNow, rightCheck } from './guest-now.ts';
import { seeStep } from './see.ts';
import { snapshotCheck, snapshotsNow } from './snapshot-list.ts';
import { type Before, taskStep } from './task-step.ts';

const MS = 1_800_000;

interface Decided {
  readonly row: GuestRow;
  readonly snapshot: string;
  readonly before: Before;
}

/** `DELETE /nodes/{node}/{qemu|lxc}/{vmid}/snapshot/{snapname}` */
export function deleteSnapshot({ desk, list }: Bench): Task<SnapshotInput> {
  return {
    prepare: async ({ target, input: { snapshot }, signal }) => {
      const { row, before, fingerprint } = await guestNow(desk, list, target.id, signal);
      const rows = await snapshotsNow(desk, row, signal);
      const children = rows.filter(({ parent }) => parent === snapshot);
      return {
        decided: { row, snapshot, before } satisfies Decided,
        checks: [
          rightCheck(desk, `/vms/${row.vmid}`, 'VM.Snapshot'),
          snapshotCheck(target.name, rows, snapshot),
        ],
        ...(children.length > 0 && {
          warnings: [`${children.map(({ name }) => name).join(', ')} came after it, and stay`],
        }),
        fingerprint,
      };
    },
    steps: ({ decided }) => {
      const { row, snapshot, before } = decided as unknown as Decided;
      return [deletion(desk, row, snapshot, before), seeStep(desk, { name: 'See that it is gone', row })];
    },
  };
}

/** The step that gives up one snapshot. */
export function deletion(
  desk: Desk,
  row: GuestRow,
  snapshot: string,
  before: Before,
): StepOf<StepContext<never>> {
  const path = `${guestPath(row)}/snapshot/${encodeURIComponent(snapshot)}`;
  return taskStep(desk, {
    ...{
      name: `Delete the snapshot ${snapshot}`,
      call: { method: 'DELETE', path, form: {} },
      ms: MS,
      before,
    },
    type: row.type === 'qemu' ? 'qmdelsnapshot' : 'vzdelsnapshot',
    isDone: async (signal) => !(await snapshotsNow(desk, row, signal)).some(({ name }) => name === snapshot),
  });
}
