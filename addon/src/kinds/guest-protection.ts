import Type from 'typebox';
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
};

export const protectionRows = [
  {
    key: 'unprotected',
    platform: 'binary_sensor',
    reading: 'unprotected',
    name: { en: 'Unprotected', de: 'Ungeschützt' },
    topic: 'state',
    level: 'standard',
    deviceClass: 'problem',
    icon: 'mdi:shield-alert-outline',
  },
  {
    key: 'last_backup',
    platform: 'sensor',
    reading: 'last_backup',
    name: { en: 'Last backup', de: 'Letzte Sicherung' },
    topic: 'state',
    level: 'standard',
    category: 'diagnostic',
    deviceClass: 'timestamp',
  },
  {
    key: 'backup_size',
    platform: 'sensor',
    reading: 'backup_size',
    name: { en: 'Backup size', de: 'Größe der Sicherung' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    deviceClass: 'data_size',
    stateClass: 'measurement',
    unit: 'GiB',
    decimals: 1,
    icon: 'mdi:archive-outline',
  },
  {
    key: 'backup_verified',
    platform: 'binary_sensor',
    reading: 'backup_verified',
    name: { en: 'Backup verified', de: 'Sicherung geprüft' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:archive-check-outline',
  },
  {
    key: 'backup_encrypted',
    platform: 'binary_sensor',
    reading: 'backup_encrypted',
    name: { en: 'Backup encrypted', de: 'Sicherung verschlüsselt' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:archive-lock-outline',
  },
  {
    key: 'backup_job',
    platform: 'binary_sensor',
    reading: 'backup_job',
    name: { en: 'In a backup job', de: 'In einem Sicherungsauftrag' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:calendar-check-outline',
  },
] as const satisfies readonly (
  | BinarySensorRow<Record<'unprotected' | 'backup_verified' | 'backup_encrypted' | 'backup_job', unknown>>
  | SensorRow<Record<'last_backup' | 'backup_size', unknown>>
)[];
