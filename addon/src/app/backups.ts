import { isDeepStrictEqual } from 'node:util';
import type { LabResource } from '../kinds/index.ts';
import { guestBackups } from '../lab/guest-backups.ts';
import type { Change, Store } from '../model/store.ts';

const BY = 'lab/backups';
/** What guests' numbers do not matter to. */
const OF: Readonly<Record<string, readonly string[]>> = {
  guest: ['backup_gaps', 'last_backup', 'unprotected', 'backup_job', 'lock'],
  datastore: ['backups', 'usage'],
  storage: [],
  backupserver: [],
};

/** Has the store hold what backup servers tell of guests. The returned function ends it. */
export const joinBackups = (store: Store<LabResource>): (() => void) =>
  store.subscribe((diff) => {
    if (diff.some(matters)) store.amend(guestBackups(store), BY);
  });

function matters({ before, after }: Change<LabResource>): boolean {
  const readings = OF[(after ?? before)?.kind ?? ''];
  if (readings === undefined) return false;
  if (before === undefined || after === undefined || before.available !== after.available) return true;
  if (!isDeepStrictEqual(before.facts, after.facts)) return true;
  const [was, is] = [before.readings, after.readings] as Readonly<Record<string, unknown>>[];
  return readings.some((key) => !isDeepStrictEqual(was?.[key], is?.[key]));
}
