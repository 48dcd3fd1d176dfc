import type { Capabilities } from '../../contract/capabilities.ts';
import { LabError } from '../../core/errors.ts';
import { becomes, carryOut, undo } from './change.ts';
import { deviceName, isConnected } from './device.ts';
import { createNetwork, deleteNetwork } from './network-change.ts';
import { freshSetting, requireFreePort } from './overrides.ts';
import { deviceNow, type Panel, settledAmong } from './panel.ts';
import { changePort, setPort, setProfile, setVlan } from './port-change.ts';
import { writeWlan } from './undo.ts';
import { measured, said } from './units.ts';

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
  /** What an earlier change left behind goes first, or nothing goes: there is room for one. */
  const change = (signal: AbortSignal, work: () => Promise<void>): Promise<void> =>
    inTurn(async () => {
      await undo(panel, signal);
      await work();
    });
  return {
    restart: (id, signal) => inTurn(() => restart(panel, id, signal)),
    cyclePort: (id, item, signal) => inTurn(() => cyclePort(panel, id, item, signal)),
    setPoe: (id, item, on, signal) => change(signal, () => setPoe(panel, id, item, on, signal)),
    setPort: (id, item, on, signal, seen) => change(signal, () => setPort(panel, id, item, on, signal, seen)),
    setProfile: (id, item, profile, signal, seen) =>
      change(signal, () => setProfile(panel, id, item, profile, signal, seen)),
    setVlan: (id, item, vlan, signal, seen) =>
      change(signal, () => setVlan(panel, id, item, vlan, signal, seen)),
    setWlan: (id, on, signal) => change(signal, () => setWlan(panel, id, on, signal)),
    createNetwork: (_, wish, signal) => change(signal, () => createNetwork(panel, wish, signal)),
    deleteNetwork: (id, signal, seen) => change(signal, () => deleteNetwork(panel, id, signal, seen)),
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
  const missing = `${deviceName(before)} is not back after its restart`;
  await becomes(panel, missing, RESTART_MS, signal, () => {
    const row = panel.deviceOf(id);
    return row !== undefined && isConnected(row) === true && (measured(row.uptime) ?? uptime) < uptime;
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
  const found = await poePort(panel, id, item, signal, on);
  const { row, port, index, set } = found;
  if ((port.poe_mode !== 'off') === on) return;
  const key = `poe_mode/${row.mac}/${index}`;
  // Some ports are set to a voltage of their own, which “auto” would not bring back.
  if (!on) panel.memory.put(key, port.poe_mode ?? 'auto');
  const mode = on ? (panel.memory.get(key) ?? 'auto') : 'off';
  const after = { ...(set ?? freshSetting(port, index)), poe_mode: mode };
  await changePort(panel, id, found, after, signal, {
    what: on ? 'giving power' : 'without power',
    check: (now) => (now.poe_mode !== 'off') === on,
  });
}

async function setWlan(panel: Panel, id: string, on: boolean, signal: AbortSignal): Promise<void> {
  await panel.look(signal);
  await panel.networksNow(signal);
  await panel.wlansNow(signal);
  const row = panel.wlanOf(id);
  const own = row?._id;
  if (row === undefined || own === undefined)
    throw new LabError('target_unknown', `${panel.name}: the controller has no such WLAN`);
  if (row.enabled === on) return;
  const name = said(row.name) ?? 'unnamed';
  const areSettled = settledAmong(panel, ['accesspoint']);
  await carryOut(
    panel,
    {
      undo: { what: 'wlan', id, before: !on },
      byHand: `switch the WLAN “${name}” ${on ? 'off' : 'on'} there`,
      send: () => writeWlan(panel, own, on, signal),
      missing: `the WLAN “${name}” is not ${on ? 'on' : 'off'}`,
      arrived: async () => {
        await panel.wlansNow(signal);
        return panel.wlanOf(id)?.enabled === on && areSettled();
      },
    },
    signal,
  );
}

async function poePort(panel: Panel, id: string, item: string, signal: AbortSignal, adds = false) {
  // Giving power cuts nobody off.
  const clients = adds ? undefined : await panel.clientsNow(signal);
  const row = await deviceNow(panel, id, signal);
  const { port, index } = requireFreePort(row, item, clients);
  if (port.port_poe !== true) {
    throw new LabError('target_unsuitable', `${deviceName(row)}: port ${index} cannot give power`);
  }
  const set = row.port_overrides?.find(({ port_idx: own }) => own === index);
  return { row, port, index, set };
}
