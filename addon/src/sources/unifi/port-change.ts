import { isDeepStrictEqual } from 'node:util';
import type { PortSeen } from '../../contract/network.ts';
import { LabError } from '../../core/errors.ts';
import { type Change, carryOut } from './change.ts';
import { deviceName } from './device.ts';
import { hasVlan, portKey, vlanOf } from './keys.ts';
import {
  isUntouched,
  type Override,
  overridesWith,
  portAt,
  requireFreePort,
  type SavedPort,
} from './overrides.ts';
import { deviceNow, isSettled, type Panel } from './panel.ts';
import { portsOf } from './ports.ts';
import { writePorts } from './undo.ts';
import { said } from './units.ts';
import { accessPort, choosesById, profilesFor, trunkAt, vlanAt } from './vlans.ts';
import type { DeviceRow, NetworkRow, PortRow, ProfileRow } from './wire.ts';

/** A port that may be changed, as it is now. */
interface Found {
  readonly row: DeviceRow;
  readonly port: PortRow;
  readonly index: number;
  /** What is set for it; undefined: nothing. */
  readonly set: Override | undefined;
  readonly networks: readonly NetworkRow[];
  readonly profiles: readonly ProfileRow[];
}

/** Switched off it has another profile, or says so itself where there is none: what it had before is written down. */
export async function setPort(
  panel: Panel,
  id: string,
  item: string,
  on: boolean,
  signal: AbortSignal,
  seen: PortSeen | undefined,
): Promise<void> {
  const found = await portNow(panel, id, item, signal);
  const { row, port, index, set, profiles } = found;
  if (port.enable === on) return;
  requireUnchanged(found, seen);
  const key = `port_before/${row.mac}/${index}`;
  const noted = panel.memory.get(key);
  const saved = noted === undefined || noted === '' ? undefined : (JSON.parse(noted) as SavedPort);
  if (on && (saved === undefined || !isUntouched(set, saved))) {
    throw new LabError('target_changed', `${deviceName(row)}: port ${index} was not switched off from here`, {
      hint: 'switch it on in the controller: how it was before is not known here',
    });
  }
  const disabled = profiles.find(({ forward }) => forward === 'disabled')?._id;
  const off = {
    ...set,
    port_idx: index,
    ...(disabled === undefined ? { forward: 'disabled' } : { portconf_id: disabled }),
  };
  // Before it is sent: whatever happens then, it is known how it was.
  if (!on) panel.memory.put(key, JSON.stringify({ before: set ?? null, off } satisfies SavedPort), true);
  await changePort(panel, id, found, on ? (saved?.before ?? null) : off, signal, {
    what: on ? 'on' : 'off',
    check: (now) => now.enable === on,
  });
  if (on) panel.memory.put(key, '');
}

export async function setProfile(
  panel: Panel,
  id: string,
  item: string,
  profile: string,
  signal: AbortSignal,
  seen: PortSeen | undefined,
): Promise<void> {
  const found = await portNow(panel, id, item, signal);
  const { port, index, set, networks, profiles } = found;
  const known = profiles.filter(({ name, forward }) => name === profile && forward !== 'disabled');
  const [one] = known;
  if (one?._id === undefined || known.length > 1) {
    const names = profiles.flatMap(({ name, forward }) => (forward === 'disabled' ? [] : [`“${name}”`]));
    throw new LabError('target_unsuitable', `${panel.name}: there is no one profile “${profile}”`, {
      hint: names.length === 0 ? 'make one in the controller' : `the controller has ${names.join(', ')}`,
    });
  }
  if (port.portconf_id === one._id) return;
  requireUnchanged(found, seen);
  const plan = { networks, profiles };
  const isKept = vlanAt({ portconf_id: one._id }, plan) === vlanAt(port, plan);
  if (!isKept) requireNoTrunk(panel, found);
  const after = { ...set, port_idx: index, portconf_id: one._id };
  await changePort(panel, id, found, after, signal, {
    what: `with the profile “${profile}”`,
    check: (now) => now.portconf_id === one._id,
  });
}

/** @param vlan 1: no VLAN. The port is then in that network alone. */
export async function setVlan(
  panel: Panel,
  id: string,
  item: string,
  vlan: number,
  signal: AbortSignal,
  seen: PortSeen | undefined,
): Promise<void> {
  const found = await portNow(panel, id, item, signal);
  const { row, index, set, networks, profiles } = found;
  const inIt = networks.filter((network) => hasVlan(network) && vlanOf(network) === vlan);
  const [network] = inIt;
  if (network?._id === undefined || inIt.length > 1) {
    const all = networks.filter(hasVlan).map((one) => `${vlanOf(one)} (${said(one.name) ?? 'unnamed'})`);
    throw new LabError('target_unsuitable', `${panel.name}: there is no one network with VLAN ${vlan}`, {
      hint: `the controller has ${all.join(', ')}`,
    });
  }
  requireUnchanged(found, seen);
  requireNoTrunk(panel, found);
  const after = choosesById(row)
    ? accessPort(set, index, network)
    : { ...set, port_idx: index, portconf_id: profileIdFor(panel, network, profiles) };
  if (isDeepStrictEqual(set, after)) return;
  await changePort(panel, id, found, after, signal, {
    what: `in VLAN ${vlan}`,
    check: (now) => vlanAt(now, { networks, profiles }) === vlan,
  });
}

/** Older controllers make one for each network. */
function profileIdFor(panel: Panel, network: NetworkRow, profiles: readonly ProfileRow[]): string {
  const [first, ...more] = profilesFor(network, profiles);
  const own = [first, ...more].find((one) => one?.name === network.name) ?? first;
  if (own?._id !== undefined) return own._id;
  throw new LabError(
    'target_unsuitable',
    `${panel.name}: this controller gives ports their VLAN by a profile, and there is none with “${network.name}” alone`,
    { hint: 'make one in the controller, with this network as its native one and no tagged networks' },
  );
}

/** Reads what a change of a port depends on; the device last, since all that is set for its ports is taken over. */
async function portNow(panel: Panel, id: string, item: string, signal: AbortSignal): Promise<Found> {
  const networks = await panel.networksNow(signal);
  const profiles = await panel.profilesNow(signal);
  const clients = await panel.clientsNow(signal);
  const row = await deviceNow(panel, id, signal);
  const { port, index } = requireFreePort(row, item, clients);
  const set = row.port_overrides?.find(({ port_idx: own }) => own === index);
  return { row, port, index, set, networks, profiles };
}

/** @throws LabError `target_changed`: a port is not as it was when the change was planned */
function requireUnchanged({ row, index, networks, profiles }: Found, seen: PortSeen | undefined): void {
  if (seen === undefined) return;
  const { uplinks = [], ports = [] } = portsOf(row, undefined, { networks, profiles }, true, true);
  const now = [...uplinks, ...ports].find(({ key }) => key === portKey(index));
  // What was not known then is no change.
  const differs = (['enabled', 'profile', 'vlan'] as const).filter(
    (what) => seen[what] !== null && seen[what] !== now?.[what],
  );
  if (differs.length === 0) return;
  const words = differs.map((what) => `${what} ${seen[what]} is now ${now?.[what]}`);
  throw new LabError(
    'target_changed',
    `${deviceName(row)}: port ${index} was changed meanwhile (${words.join(', ')})`,
    { hint: 'see how it is now, then ask again' },
  );
}

function requireNoTrunk(panel: Panel, { row, index, profiles }: Found): void {
  const why = trunkAt(row, index, profiles, panel.devices());
  if (why === undefined) return;
  throw new LabError('target_unsuitable', `${deviceName(row)}: port ${index} keeps its native VLAN: ${why}`, {
    hint: 'what hangs there is reached by it; do it in the controller, if you are sure',
  });
}

/**
 * Changes what is set for one port, and waits until the device has it.
 *
 * @param after what shall be set for the port; null: nothing
 */
export async function changePort(
  panel: Panel,
  id: string,
  { row, port, index, set }: Pick<Found, 'row' | 'port' | 'index' | 'set'>,
  after: Override | null,
  signal: AbortSignal,
  { what, check }: { readonly what: string; readonly check: (port: PortRow) => boolean },
): Promise<void> {
  const name = deviceName(row);
  const before = set ?? null;
  const change: Change = {
    undo: { what: 'port', id, index, before, after },
    byHand: `set port ${index} of ${name} there as it was: ${shown(before, port)}`,
    send: () =>
      writePorts(
        panel,
        row,
        overridesWith(row, index, () => after ?? undefined),
        signal,
      ),
    missing: `port ${index} of ${name} is not ${what}`,
    arrived: () => {
      const now = panel.deviceOf(id);
      const own = now && portAt(now, index);
      return now !== undefined && own !== undefined && isSettled(now) && check(own);
    },
  };
  await carryOut(panel, change, signal);
}

/** What was set for a port, for a person who sets it again; names of the controller's own. */
function shown(set: Override | null, { poe_mode: poe }: PortRow): string {
  if (set === null) return `nothing set for it${poe === undefined ? '' : `, PoE ${poe}`}`;
  const words = Object.entries(set).filter(([key, value]) => key !== 'port_idx' && typeof value !== 'object');
  return words.map(([key, value]) => `${key} ${value}`).join(', ') || 'nothing set for it';
}
