import type { StepContext, StepOf } from '../../../contract/step.ts';
import { pause } from '../../../core/clock.ts';
import { LabError } from '../../../core/errors.ts';
import type { GuestRow, GuestStatus } from '../guest/wire.ts';
import { guestId, guestPath } from '../ids.ts';
import type { Bench } from './bench.ts';
import { allLeft, type Made, nameOf, ownGuest } from './made.ts';

const SEEN_MS = 180_000;
const LOOK_MS = 3_000;

/** The job's own guest is in the lab, and runs if it is to. Its id and name are what the job answers with. */
export function seeStep({ desk, list }: Bench, made: Made, isRunning: boolean): StepOf<StepContext<never>> {
  return {
    name: isRunning ? 'See that it runs' : 'See that it is there',
    run: async (now) => {
      const { signal, note } = now;
      const { clock } = desk.context;
      const end = clock.elapsed() + SEEN_MS;
      for (;;) {
        const { row } = await ownGuest(desk, made, now);
        const { status } = await desk.client.get<GuestStatus>(`${guestPath(row)}/status/current`, signal);
        await list(signal);
        desk.publish();
        const shown = desk.picture.guests.at(made.vmid);
        if (shown !== undefined && (status === 'running' || !isRunning)) {
          desk.touched(made.vmid);
          const id = guestId(desk.picture.owner, made.vmid, desk.picture.guests.generation(made.vmid) ?? 1);
          // It is not done before that is gone, too.
          const left = made.beside === undefined ? [] : allLeft(desk, made);
          note({ result: resultOf(made, id, row), left });
          return;
        }
        if (clock.elapsed() > end) {
          const what = isRunning ? 'does not run' : 'does not show in the lab';
          throw new LabError('deadline_passed', `${nameOf(made)} was made and ${what}`, {
            hint: 'see what its tasks say in Proxmox VE',
          });
        }
        await pause(clock, LOOK_MS, signal);
        signal.throwIfAborted();
      }
    },
    happened: async () => false,
  };
}

/** What a job answers with that made a guest. @param address null: not known (yet) */
export const resultOf = (
  { vmid, name }: Made,
  id: string,
  { node }: GuestRow,
  address: string | null = null,
) => ({
  ...{ id, vmid, node, name, address },
});
