import { asLabError } from '../../../core/errors.ts';
import type { BackupJobRow } from '../cluster/wire.ts';
import type { ClusterReader, Desk } from '../reader.ts';
import type { Limits } from './coverage.ts';
import { missingRights } from './rights.ts';

/** Which guests are in a backup job. */
export const backupCoverage: ClusterReader = {
  of: 'cluster',
  what: 'guests in backup jobs',
  due: 1_800,
  read: async (desk, signal) => {
    const { client, picture } = desk;
    tellRights(desk);
    const jobs = await client.list<BackupJobRow & Limits>('/cluster/backup', signal);
    picture.shield.planned({ jobs, left: await leftOut(desk, signal) });
  },
};

async function leftOut(
  { client, context }: Desk,
  signal: AbortSignal,
): Promise<ReadonlySet<number> | undefined> {
  try {
    const rows = await client.list<{ vmid: number }>('/cluster/backup-info/not-backed-up', signal);
    return new Set(rows.map(({ vmid }) => Number(vmid)));
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    // The jobs themselves say it, too.
    context.log.debug(asLabError(thrown).message);
    return undefined;
  }
}

/** Says which rights are missing, once: a login that may only look is no mistake. */
function tellRights({ picture, may, context }: Desk): void {
  if (picture.permissions === undefined) return;
  const missing = missingRights(picture.places, may);
  if (!picture.shield.misses(missing) || missing.length === 0) return;
  const hint = `give ${missing.join(', ')} to the user and, if its token has separated privileges, to the token too`;
  context.log.info(
    `not all backups are shown to this login: whether guests are protected is unknown; ${hint}`,
  );
}
