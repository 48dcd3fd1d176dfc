import { storageId } from '../ids.ts';
import type { Place } from '../storage/place.ts';
import { timeOf } from '../units.ts';
import type { Evidence } from './backup.ts';
import type { Protected, ProtectionReadings } from './protection.ts';
import type { ShieldView } from './shield-view.ts';

/** What one storage tells of backups. */
export interface PlaceEvidence extends Evidence {
  readonly place: Place;
}

/**
 * The storages that do not show all backups of a guest, if a backup server that is one of them might tell of them; else
 * nothing.
 */
export function gapsOf(
  { vmid, type, made }: Protected,
  evidence: readonly PlaceEvidence[],
  { contents, owner }: Pick<ShieldView, 'contents' | 'owner'>,
): Pick<ProtectionReadings, 'backup_gaps'> {
  const gaps = evidence.filter((each) => !each.isComplete(vmid)).map(({ place }) => place);
  const isServer = ({ plugin, storage }: Place): boolean =>
    plugin === 'pbs' && contents.configOf(storage)?.datastore !== undefined;
  if (!gaps.some(isServer)) return {};
  return {
    backup_gaps: gaps.map(({ path, storage }) => ({
      key: path.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'),
      title: storage,
      storage: storageId(owner, path),
      group: `${type === 'lxc' ? 'ct' : 'vm'}/${vmid}`,
      made: timeOf(made && made * 1_000),
    })),
  };
}
