import type { DellSystem, Status, System } from './wire.ts';

export type Health = 'ok' | 'warning' | 'critical';

/** A part of a server with what it says of itself. */
export interface Part {
  readonly name: string;
  readonly status: Status | undefined;
}

const RANK: readonly Health[] = ['ok', 'warning', 'critical'];

/** Named by Dell, by kinds of parts, as in `PSRollupStatus`. */
const DELL_PARTS: Readonly<Record<string, string>> = {
  BatteryRollupStatus: 'battery',
  CPURollupStatus: 'processors',
  CurrentRollupStatus: 'current',
  FanRollupStatus: 'fans',
  IDSDMRollupStatus: 'SD card module',
  IntrusionRollupStatus: 'chassis intrusion',
  LicensingRollupStatus: 'licence',
  PSRollupStatus: 'power supplies',
  SDCardRollupStatus: 'SD card',
  SELRollupStatus: 'event log',
  StorageRollupStatus: 'storage',
  SysMemPrimaryStatus: 'memory',
  TempRollupStatus: 'temperatures',
  VoltRollupStatus: 'voltages',
};

/** @returns null while unknown, or where it says nothing: a part that is absent or switched off */
export function healthOf(status: Status | undefined): Health | null {
  const word = (status?.Health ?? status?.HealthRollup ?? '').toLowerCase();
  return RANK.find((health) => health === word) ?? null;
}

export const isAbsent = (status: Status | undefined): boolean => status?.State === 'Absent';

/** @returns null while unknown */
export function isFailing(status: Status | undefined): boolean | null {
  const health = healthOf(status);
  return health === null ? null : health !== 'ok';
}

/**
 * How a server is: the worst of what it says of itself and of its parts, with the names of those that are not well. Where
 * no part says so, the kinds of parts that an iDRAC sums up do.
 */
export function verdictOf(
  system: System,
  parts: readonly Part[],
): { readonly health: Health | null; readonly failing: readonly string[] } {
  const ailing = parts.filter(({ status }) => !isAbsent(status) && isFailing(status) === true);
  const own = healthOf(
    system.Status?.HealthRollup == null ? system.Status : { Health: system.Status.HealthRollup },
  );
  const all = [own, ...ailing.map(({ status }) => healthOf(status))].filter((health) => health !== null);
  const worst = RANK.toReversed().find((health) => all.includes(health)) ?? null;
  const named = [...new Set(ailing.map(({ name }) => name))];
  if (named.length > 0 || worst === null || worst === 'ok') return { health: worst, failing: named };
  const kinds = dellKinds(system.Oem?.Dell?.DellSystem);
  return { health: worst, failing: kinds.length > 0 ? kinds : ['not named'] };
}

function dellKinds(dell: DellSystem | undefined): readonly string[] {
  if (typeof dell !== 'object' || dell === null) return [];
  return Object.entries(DELL_PARTS).flatMap(([key, name]) => {
    const word = dell[key];
    return typeof word === 'string' && !/^(ok|unknown)$/i.test(word) ? [name] : [];
  });
}
