import type { LabResourceOf } from '../../../kinds/index.ts';
import type { PendingPackage } from './wire.ts';

/** What the version of Proxmox VE hangs on. */
const MANAGER = 'pve-manager';
/** Packages that are named. */
const NAMED = 12;

/**
 * Packages that could be newer, as versions of the node as a whole.
 *
 * @param installed version of Proxmox VE; null while unknown
 * @param pending undefined: nobody may know, and then there is no such reading
 */
export function updatesOf(
  installed: string | null,
  pending: readonly PendingPackage[] | undefined,
): Pick<LabResourceOf<'node'>['readings'], 'updates' | 'update_version' | 'update_summary'> {
  if (pending === undefined) return {};
  const count = pending.length;
  const version = pending.find(({ Package }) => Package === MANAGER)?.Version ?? installed;
  // With its words it is no number to compare with, and Home Assistant takes whatever differs for newer.
  const words = `(${count} package${count === 1 ? '' : 's'})`;
  return {
    updates: count,
    update_version: count === 0 || version === null ? installed : `${version} ${words}`,
    update_summary: summaryOf(pending),
  };
}

/** The ones of Proxmox first. */
function summaryOf(pending: readonly PendingPackage[]): string {
  const own = (row: PendingPackage): number => (row.Origin === 'Proxmox' ? 0 : 1);
  const named = pending.toSorted((one, other) => own(one) - own(other)).slice(0, NAMED);
  const rest = pending.length - named.length;
  const names = named.map(({ Package, Version }) => `${Package} ${Version}`);
  return [...names, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
