import type { Capabilities } from '../../contract/capabilities.ts';
import { LabError } from '../../core/errors.ts';
import {
  becomes,
  changePort,
  deviceNow,
  isSettled,
  type Panel,
  PROVISION_MS,
  undo,
  write,
} from './change.ts';
import { deviceName, isConnected } from './device.ts';
import { isUntouched, overridesWith, portAt, requireFreePort, type SavedPort } from './overrides.ts';
import { measured } from './units.ts';
import type { DeviceRow } from './wire.ts';

/** A device takes minutes to start, and longer with a check of its file system. */
const RESTART_MS = 600_000;

/** What a session offers, and what it does by itself. */
export type Control = Capabilities['network'] & {
  /** Takes back what an earlier change left behind that was not seen to arrive. */
  settle(signal: AbortSignal): Promise<void>;
};

/** What can be done to a network: one change at a time, since each takes over the whole of a device's ports. */
export function controlOf(panel: Panel): Control {
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
    setProfile: (id, item, profile, signal) => inTurn(() => setProfile(panel, id, item, profile, signal)),
    setWlan: (id, on, signal) => inTurn(() => setWlan(panel, id, on, signal)),
    settle: (signal) => inTurn(async () => void (await undo(panel, signal))),
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
  const wished = on ? (saved?.before ?? undefined) : off;
  await changePort(panel, id, index, { before: set ?? null, after: wished ?? null }, signal, {
    what: `${on ? 'on' : 'off'} at port ${index}`,
    check: (now) => isSettled(now) && portAt(now, index)?.enable === on,
  });
  if (on) panel.memory.put(key, '');
}

async function setProfile(
  panel: Panel,
  id: string,
  item: string,
  profile: string,
  signal: AbortSignal,
): Promise<void> {
  // Profiles may have been made a moment ago.
  await panel.lookAtConfiguration(signal);
  const row = await deviceNow(panel, id, signal);
  const { port, index } = requireFreePort(row, item, panel.clients());
  const known = panel.profiles().filter(({ name, forward }) => name === profile && forward !== 'disabled');
  const [found] = known;
  if (found?._id === undefined || known.length > 1) {
    const names = panel
      .profiles()
      .flatMap(({ name, forward }) => (forward === 'disabled' ? [] : [`“${name}”`]));
    throw new LabError('target_unsuitable', `${panel.name}: there is no one profile “${profile}”`, {
      hint: names.length === 0 ? 'make one in the controller' : `the controller has ${names.join(', ')}`,
    });
  }
  if (port.portconf_id === found._id) return;
  const set = row.port_overrides?.find(({ port_idx: own }) => own === index);
  const after = { ...set, port_idx: index, portconf_id: found._id };
  await changePort(panel, id, index, { before: set ?? null, after }, signal, {
    what: `with the profile “${profile}” at port ${index}`,
    check: (now) => isSettled(now) && portAt(now, index)?.portconf_id === found._id,
  });
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
