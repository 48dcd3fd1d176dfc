import type { PruneSnapshotsInput } from '../../../contract/inputs/snapshots.ts';
import type { Task } from '../../../contract/provision.ts';
import type { GuestRow, SnapshotRow } from '../guest/wire.ts';
import type { Bench } from './bench.ts';
import { deletion } from './delete-snapshot.ts';
import { guestNow, rightCheck } from './guest-now.ts';
import { seeStep } from './see.ts';
import { snapshotsNow } from './snapshot-list.ts';
import type { Before } from './task-step.ts';

/** As we name them where nobody gave a name: what a person named, that person keeps. */
const OURS = /^labkeeper-\d{8}-\d{6}$/;

interface Decided {
  readonly row: GuestRow;
  readonly names: readonly string[];
  readonly before: Before;
}

/** Gives up the older of our own snapshots of a guest, one after another. */
export function pruneSnapshots({ desk, list }: Bench): Task<PruneSnapshotsInput> {
  return {
    prepare: async ({ target, input: { keep }, signal }) => {
      const { row, before, fingerprint } = await guestNow(desk, list, target.id, signal);
      const rows = await snapshotsNow(desk, row, signal);
      const { go, held } = tooMany(rows, keep);
      return {
        decided: { row, names: go, before } satisfies Decided,
        checks: [
          rightCheck(desk, `/vms/${row.vmid}`, 'VM.Snapshot'),
          {
            ...{ name: 'Snapshots', ok: true },
            message: go.length === 0 ? 'there is nothing to give up' : `to give up: ${go.join(', ')}`,
          },
        ],
        ...(held.length > 0 && {
          warnings: [`${held.join(', ')} stay: snapshots of others were made after them`],
        }),
        fingerprint: `${fingerprint} ${rows.map(({ name }) => name).join(' ')}`,
      };
    },
    steps: ({ decided }) => {
      const { row, names, before } = decided as unknown as Decided;
      return [
        ...names.map((name) => deletion(desk, row, name, before)),
        seeStep(desk, { name: 'See that they are gone', row }),
      ];
    },
  };
}

/**
 * Which of our own are more than shall stay, oldest first; `held`: those of them that stay all the same, since another's
 * was made after them.
 */
export function tooMany(
  rows: readonly SnapshotRow[],
  keep: number,
): { readonly go: readonly string[]; readonly held: readonly string[] } {
  const ours = rows
    .filter(({ name }) => OURS.test(name))
    .toSorted((one, other) => (one.snaptime ?? 0) - (other.snaptime ?? 0))
    .map(({ name }) => name);
  const older = ours.slice(0, Math.max(0, ours.length - keep));
  const isHeld = (name: string): boolean => rows.some((row) => row.parent === name && !OURS.test(row.name));
  return { go: older.filter((name) => !isHeld(name)), held: older.filter(isHeld) };
}
