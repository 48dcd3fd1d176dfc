import { aboutText } from '../../../contract/about.ts';
import type { BackupNowInput } from '../../../contract/inputs/backup-now.ts';
import type { Task } from '../../../contract/provision.ts';
import type { Check } from '../../../contract/step.ts';
import { asLabError } from '../../../core/errors.ts';
import type { GuestRow } from '../guest/wire.ts';
import { nodePath } from '../ids.ts';
import { backupPlace } from './backup-place.ts';
import type { Bench } from './bench.ts';
import type { Call } from './call.ts';
import { guestNow } from './guest-now.ts';
import { rightsCheck } from './make-checks.ts';
import { seeStep } from './see.ts';
import { type Before, taskStep } from './task-step.ts';

/** Large guests on slow storages take hours. */
const MS = 12 * 3_600_000;
/** Since then a backup has notes. */
const NOTES_SINCE = 8;

interface Decided {
  readonly row: GuestRow;
  readonly storage: string;
  readonly call: Call;
  readonly before: Before;
}

/** `POST /nodes/{node}/vzdump` of one guest, while it runs. */
export function backupNow({ desk, list, backupStorage }: Bench): Task<BackupNowInput> {
  return {
    prepare: async ({ target, input, by, signal }) => {
      const { row, before, fingerprint } = await guestNow(desk, list, target.id, signal);
      const place = await backupPlace(desk, row, backupStorage, signal).catch((thrown: unknown): Check => {
        if (signal.aborted) throw thrown;
        const { message, hint } = asLabError(thrown);
        return { name: 'Storage', ok: false, message, ...(hint !== undefined && { hint }) };
      });
      if (typeof place !== 'string') return { decided: {}, checks: [place], fingerprint };
      return {
        decided: {
          ...{ row, before, storage: place },
          call: callOf(row, place, hasNotes(row) ? plain(aboutText(input.about, by)) : undefined),
        } satisfies Decided,
        checks: [
          ...rightsCheck(desk, [
            [['VM.Backup', `/vms/${row.vmid}`]],
            [['Datastore.AllocateSpace', `/storage/${place}`]],
          ]),
          { name: 'Storage', ok: true, message: `it is backed up to ${place}; what is there stays` },
        ],
        fingerprint: `${fingerprint} ${place}`,
      };
    },
    steps: ({ decided }) => {
      const { row, storage, call, before } = decided as unknown as Decided;
      return [
        taskStep(desk, {
          ...{ name: 'Back up', call, type: 'vzdump', ms: MS, before },
          result: { storage },
          isStoppable: true,
        }),
        seeStep(desk, { name: 'See that nothing holds it any more', row }),
      ];
    },
  };

  function hasNotes({ node }: GuestRow): boolean {
    return (desk.picture.nodes.mainVersion(node) ?? 0) >= NOTES_SINCE;
  }
}

const callOf = ({ vmid, node }: GuestRow, storage: string, about: string | undefined): Call => ({
  method: 'POST',
  path: `${nodePath(node)}/vzdump`,
  form: {
    vmid: String(vmid),
    storage,
    mode: 'snapshot',
    compress: 'zstd',
    // Nobody who asks for one more backup asks for fewer old ones.
    remove: '0',
    ...(about !== undefined && { 'notes-template': `{{guestname}} · ${about}` }),
  },
});

/** What is in braces would be replaced. */
const plain = (text: string): string => text.replaceAll(/[{}\\]/g, '').slice(0, 400);
