import { isUnprotected } from '../kinds/guest-protection.ts';
import type { LabResource, LabResourceOf } from '../kinds/index.ts';
import type { Addition } from '../model/addition.ts';
import { type BackupPlace, backupPlacesOf } from './backup-places.ts';

type Guest = LabResourceOf<'guest'>;
type Gap = NonNullable<Guest['readings']['backup_gaps']>[number];
type Backup = NonNullable<LabResourceOf<'datastore'>['readings']['backups']>[number];

export interface BackupView {
  get(id: string): LabResource | undefined;
  /** As its owner handed it in. */
  given(id: string): LabResource | undefined;
  all(): Iterable<LabResource>;
}

/**
 * What backup servers tell of guests that their hypervisor does not show all backups of, and which datastore a storage
 * is. What the hypervisor shows itself is never asked for here, so nothing counts twice.
 */
export function guestBackups(lab: BackupView): ReadonlyMap<string, Addition> {
  const places = backupPlacesOf(lab.all());
  const additions = new Map<string, Addition>();
  for (const [id, { datastore }] of places)
    additions.set(id, { links: [{ type: 'uses_storage', to: datastore.id }] });
  if (places.size === 0) return additions;
  const guests = [...lab.all()].filter((one): one is Guest => one.kind === 'guest');
  const claims = Map.groupBy(
    guests.flatMap((guest) => claimsOf(guest, places)),
    ({ of }) => of,
  );
  for (const shown of guests) {
    const { backup_gaps: gaps } = shown.readings;
    const own = lab.given(shown.id);
    if (gaps === undefined || own?.kind !== 'guest') continue;
    // Two clusters that keep backups in one namespace may have given one number to two guests.
    const isDisputed = claimsOf(shown, places).some(({ of }) => (claims.get(of)?.length ?? 0) > 1);
    const better = isDisputed ? undefined : protectionOf(own.readings, gaps, places);
    if (better === undefined) continue;
    const isLosing = shown.readings.unprotected === false && better.unprotected !== false;
    // Of a backup that takes the place of an older one neither may be there for a while.
    additions.set(shown.id, {
      better: isLosing && own.readings.lock === 'backup' ? protectionIn(shown.readings) : better,
    });
  }
  return additions;
}

type Protection = Pick<
  Guest['readings'],
  'unprotected' | 'last_backup' | 'backup_size' | 'backup_verified' | 'backup_encrypted'
>;

const protectionIn = (readings: Guest['readings']): Protection => ({
  unprotected: readings.unprotected ?? null,
  last_backup: readings.last_backup ?? null,
  backup_size: readings.backup_size ?? null,
  backup_verified: readings.backup_verified ?? null,
  backup_encrypted: readings.backup_encrypted ?? null,
});

/** @returns undefined: nothing that the hypervisor does not tell */
function protectionOf(
  own: Guest['readings'],
  gaps: readonly Gap[],
  places: ReadonlyMap<string, BackupPlace>,
): Protection | undefined {
  const told = gaps.map((gap) => ({ gap, place: places.get(gap.storage) }));
  const known = told.filter(({ place }) => place?.datastore.readings.backups !== undefined);
  if (known.length === 0) return undefined;
  const backups = known.flatMap(
    ({ gap, place }) => place?.datastore.readings.backups?.filter(isOf(gap, place)) ?? [],
  );
  const last = backups.reduce<Backup | undefined>(later, undefined);
  const isLater = last !== undefined && timeIn(last.last) > timeIn(own.last_backup);
  // What was there when it was looked at is no evidence of none once it cannot be looked at.
  const isWhole = known.length === gaps.length && known.every(({ place }) => isShown(place?.datastore));
  const hasAny = isLater || own.last_backup != null;
  if (!isLater && (hasAny || !isWhole)) return undefined;
  return {
    ...protectionIn(own),
    unprotected: isUnprotected(!hasAny, own.backup_job ?? undefined),
    ...(isLater && {
      last_backup: last.last,
      backup_size: last.size,
      backup_verified: last.verified,
      backup_encrypted: last.encrypted,
    }),
  };
}

const isShown = (datastore: BackupPlace['datastore'] | undefined): boolean =>
  datastore?.available === true && datastore.readings.usage !== null;

/** What it has in there was made after it was. */
const isOf =
  ({ group, made }: Gap, { namespace }: BackupPlace) =>
  (backup: Backup): boolean =>
    backup.group === group &&
    backup.namespace === namespace &&
    backup.last !== null &&
    timeIn(backup.last) >= timeIn(made);

function later(before: Backup | undefined, one: Backup): Backup {
  return before === undefined || timeIn(one.last) > timeIn(before.last) ? one : before;
}

/** Milliseconds; what is not known is before all else. */
const timeIn = (time: string | null | undefined): number =>
  time == null ? Number.NEGATIVE_INFINITY : Date.parse(time);

/** What a guest has on backup servers, once for each place and cluster. */
function claimsOf(
  guest: Guest,
  places: ReadonlyMap<string, BackupPlace>,
): readonly { readonly of: string; readonly guest: string }[] {
  const claimed = (guest.readings.backup_gaps ?? []).flatMap(({ storage, group }) => {
    const place = places.get(storage);
    return place === undefined ? [] : [`${place.datastore.id} ${place.namespace} ${group}`];
  });
  return [...new Set(claimed)].map((of) => ({ of, guest: guest.id }));
}
