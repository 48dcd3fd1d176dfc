import type { RestoreOverInput } from '../../../contract/inputs/restore.ts';
import type { Task } from '../../../contract/provision.ts';
import type { Check } from '../../../contract/step.ts';
import { isSet } from '../guest/settings.ts';
import type { GuestRow } from '../guest/wire.ts';
import { nodePath } from '../ids.ts';
import type { Bench } from './bench.ts';
import type { Call } from './call.ts';
import { type GuestNow, guestNow } from './guest-now.ts';
import { rightsCheck } from './make-checks.ts';
import { powerStep } from './power-step.ts';
import { type RestorePlan, restorePlan } from './restore-plan.ts';
import { RESTORE_MS } from './restore-step.ts';
import { seeStep } from './see.ts';
import { snapshotsNow, timeText } from './snapshot-list.ts';
import { type Before, taskStep } from './task-step.ts';

interface Decided {
  readonly row: GuestRow;
  readonly backup: Call;
  readonly restore: Call;
  readonly before: Before;
  readonly isRunning: boolean;
  /** What is restored, for people. */
  readonly volid: string;
}

/** Backs a guest up, shuts it down, restores over it with `force`, and starts it if it ran. */
export function restoreOver({ desk, list }: Bench): Task<RestoreOverInput> {
  return {
    prepare: async ({ target, input: { backup, storage }, signal }) => {
      const now = await guestNow(desk, list, target.id, signal);
      const { row, before } = now;
      const { plan, checks } = await restorePlan(desk, now, backup, storage, signal);
      const snapshots = (await snapshotsNow(desk, row, signal)).map(({ name }) => name);
      const at = `/vms/${row.vmid}`;
      return {
        decided: plan === undefined ? {} : { ...decide(now, plan, storage), before },
        checks: [
          ...rightsCheck(desk, [
            [
              ['VM.Allocate', at],
              ['VM.Backup', at],
            ],
            [['VM.PowerMgmt', at]],
            ...[...(plan?.places.keys() ?? [])].map(
              (place) => [['Datastore.AllocateSpace', `/storage/${place}`]] as const,
            ),
          ]),
          protectionCheck(now),
          ...checks,
        ],
        ...(plan !== undefined && { warnings: lossesOf(now, plan, snapshots) }),
        fingerprint: `${now.fingerprint} ${now.status.status} ${plan?.archive.volid} ${snapshots.join(' ')}`,
      };
    },
    steps: ({ decided, target }) => {
      const { row, backup, restore, before, isRunning, volid } = decided as unknown as Decided;
      const name = row.name ?? `${row.vmid}`;
      const over = taskStep(desk, {
        ...{ name: `Restore ${volid} over ${name}`, call: restore, ms: RESTORE_MS, before },
        type: row.type === 'qemu' ? 'qmrestore' : 'vzrestore',
      });
      const left = [
        { id: target.id, what: `${name}, half restored: restore one of its backups over it again` },
      ];
      const whole = seeStep(desk, { name: 'See that it is whole', row });
      return [
        taskStep(desk, {
          name: `Back ${name} up first`,
          call: backup,
          type: 'vzdump',
          ms: RESTORE_MS,
          before,
        }),
        ...(isRunning ? [powerStep({ desk, list }, `Shut ${name} down`, target.id, 'stopped')] : []),
        {
          ...over,
          run: async (context) => {
            context.note({ left });
            await over.run(context as never);
          },
        },
        {
          ...whole,
          run: async (context) => {
            await whole.run(context as never);
            context.note({ left: [] });
          },
        },
        ...(isRunning ? [powerStep({ desk, list }, `Start ${name}`, target.id, 'running')] : []),
      ];
    },
  };
}

function decide({ row, status }: GuestNow, plan: RestorePlan, storage?: string): Omit<Decided, 'before'> {
  const { archive, places } = plan;
  const isRunning = status.status === 'running';
  const node = nodePath(row.node);
  const [first] = places.keys();
  const place = storage ?? (row.type === 'lxc' ? first : undefined);
  const form: Readonly<Record<string, string>> = {
    ...{ vmid: `${row.vmid}`, force: '1' },
    ...(row.type === 'qemu' ? { archive: archive.volid } : { restore: '1', ostemplate: archive.volid }),
    ...(place !== undefined && { storage: place }),
  };
  const dump = {
    vmid: `${row.vmid}`,
    storage: archive.storage,
    mode: 'snapshot',
    compress: 'zstd',
    remove: '0',
  };
  return {
    ...{ row, isRunning, volid: archive.volid },
    backup: { method: 'POST', path: `${node}/vzdump`, form: dump },
    restore: { method: 'POST', path: `${node}/${row.type}`, form },
  };
}

function protectionCheck({ config }: GuestNow): Check {
  const ok = !isSet(config.protection);
  return ok
    ? { name: 'Protection', ok, message: 'it is not protected' }
    : {
        name: 'Protection',
        ok,
        message: 'it is protected',
        hint: 'take the protection off in its options first',
      };
}

function lossesOf(
  { row, status }: GuestNow,
  { archive }: RestorePlan,
  snapshots: readonly string[],
): readonly string[] {
  const name = row.name ?? `${row.vmid}`;
  return [
    `all that ${name} wrote since ${timeText(archive.time)} is lost, but for the backup that is made first on ${archive.storage}`,
    ...(snapshots.length > 0 ? [`its snapshots are lost: ${snapshots.join(', ')}`] : []),
    ...(status.status === 'running' ? [`${name} is shut down meanwhile, and started again`] : []),
  ];
}
