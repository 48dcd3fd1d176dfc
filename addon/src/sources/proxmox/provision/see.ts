import type { StepContext, StepOf } from '../../../contract/step.ts';
import { LabError } from '../../../core/errors.ts';
import type { GuestConfig, GuestRow } from '../guest/wire.ts';
import { guestPath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { unlocked } from './guest-now.ts';

export interface See {
  /** For people: “See that it is gone”. */
  readonly name: string;
  readonly row: GuestRow;
  /** What is not as it should be, a sentence; undefined: all is well. */
  readonly wrong?: (config: GuestConfig) => string | undefined;
}

/** The last step of what is done to a guest: nothing holds it any more, it is as it was to be, and the lab shows it. */
export function seeStep(desk: Desk, { name, row, wrong }: See): StepOf<StepContext<never>> {
  return {
    name,
    run: async ({ signal }) => {
      await unlocked(desk, row, signal);
      const config = wrong && (await desk.client.get<GuestConfig>(`${guestPath(row)}/config`, signal));
      const problem = config && wrong?.(config);
      if (problem !== undefined) {
        const hint = 'see what its tasks say in Proxmox VE';
        throw new LabError('source_failed', `${row.name ?? row.vmid}: ${problem}`, { hint });
      }
      desk.touched(row.vmid);
    },
    // It only looks: looking again does no harm.
    happened: async () => false,
  };
}
