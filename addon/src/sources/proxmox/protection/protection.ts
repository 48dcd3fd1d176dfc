import { isUnprotected } from '../../../kinds/guest-protection.ts';
import type { LabResourceOf } from '../../../kinds/index.ts';
import { gib, timeOf } from '../units.ts';
import type { Backup, Evidence } from './backup.ts';

type GuestReadings = LabResourceOf<'guest'>['readings'];

export type ProtectionReadings = Pick<
  GuestReadings,
  | 'unprotected'
  | 'last_backup'
  | 'backup_size'
  | 'backup_verified'
  | 'backup_encrypted'
  | 'backup_job'
  | 'backup_gaps'
>;

/** A guest whose protection is asked for. */
export interface Protected {
  readonly vmid: number;
  readonly type: 'qemu' | 'lxc';
  /** When it was made, seconds since 1970: what is older is of another that had its vmid. undefined: not known. */
  readonly made: number | undefined;
}

/**
 * How a guest is protected. Having a backup and being in a job are two things: it is unprotected while there is nothing
 * to restore it from, and while no job makes the next backup.
 *
 * @param evidence of all places where its backups may lie; undefined: not all of them are known
 * @param covered undefined: the jobs are not known
 */
export function protectionOf(
  guest: Protected,
  evidence: readonly Evidence[] | undefined,
  covered: boolean | undefined,
): ProtectionReadings {
  const { vmid } = guest;
  const last = latestOf(guest, evidence ?? []);
  const isKnown = evidence?.every((each) => each.isComplete(vmid)) ?? false;
  const hasNone = last === undefined ? (isKnown ? true : undefined) : false;
  return {
    unprotected: isUnprotected(hasNone, covered),
    last_backup: timeOf(last && last.at * 1_000),
    backup_size: gib(last?.size ?? undefined),
    backup_verified: last?.verified ?? null,
    backup_encrypted: last?.encrypted ?? null,
    backup_job: covered ?? null,
  };
}

function latestOf({ vmid, type, made = 0 }: Protected, evidence: readonly Evidence[]): Backup | undefined {
  let latest: Backup | undefined;
  for (const each of evidence) {
    for (const backup of each.of(vmid)) {
      if ((backup.type ?? type) !== type || backup.at < made) continue;
      if (latest === undefined || backup.at > latest.at) latest = backup;
    }
  }
  return latest;
}

/**
 * What is told of a guest's protection while it is being backed up: as it was. Of a backup that takes the place of an
 * older one neither may be there for a while.
 */
export const steady = (
  now: ProtectionReadings,
  before: ProtectionReadings | undefined,
  isBackedUp: boolean,
): ProtectionReadings =>
  isBackedUp && before?.unprotected === false && now.unprotected !== false ? before : now;
