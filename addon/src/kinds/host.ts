import Type from 'typebox';
import { diskReadings, diskRows } from './host-disk.ts';
import { connection, shownAs } from './presets.ts';
import { defineKind } from './rows.ts';
import { integer, number, text } from './schema.ts';

/** A machine that runs containers. What its engine does not tell is left out. */
export const host = defineKind({
  kind: 'host',
  title: { en: 'Container host', de: 'Container-Host' },
  readings: Type.Object({
    version: Type.Optional(text('version of the container engine')),
    running: integer('containers that run'),
    stopped: integer('containers that do not run'),
    unhealthy: integer('containers whose health check fails'),
    cpu: Type.Optional(number('CPU time that all its containers use, of all its cores', '%')),
    memory: Type.Optional(number('memory that all its containers use', 'GiB')),
    memory_total: Type.Optional(number('memory of the machine', 'GiB')),
    ...diskReadings,
  }),
  rows: [
    connection,
    {
      key: 'running',
      ...shownAs.count,
      reading: 'running',
      name: { en: 'Running containers', de: 'Laufende Container' },
      level: 'essential',
      icon: 'mdi:play-box-multiple-outline',
    },
    {
      key: 'stopped',
      ...shownAs.count,
      reading: 'stopped',
      name: { en: 'Stopped containers', de: 'Angehaltene Container' },
      level: 'standard',
      icon: 'mdi:stop-circle-outline',
    },
    {
      key: 'unhealthy',
      ...shownAs.count,
      reading: 'unhealthy',
      name: { en: 'Unhealthy containers', de: 'Ungesunde Container' },
      level: 'essential',
      icon: 'mdi:heart-broken-outline',
    },
    {
      key: 'cpu',
      ...shownAs.percentage(1, { least: 1, share: 0.1 }),
      reading: 'cpu',
      name: { en: 'CPU used by containers', de: 'CPU-Nutzung der Container' },
      level: 'standard',
      icon: 'mdi:cpu-64-bit',
    },
    {
      key: 'memory',
      ...shownAs.amount(2, { least: 0.05, share: 0.02 }),
      reading: 'memory',
      name: { en: 'Memory used by containers', de: 'Speichernutzung der Container' },
      level: 'standard',
      icon: 'mdi:memory',
    },
    ...diskRows,
    {
      key: 'memory_total',
      platform: 'sensor',
      reading: 'memory_total',
      name: { en: 'Memory installed', de: 'Speicher eingebaut' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      deviceClass: 'data_size',
      unit: 'GiB',
      decimals: 1,
    },
    {
      key: 'version',
      ...shownAs.fact,
      reading: 'version',
      name: { en: 'Engine version', de: 'Version der Engine' },
      level: 'all',
      category: 'diagnostic',
    },
  ],
});
