import type { Memory } from '../../contract/source.ts';
import { type Clock, pause } from '../../core/clock.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { UnifiClient } from './client.ts';
import { deviceName, isConnected } from './device.ts';
import { isSameSetting, type Override, overridesWith } from './overrides.ts';
import type { ClientRow, DeviceRow, ProfileRow, WlanRow } from './wire.ts';

/** By then a device has what was set, or something went wrong. */
export const PROVISION_MS = 120_000;
const LOOK_MS = 3_000;
/** Under this the change is noted that has not been seen to arrive, with its exact inverse. */
const UNDO = 'undo';

/** What commands need of a session. */
export interface Panel {
  readonly client: UnifiClient;
  readonly clock: Clock;
  readonly memory: Memory;
  readonly name: string;
  /** Reads the devices now, and shows what it found. */
  look(signal: AbortSignal): Promise<readonly DeviceRow[]>;
  /** Reads the configuration now, and shows what it found. */
  lookAtConfiguration(signal: AbortSignal): Promise<void>;
  /** The device behind a resource's id, among those just read. */
  deviceOf(resourceId: string): DeviceRow | undefined;
  wlanOf(resourceId: string): WlanRow | undefined;
  readonly profiles: () => readonly ProfileRow[];
  readonly clients: () => readonly ClientRow[];
}

/** Read now, since a change takes over everything that it does not know of. */
export async function deviceNow(panel: Panel, id: string, signal: AbortSignal): Promise<DeviceRow> {
  await panel.look(signal);
  const row = panel.deviceOf(id);
  if (row?._id === undefined)
    throw new LabError('target_unknown', `${panel.name}: the controller has no such device`);
  if (isConnected(row) !== true) {
    throw new LabError(
      'target_unsuitable',
      `${deviceName(row)} is not connected: nothing can be done to it now`,
    );
  }
  return row;
}

export async function write(
  { client }: Panel,
  { _id: id = '' }: DeviceRow,
  overrides: readonly Readonly<Record<string, unknown>>[],
  signal: AbortSignal,
): Promise<void> {
  await client.change('PUT', `rest/device/${encodeURIComponent(id)}`, { port_overrides: overrides }, signal);
}

export const isSettled = ({ state }: DeviceRow): boolean => state === 1;

export async function becomes(
  panel: Panel,
  id: string,
  what: string,
  ms: number,
  signal: AbortSignal,
  check: (row: DeviceRow) => boolean,
): Promise<void> {
  const { clock } = panel;
  const end = clock.elapsed() + ms;
  for (;;) {
    await pause(clock, LOOK_MS, signal);
    signal.throwIfAborted();
    // What is pushed is no answer: a controller may go on telling and take no command any more.
    const answers = await panel.look(signal).then(
      () => true,
      () => false,
    );
    const row = panel.deviceOf(id);
    if (answers && row !== undefined && check(row)) return;
    if (clock.elapsed() > end) {
      const name = row === undefined ? id : deviceName(row);
      throw new LabError('deadline_passed', `${name} is not ${what} after ${ms / 1_000} s`, {
        hint: 'look at it in the controller',
      });
    }
  }
}

/** What is set for a port before a change, and what shall be; null: nothing. */
export interface PortChange {
  readonly before: Override | null;
  readonly after: Override | null;
}

interface Undo extends PortChange {
  readonly id: string;
  readonly index: number;
}

/**
 * Changes what is set for one port, and waits until the device has it. Its inverse is written down first: if the change
 * does not arrive it is sent at once, else (also in a later run) as soon as the controller answers again.
 *
 * @throws LabError `deadline_passed`: it did not arrive
 */
export async function changePort(
  panel: Panel,
  id: string,
  index: number,
  change: PortChange,
  signal: AbortSignal,
  { what, check }: { readonly what: string; readonly check: (row: DeviceRow) => boolean },
): Promise<void> {
  // There is room for one: an older one that is still to be taken back goes first, or nothing goes.
  await undo(panel, signal);
  const row = await deviceNow(panel, id, signal);
  const { memory } = panel;
  memory.put(UNDO, JSON.stringify({ id, index, ...change } satisfies Undo));
  try {
    const overrides = overridesWith(row, index, () => change.after ?? undefined);
    await write(panel, row, overrides, signal);
    await becomes(panel, id, what, PROVISION_MS, signal, check);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const error = asLabError(thrown);
    const name = deviceName(row);
    const done = await undo(panel, signal).catch(() => false);
    const hint = done
      ? 'it was taken back'
      : `it is taken back as soon as the controller answers; else set port ${index} of ${name} there as it was`;
    throw new LabError(error.code, error.message, { hint, cause: thrown });
  }
  memory.put(UNDO, '');
}

/**
 * Takes back a change that was not seen to arrive, unless somebody has changed the port since.
 *
 * @returns whether nothing is left to be taken back
 */
export async function undo(panel: Panel, signal: AbortSignal): Promise<boolean> {
  const { memory } = panel;
  const noted = memory.get(UNDO);
  if (noted === undefined || noted === '') return true;
  const { id, index, before, after } = JSON.parse(noted) as Undo;
  const row = await deviceNow(panel, id, signal);
  const set = row.port_overrides?.find(({ port_idx: own }) => own === index);
  if (isSameSetting(set, after)) {
    await write(
      panel,
      row,
      overridesWith(row, index, () => before ?? undefined),
      signal,
    );
  }
  memory.put(UNDO, '');
  return true;
}
