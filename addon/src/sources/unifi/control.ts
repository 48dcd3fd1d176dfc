import type { Capabilities } from '../../contract/capabilities.ts';
import type { Memory } from '../../contract/source.ts';
import { type Clock, pause } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import type { UnifiClient } from './client.ts';
import { deviceName, isConnected } from './device.ts';
import { isUntouched, overridesWith, portAt, requireFreePort, type SavedPort } from './overrides.ts';
import { measured } from './units.ts';
import type { ClientRow, DeviceRow, ProfileRow, WlanRow } from './wire.ts';

/** A device takes minutes to start, and longer with a check of its file system. */
const RESTART_MS = 600_000;
/** By then a device has what was set, or something went wrong. */
const PROVISION_MS = 120_000;
const LOOK_MS = 3_000;

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

/** What can be done to a network: one change at a time, since each takes over the whole of a device's ports. */
export function controlOf(panel: Panel): Capabilities['network'] {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
  return {
    restart: (id, signal) => inTurn(() => restart(panel, id, signal)),
    cyclePort: (id, item, signal) => inTurn(() => cyclePort(panel, id, item, signal)),
    setPoe: (id, item, on, signal) => inTurn(() => setPoe(panel, id, item, on, signal)),
    setPort: (id, item, on, signal) => inTurn(() => setPort(panel, id, item, on, signal)),
    setWlan: (id, on, signal) => inTurn(() => setWlan(panel, id, on, signal)),
  };
}

async function restart(panel: Panel, id: string, signal: AbortSignal): Promise<void> {
  const before = await deviceNow(panel, id, signal);
  await panel.client.change(
    'POST',
    'cmd/devmgr',
    { cmd: 'restart', mac: before.mac, reboot_type: 'soft' },
    signal,
  );
  const uptime = measured(before.uptime) ?? 0;
  await becomes(panel, id, 'back after its restart', RESTART_MS, signal, (row) => {
    return isConnected(row) === true && (measured(row.uptime) ?? uptime) < uptime;
  });
}

async function cyclePort(panel: Panel, id: string, item: string, signal: AbortSignal): Promise<void> {
  const { row, port, index } = await poePort(panel, id, item, signal);
  if (port.poe_mode === 'off') {
    throw new LabError('target_unsuitable', `${deviceName(row)}: port ${index} gives no power`);
  }
  const body = { cmd: 'power-cycle', mac: row.mac, port_idx: index };
  await panel.client.change('POST', 'cmd/devmgr', body, signal);
  await panel.look(signal);
}

async function setPoe(
  panel: Panel,
  id: string,
  item: string,
  on: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { row, port, index } = await poePort(panel, id, item, signal, on);
  if ((port.poe_mode !== 'off') === on) return;
  const key = `poe_mode/${row.mac}/${index}`;
  // Some ports are set to a voltage of their own, which “auto” would not bring back.
  if (!on) panel.memory.put(key, port.poe_mode ?? 'auto');
  const mode = on ? (panel.memory.get(key) ?? 'auto') : 'off';
  await write(
    panel,
    row,
    overridesWith(row, index, (set) => ({ ...set, poe_mode: mode })),
    signal,
  );
  await becomes(
    panel,
    id,
    `${on ? 'giving' : 'without'} power at port ${index}`,
    PROVISION_MS,
    signal,
    (now) => {
      return isSettled(now) && (portAt(now, index)?.poe_mode !== 'off') === on;
    },
  );
}

/** Switched off it has another profile, or says so itself where there is none: what it had before is written down. */
async function setPort(
  panel: Panel,
  id: string,
  item: string,
  on: boolean,
  signal: AbortSignal,
): Promise<void> {
  const row = await deviceNow(panel, id, signal);
  const { port, index } = requireFreePort(row, item, panel.clients());
  if (port.enable === on) return;
  const key = `port_before/${row.mac}/${index}`;
  const set = row.port_overrides?.find(({ port_idx: own }) => own === index);
  const noted = panel.memory.get(key);
  const saved = noted === undefined || noted === '' ? undefined : (JSON.parse(noted) as SavedPort);
  if (on && (saved === undefined || !isUntouched(set, saved))) {
    throw new LabError('target_changed', `${deviceName(row)}: port ${index} was not switched off from here`, {
      hint: 'switch it on in the controller: how it was before is not known here',
    });
  }
  const disabled = panel.profiles().find(({ forward }) => forward === 'disabled')?._id;
  const off = {
    ...set,
    port_idx: index,
    ...(disabled === undefined ? { forward: 'disabled' } : { portconf_id: disabled }),
  };
  // Before it is sent: whatever happens then, it is known how it was.
  if (!on) panel.memory.put(key, JSON.stringify({ before: set ?? null, off } satisfies SavedPort));
  await write(
    panel,
    row,
    overridesWith(row, index, () => (on ? (saved?.before ?? undefined) : off)),
    signal,
  );
  try {
    await becomes(panel, id, `${on ? 'on' : 'off'} at port ${index}`, PROVISION_MS, signal, (now) => {
      return isSettled(now) && portAt(now, index)?.enable === on;
    });
  } catch (thrown) {
    if (!signal.aborted) await takeBack(panel, id, index, set, signal);
    throw thrown;
  }
  if (on) panel.memory.put(key, '');
}

/** Sends the exact inverse, with the other ports as they are now. */
async function takeBack(
  panel: Panel,
  id: string,
  index: number,
  before: Readonly<Record<string, unknown>> | undefined,
  signal: AbortSignal,
): Promise<void> {
  const row = await deviceNow(panel, id, signal);
  await write(
    panel,
    row,
    overridesWith(row, index, () => before),
    signal,
  );
}

async function setWlan(panel: Panel, id: string, on: boolean, signal: AbortSignal): Promise<void> {
  await panel.lookAtConfiguration(signal);
  const row = panel.wlanOf(id);
  if (row?._id === undefined)
    throw new LabError('target_unknown', `${panel.name}: the controller has no such WLAN`);
  if (row.enabled === on) return;
  // Only what is sent is changed; the passphrase stays where it is.
  await panel.client.change('PUT', `rest/wlanconf/${encodeURIComponent(row._id)}`, { enabled: on }, signal);
  await panel.lookAtConfiguration(signal);
}

async function poePort(panel: Panel, id: string, item: string, signal: AbortSignal, adds = false) {
  const row = await deviceNow(panel, id, signal);
  // Giving power cuts nobody off.
  const { port, index } = adds ? portNamed(row, item) : requireFreePort(row, item, panel.clients());
  if (port.port_poe !== true) {
    throw new LabError('target_unsuitable', `${deviceName(row)}: port ${index} cannot give power`);
  }
  return { row, port, index };
}

const portNamed = (row: DeviceRow, item: string) => requireFreePort(row, item, undefined);

/** Read now, since a change takes over everything that it does not know of. */
async function deviceNow(panel: Panel, id: string, signal: AbortSignal): Promise<DeviceRow> {
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

async function write(
  { client }: Panel,
  { _id: id = '' }: DeviceRow,
  overrides: readonly Readonly<Record<string, unknown>>[],
  signal: AbortSignal,
): Promise<void> {
  await client.change('PUT', `rest/device/${encodeURIComponent(id)}`, { port_overrides: overrides }, signal);
}

const isSettled = ({ state }: DeviceRow): boolean => state === 1;

async function becomes(
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
    await panel.look(signal).catch(() => {});
    const row = panel.deviceOf(id);
    if (row !== undefined && check(row)) return;
    if (clock.elapsed() > end) {
      const name = row === undefined ? id : deviceName(row);
      throw new LabError('deadline_passed', `${name} is not ${what} after ${ms / 1_000} s`, {
        hint: 'look at it in the controller',
      });
    }
  }
}
