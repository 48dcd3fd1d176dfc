import Type from 'typebox';
import { connection, shownAs } from './presets.ts';
import { defineKind } from './rows.ts';
import { integer, number, text } from './schema.ts';
import { workReadings, workRows } from './work.ts';

/** A machine that keeps backups of others. */
export const backupserver = defineKind({
  kind: 'backupserver',
  title: { en: 'Backup server', de: 'Backup-Server' },
  readings: Type.Object({
    cpu: number('busy, of all its processors', '%'),
    memory: number('memory used', 'GiB'),
    memory_total: number('memory', 'GiB'),
    root_usage: number('used of its root file system', '%'),
    started: text('time of its last start, ISO 8601'),
    version: text('of its software'),
    datastores: integer('datastores that may be seen'),
    ...workReadings,
  }),
  rows: [
    connection,
    {
      key: 'cpu',
      ...shownAs.percentage(1, { least: 1, share: 0.1 }),
      reading: 'cpu',
      name: { en: 'CPU', de: 'CPU' },
      level: 'standard',
      icon: 'mdi:cpu-64-bit',
    },
    {
      key: 'memory',
      ...shownAs.amount(2, { least: 0.1, share: 0.02 }),
      reading: 'memory',
      name: { en: 'Memory', de: 'Arbeitsspeicher' },
      level: 'standard',
      icon: 'mdi:memory',
    },
    {
      key: 'memory_total',
      ...shownAs.size(1),
      reading: 'memory_total',
      name: { en: 'Memory installed', de: 'Arbeitsspeicher gesamt' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:memory',
    },
    {
      key: 'root_usage',
      ...shownAs.percentage(1, { least: 0.5 }),
      reading: 'root_usage',
      name: { en: 'Root file system', de: 'Wurzeldateisystem' },
      level: 'standard',
      category: 'diagnostic',
      icon: 'mdi:harddisk',
    },
    {
      key: 'started',
      ...shownAs.uptime,
      reading: 'started',
      name: { en: 'Last start', de: 'Letzter Start' },
      level: 'standard',
      category: 'diagnostic',
    },
    {
      key: 'version',
      ...shownAs.fact,
      reading: 'version',
      name: { en: 'Version', de: 'Version' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:tag-outline',
    },
    {
      key: 'datastores',
      ...shownAs.count,
      reading: 'datastores',
      name: { en: 'Datastores', de: 'Datenspeicher' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:database-outline',
    },
    ...workRows,
  ],
});
