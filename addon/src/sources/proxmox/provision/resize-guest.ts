import type { ResizeInput } from '../../../contract/inputs/resize.ts';
import type { Task } from '../../../contract/provision.ts';
import type { StepContext, StepOf } from '../../../contract/step.ts';
import type { GuestConfig, GuestRow } from '../guest/wire.ts';
import { guestPath } from '../ids.ts';
import type { Bench } from './bench.ts';
import { configStep, pendingOf } from './config-step.ts';
import { disksIn } from './disks-in.ts';
import { guestNow, unlocked } from './guest-now.ts';
import { type Growth, resizeOf } from './resize-checks.ts';
import { type Before, taskStep } from './task-step.ts';

const MS = 1_800_000;

interface Decided {
  readonly row: GuestRow;
  /** Settings that differ from now. */
  readonly set: Readonly<Record<string, string>>;
  readonly growth: Growth | null;
  readonly digest: string;
  readonly before: Before;
}

/** `PUT …/config` and `PUT …/resize`: only what is not yet as it shall be. */
export function resizeGuest({ desk, list }: Bench): Task<ResizeInput> {
  return {
    prepare: async ({ target, input, signal }) => {
      const now = await guestNow(desk, list, target.id, signal);
      const { set, growth, checks, warnings } = await resizeOf(desk, now, input, signal);
      const { row, before, config, fingerprint } = now;
      const digest = String(config.digest ?? '');
      return {
        decided: { row, set, growth: growth ?? null, digest, before } satisfies Decided,
        checks,
        warnings,
        fingerprint,
      };
    },
    steps: ({ decided }) => {
      const { row, set, growth, digest, before } = decided as unknown as Decided;
      const changes = Object.entries(set).map(([key, value]) => `${key} ${value}`);
      return [
        ...(changes.length === 0
          ? []
          : [configStep(desk, { name: `Set ${changes.join(', ')}`, row, set, digest })]),
        ...(growth === null ? [] : [growthStep(row, growth, before)]),
        {
          name: 'See what counts now',
          run: async ({ signal, note }) => {
            await unlocked(desk, row, signal);
            const rows = await pendingOf(desk, row, signal);
            const waiting = rows.filter(({ key, pending }) => key in set && pending !== undefined);
            note({ result: { at_next_start: waiting.map(({ key }) => key) } });
            desk.touched(row.vmid);
          },
          happened: async () => false,
        },
      ];
    },
  };

  /** The size is absolute: asked for twice, the second changes nothing. */
  function growthStep(
    row: GuestRow,
    { disk, bytes, size }: Growth,
    before: Before,
  ): StepOf<StepContext<never>> {
    return taskStep(desk, {
      ...{ name: `Grow ${disk} to ${size}`, ms: MS, before, type: 'resize' },
      call: { method: 'PUT', path: `${guestPath(row)}/resize`, form: { disk, size } },
      isDone: async (signal) => {
        const config = await desk.client.get<GuestConfig>(`${guestPath(row)}/config`, signal);
        return disksIn(config).some((each) => each.key === disk && (each.size ?? 0) >= bytes);
      },
    });
  }
}
