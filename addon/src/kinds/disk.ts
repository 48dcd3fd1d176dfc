import Type from 'typebox';
import { shownAs } from './presets.ts';
import { defineKind } from './rows.ts';
import { number, text } from './schema.ts';

/** A drive. Which readings it has depends on who can see it: a controller may hide it from the system, or the reverse. */
export const disk = defineKind({
  kind: 'disk',
  title: { en: 'Disk', de: 'Datenträger' },
  readings: Type.Object({
    problem: Type.Optional(
      Type.Union([Type.Boolean(), Type.Null()], {
        description: 'it is not healthy, or says that it will fail; null while unknown',
      }),
    ),
    failure_predicted: Type.Optional(
      Type.Union([Type.Boolean(), Type.Null()], {
        description: 'it says that it will fail soon; null while unknown',
      }),
    ),
    life_left: Type.Optional(number('what is left of the writes that it is made for', '%')),
    temperature: Type.Optional(number('of the drive', '°C')),
    power_on_hours: Type.Optional(number('time that it has been on', 'h')),
    size: Type.Optional(number('size', 'GiB')),
    slot: Type.Optional(text('bay that it sits in')),
    health: Type.Optional(text('what it says of itself, as in “PASSED”; null while unknown')),
    pool: Type.Optional(text('storage pool that it is part of, else “none”')),
  }),
  rows: [
    {
      key: 'problem',
      ...shownAs.problem,
      reading: 'problem',
      name: { en: 'Problem', de: 'Problem' },
      level: 'essential',
    },
    {
      key: 'failure_predicted',
      ...shownAs.problem,
      reading: 'failure_predicted',
      name: { en: 'Failure predicted', de: 'Ausfall vorhergesagt' },
      level: 'standard',
    },
    {
      key: 'life_left',
      platform: 'sensor',
      reading: 'life_left',
      name: { en: 'Life left', de: 'Restlebensdauer' },
      topic: 'state',
      level: 'standard',
      category: 'diagnostic',
      stateClass: 'measurement',
      unit: '%',
      decimals: 0,
      icon: 'mdi:battery-heart-variant',
    },
    {
      key: 'temperature',
      ...shownAs.temperature(1),
      reading: 'temperature',
      name: { en: 'Temperature', de: 'Temperatur' },
      level: 'standard',
    },
    {
      key: 'power_on_hours',
      platform: 'sensor',
      reading: 'power_on_hours',
      name: { en: 'Power-on time', de: 'Betriebsstunden' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      deviceClass: 'duration',
      stateClass: 'total_increasing',
      unit: 'h',
      decimals: 0,
    },
    {
      key: 'size',
      platform: 'sensor',
      reading: 'size',
      name: { en: 'Size', de: 'Größe' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      deviceClass: 'data_size',
      unit: 'GiB',
      decimals: 1,
    },
    {
      key: 'slot',
      ...shownAs.fact,
      reading: 'slot',
      name: { en: 'Slot', de: 'Einschub' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:harddisk',
    },
    {
      key: 'health',
      ...shownAs.fact,
      reading: 'health',
      name: { en: 'Health', de: 'Gesundheit' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:heart-pulse',
    },
    {
      key: 'pool',
      ...shownAs.fact,
      reading: 'pool',
      name: { en: 'Pool', de: 'Pool' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:database-outline',
    },
  ],
});
