import type { StepContext, StepOf } from '../../../contract/step.ts';
import { pause } from '../../../core/clock.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import { addressesIn } from '../guest/addresses.ts';
import { macsIn } from '../guest/bearer.ts';
import { hasAgent } from '../guest/settings.ts';
import type { GuestConfig, GuestRow, GuestStatus, InterfaceRow } from '../guest/wire.ts';
import { guestId, guestPath } from '../ids.ts';
import type { Bench } from './bench.ts';
import { allLeft, type Made, nameOf, ownGuest } from './made.ts';

const SEEN_MS = 180_000;
const LOOK_MS = 3_000;
const ADDRESS_EVERY_MS = 5_000;
/** An agent that hangs keeps a worker of its node busy. */
const AGENT_MS = 5_000;

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

const resultOf = ({ vmid, name }: Made, id: string, { node }: GuestRow, address: string | null = null) => ({
  ...{ id, vmid, node, name, address },
});

/**
 * Waits for a new guest's address, which its agent tells, of a container its node.
 *
 * @param fixed what it was given; null: it gets one
 * @param ms how long at most: what was not heard by then is unknown
 */
export function addressStep(
  { desk }: Bench,
  made: Made,
  fixed: string | null,
  ms: number,
): StepOf<StepContext<never>> {
  return {
    name: 'Wait for its address',
    run: async (now) => {
      const { signal, cancelled, note } = now;
      const { clock } = desk.context;
      const begin = clock.elapsed();
      const own = await ownGuest(desk, made, now).catch((thrown: unknown) => {
        if (signal.aborted || asLabError(thrown).next !== 'retry') throw thrown;
        // It was made, wherever its node is now.
        return undefined;
      });
      if (own === undefined) return;
      const { row, config } = own;
      const id = guestId(desk.picture.owner, made.vmid, desk.picture.guests.generation(made.vmid) ?? 1);
      let address: string | null = null;
      while (address === null && clock.elapsed() - begin < ms && !cancelled.aborted) {
        if (made.type === 'qemu' && !hasAgent(config)) break;
        const found = await addressOf({ desk }, row, config, signal);
        if (found === undefined) break;
        address = found;
        note({ progress: (clock.elapsed() - begin) / ms });
        if (address === null) await pause(clock, ADDRESS_EVERY_MS, signal);
        signal.throwIfAborted();
      }
      const known = address ?? fixed;
      note({
        result: resultOf(made, id, row, known),
        log: known === null ? 'nobody tells its address' : `its address: ${known}`,
      });
      desk.touched(made.vmid);
    },
    happened: async () => false,
  };
}

/** null: not known yet; undefined: it will not be told. */
async function addressOf(
  { desk }: Pick<Bench, 'desk'>,
  row: GuestRow,
  config: GuestConfig,
  signal: AbortSignal,
): Promise<string | null | undefined> {
  try {
    const rows = await interfacesOf(desk.client, row, signal);
    return addressesIn(rows, macsIn(config))[0] ?? null;
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return asLabError(thrown).code === 'privilege_missing' ? undefined : null;
  }
}

async function interfacesOf(
  client: Bench['desk']['client'],
  row: GuestRow,
  signal: AbortSignal,
): Promise<readonly InterfaceRow[]> {
  if (row.type === 'lxc') return client.list<InterfaceRow>(`${guestPath(row)}/interfaces`, signal);
  const path = `${guestPath(row)}/agent/network-get-interfaces`;
  const { result } = await client.ask<{ readonly result?: readonly InterfaceRow[] }>(path, AGENT_MS, signal);
  if (!Array.isArray(result)) throw client.misshapen(path);
  return result;
}
