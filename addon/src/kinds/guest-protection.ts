import Type from 'typebox';
import { shownAs } from './presets.ts';
import type { BinarySensorRow, SensorRow } from './rows.ts';
import { number, text } from './schema.ts';

const flag = (description: string) => Type.Union([Type.Boolean(), Type.Null()], { description });

/** How a guest is protected. Left out where the hypervisor was not asked for backups. */
export const protectionReadings = {
  unprotected: Type.Optional(
    flag('it has no backup that could be restored, or no job makes the next one; null while unknown'),
  ),
  last_backup: Type.Optional(text('time of its last good backup, ISO 8601; null without one, or unknown')),
  backup_size: Type.Optional(number('size of its last good backup', 'GiB')),
  backup_verified: Type.Optional(
    flag('its last backup was read again and was whole; null where nobody looks, or unknown'),
  ),
  backup_encrypted: Type.Optional(flag('its last backup is encrypted; null while unknown')),
  backup_job: Type.Optional(flag('it is in a backup job that is switched on; null while unknown')),
  backup_gaps: Type.Optional(
    Type.Array(
      Type.Object({
        key: Type.String({ description: 'of the storage' }),
        title: Type.String({ description: 'name of the storage' }),
        storage: Type.String({ description: 'id of the storage' }),
        group: Type.String({
          description: 'how a backup server calls what it keeps of the guest, as in vm/101',
        }),
        made: text('when the guest was made, ISO 8601: what is older is of another; null while unknown'),
      }),
      {
        description:
          'storages that may hold backups of it which its hypervisor does not show; left out where no backup server could tell',
      },
    ),
  ),
};

/**
 * Whether a guest is unprotected: there is nothing to restore it from, or no job makes the next backup.
 *
 * @param hasNone undefined: not known
 * @param covered undefined: the jobs are not known
 */
export const isUnprotected = (hasNone: boolean | undefined, covered: boolean | undefined): boolean | null =>
  hasNone === true || covered === false ? true : hasNone === false && covered ? false : null;

export const protectionRows = [
  {
    key: 'unprotected',
    ...shownAs.problem,
    reading: 'unprotected',
    name: { en: 'Unprotected', de: 'Ungeschützt' },
    level: 'standard',
    icon: 'mdi:shield-alert-outline',
  },
  {
    key: 'last_backup',
    ...shownAs.timestamp,
    reading: 'last_backup',
    name: { en: 'Last backup', de: 'Letzte Sicherung' },
    level: 'standard',
    category: 'diagnostic',
  },
  {
    key: 'backup_size',
    ...shownAs.size(1),
    reading: 'backup_size',
    name: { en: 'Backup size', de: 'Größe der Sicherung' },
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:archive-outline',
  },
  {
    key: 'backup_verified',
    ...shownAs.flag,
    reading: 'backup_verified',
    name: { en: 'Backup verified', de: 'Sicherung geprüft' },
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:archive-check-outline',
  },
  {
    key: 'backup_encrypted',
    ...shownAs.flag,
    reading: 'backup_encrypted',
    name: { en: 'Backup encrypted', de: 'Sicherung verschlüsselt' },
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:archive-lock-outline',
  },
  {
    key: 'backup_job',
    ...shownAs.flag,
    reading: 'backup_job',
    name: { en: 'In a backup job', de: 'In einem Sicherungsauftrag' },
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:calendar-check-outline',
  },
] as const satisfies readonly (
  | BinarySensorRow<Record<'unprotected' | 'backup_verified' | 'backup_encrypted' | 'backup_job', unknown>>
  | SensorRow<Record<'last_backup' | 'backup_size', unknown>>
)[];
