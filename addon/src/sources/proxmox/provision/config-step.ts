import type { StepContext, StepOf } from '../../../contract/step.ts';
import type { GuestConfig, GuestRow, PendingRow } from '../guest/wire.ts';
import { guestPath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { callText, send } from './call.ts';

/** What was asked for at the end of Labkeeper may arrive that much later. */
const ARRIVES_MS = 20_000;

export interface ConfigStep {
  readonly name: string;
  readonly row: GuestRow;
  /** Settings and their new values. */
  readonly set?: Readonly<Record<string, string>>;
  /** Settings that go. */
  readonly remove?: readonly string[];
  /** Of the configuration that was looked at: Proxmox VE refuses to change another one. */
  readonly digest: string;
}

/** A step that changes a guest's configuration, at once and without a task: what it wrote shows there. */
export function configStep(desk: Desk, step: ConfigStep): StepOf<StepContext<never>> {
  const { name, row, set = {}, remove = [], digest } = step;
  const form = { ...set, ...(remove.length > 0 && { delete: remove.join(',') }), digest };
  const call = { method: 'PUT', path: `${guestPath(row)}/config`, form } as const;
  let askedAt: number | undefined;
  return {
    name,
    calls: [callText(call)],
    run: async ({ signal }) => {
      await send(desk.client, call, signal);
    },
    happened: async ({ signal }) => {
      const rows = await pendingOf(desk, row, signal);
      const isSet = Object.entries(set).every(([key, value]) => String(wantedIn(rows, key) ?? '') === value);
      if (isSet && remove.every((key) => wantedIn(rows, key) === undefined)) return true;
      const { digest: now } = await desk.client.get<GuestConfig>(`${guestPath(row)}/config`, signal);
      // It is another configuration by now: what was sent for the one before is refused, whenever it arrives.
      if (now !== digest) return false;
      const { clock } = desk.context;
      askedAt ??= clock.elapsed();
      return clock.elapsed() - askedAt < ARRIVES_MS ? undefined : false;
    },
  };
}

/** `GET …/pending`: what is in force, and what waits for the next start. */
export const pendingOf = (
  { client }: Desk,
  row: GuestRow,
  signal: AbortSignal,
): Promise<readonly PendingRow[]> => client.list<PendingRow>(`${guestPath(row)}/pending`, signal);

/** What a setting is to be, now or from the next start; undefined: it is not set, or goes. */
function wantedIn(rows: readonly PendingRow[], key: string): string | number | undefined {
  const row = rows.find((each) => each.key === key);
  return row?.delete ? undefined : (row?.pending ?? row?.value);
}
