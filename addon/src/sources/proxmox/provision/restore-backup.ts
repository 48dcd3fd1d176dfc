import type { RestoreBackupInput } from '../../../contract/inputs/restore.ts';
import type { Task } from '../../../contract/provision.ts';
import { isSet } from '../guest/settings.ts';
import type { GuestRow } from '../guest/wire.ts';
import { nodePath } from '../ids.ts';
import { addressStep } from './address-step.ts';
import type { Bench } from './bench.ts';
import type { Call } from './call.ts';
import { guestNow } from './guest-now.ts';
import { type Made, markOf, nextGeneration } from './made.ts';
import { rightsCheck } from './make-checks.ts';
import { startStep } from './own-steps.ts';
import { powerStep } from './power-step.ts';
import { type RestorePlan, restorePlan } from './restore-plan.ts';
import { restoreStep } from './restore-step.ts';
import { seeStep } from './see-made.ts';
import { timeText } from './snapshot-list.ts';
import { type Before, tasksOf } from './task-step.ts';

const ADDRESS_MS = 300_000;

interface Decided {
  readonly made: Made;
  readonly call: Call;
  readonly before: Before;
  /** Storage that it is copied to. */
  readonly line: string;
  /** Name of the guest that is shut down first; null: nothing is started, or it is off. */
  readonly ends: string | null;
  readonly start: boolean;
}

/** `POST /nodes/{node}/qemu` with `archive`, or `…/lxc` with `restore`: as another guest, with MACs and UUID of its own. */
export function restoreBackup(bench: Bench): Task<RestoreBackupInput> {
  const { desk, list, vmids } = bench;
  return {
    prepare: async ({ target, input, job, signal }) => {
      const { start = false, storage, backup } = input;
      const now = await guestNow(desk, list, target.id, signal);
      const { row } = now;
      const { plan, checks: found } = await restorePlan(desk, now, backup, storage, signal);
      const vmid = await vmids.choose(job !== undefined, signal);
      const name = input.name ?? `${(row.name ?? `guest-${row.vmid}`).slice(0, 54)}-restored`;
      const generation = nextGeneration(desk, vmid);
      const made: Made = { type: row.type, vmid, generation, node: row.node, name, mark: markOf(job) };
      const checks = [
        ...rightsCheck(desk, [
          [['VM.Allocate', `/vms/${vmid}`]],
          [['VM.Config.Options', `/vms/${vmid}`]],
          ...(row.type === 'lxc' ? [[['VM.Config.Network', `/vms/${vmid}`]] as const] : []),
          ...[...(plan?.places.keys() ?? [])].map(
            (place) => [['Datastore.AllocateSpace', `/storage/${place}`]] as const,
          ),
          ...(start ? [[['VM.PowerMgmt', `/vms/${vmid}`]] as const] : []),
        ]),
        { name: 'VM id', ok: true, message: `${vmid} is free, and was not used within 30 days` },
        ...found,
      ];
      if (checks.some(({ ok }) => !ok)) vmids.release(vmid);
      const isRunning = now.status.status === 'running';
      return {
        decided:
          plan === undefined
            ? {}
            : ({
                ...{ made, start, call: callOf(row, made, plan, storage) },
                before: await tasksOf(desk, row.node, vmid, signal),
                line: [...plan.places.keys()][0] ?? '',
                ends: start && isRunning ? target.name : null,
              } satisfies Decided),
        checks,
        warnings: plan === undefined ? [] : warningsOf(target.name, made, plan, start, isRunning),
        fingerprint: `${now.fingerprint} ${now.status.status} ${plan?.archive.volid}`,
      };
    },
    steps: ({ decided, target }) => {
      const { made, call, before, line, ends, start } = decided as unknown as Decided;
      return [
        restoreStep(bench, { call, before, made, line }),
        seeStep(bench, made, false),
        // Both bear the same addresses: never do both run.
        ...(ends === null ? [] : [powerStep(bench, `Shut ${ends} down`, target.id, 'stopped')]),
        ...(start
          ? [startStep(bench, made), seeStep(bench, made, true), addressStep(bench, made, null, ADDRESS_MS)]
          : []),
      ];
    },
  };
}

function callOf(row: GuestRow, made: Made, { archive, config, places }: RestorePlan, storage?: string): Call {
  const { vmid, name, mark, type } = made;
  const notes = config.description === undefined ? mark : `${String(config.description).trim()}\n\n${mark}`;
  const common = { vmid: `${vmid}`, unique: '1', description: notes, onboot: '0' };
  const path = `${nodePath(row.node)}/${type}`;
  if (type === 'qemu') {
    const place = storage === undefined ? {} : { storage };
    return { method: 'POST', path, form: { ...common, name, archive: archive.volid, ...place } };
  }
  // Left out, containers come on “local”.
  const [first] = places.keys();
  const place = storage ?? first;
  const form = { ...common, hostname: name, restore: '1', ostemplate: archive.volid };
  return { method: 'POST', path, form: { ...form, ...(place !== undefined && { storage: place }) } };
}

function warningsOf(
  original: string,
  { name, vmid }: Made,
  { archive, config }: RestorePlan,
  start: boolean,
  isRunning: boolean,
): readonly string[] {
  return [
    `${name} (${vmid}) is ${original} as it was at ${timeText(archive.time)}, with MACs and a UUID of its own`,
    `it has the addresses and the identity of ${original} within: the two must not run at the same time`,
    ...(isSet(config.onboot)
      ? [`it does not start with its node, as ${original} does, until you set that`]
      : []),
    ...(start && isRunning ? [`${original} is shut down before it is started, and stays off`] : []),
    ...(start ? [] : ['it stays off']),
  ];
}
