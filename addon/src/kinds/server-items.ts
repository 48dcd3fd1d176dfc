import { shownAs } from './presets.ts';
import type { BinarySensorRow, SensorRow } from './rows.ts';

const problem = {
  key: 'problem',
  platform: 'binary_sensor',
  reading: 'problem',
  name: { en: 'problem', de: 'Problem' },
  topic: 'state',
  level: 'standard',
  category: 'diagnostic',
  deviceClass: 'problem',
} as const satisfies BinarySensorRow<{ problem: boolean | null }>;

const temperature = {
  key: 'temperature',
  platform: 'sensor',
  reading: 'temperature',
  name: null,
  topic: 'metrics',
  level: 'standard',
  deviceClass: 'temperature',
  stateClass: 'measurement',
  unit: '°C',
  decimals: 0,
  damping: { least: 1 },
} as const satisfies SensorRow<{ temperature: number | null }>;

/**
 * The rows that a server's parts get. A server has a dozen fans and more: what they do one by one is shown to who wants
 * all; one that fails is among the failing parts in any case.
 */
export const serverItems = [
  { list: 'temperatures', rows: [temperature] },
  { list: 'more_temperatures', rows: [{ ...temperature, level: 'all' }] },
  {
    list: 'fans',
    rows: [
      { ...problem, level: 'all' },
      {
        key: 'speed',
        platform: 'sensor',
        reading: 'speed',
        name: { en: 'speed', de: 'Drehzahl' },
        topic: 'metrics',
        level: 'all',
        category: 'diagnostic',
        stateClass: 'measurement',
        unit: 'rpm',
        decimals: 0,
        damping: { least: 60, share: 0.05 },
        icon: 'mdi:fan',
      },
      {
        key: 'share',
        ...shownAs.percentage(0, { least: 2 }),
        reading: 'share',
        name: { en: 'speed share', de: 'Drehzahlanteil' },
        level: 'all',
        category: 'diagnostic',
        icon: 'mdi:fan',
      },
    ],
  },
  {
    list: 'power_supplies',
    rows: [
      problem,
      {
        key: 'input',
        platform: 'sensor',
        reading: 'input',
        name: { en: 'power draw', de: 'Leistung' },
        topic: 'metrics',
        level: 'standard',
        category: 'diagnostic',
        deviceClass: 'power',
        stateClass: 'measurement',
        unit: 'W',
        decimals: 0,
        damping: { least: 2, share: 0.02 },
      },
    ],
  },
  {
    list: 'controllers',
    rows: [
      problem,
      {
        key: 'mode',
        ...shownAs.fact,
        reading: 'mode',
        name: { en: 'mode', de: 'Betriebsart' },
        level: 'all',
        category: 'diagnostic',
        icon: 'mdi:expansion-card',
      },
    ],
  },
  {
    list: 'virtual_disks',
    rows: [
      problem,
      {
        key: 'layout',
        ...shownAs.fact,
        reading: 'layout',
        name: { en: 'layout', de: 'Aufbau' },
        level: 'all',
        category: 'diagnostic',
        icon: 'mdi:harddisk-plus',
      },
      {
        key: 'size',
        platform: 'sensor',
        reading: 'size',
        name: { en: 'size', de: 'Größe' },
        topic: 'state',
        level: 'all',
        category: 'diagnostic',
        deviceClass: 'data_size',
        unit: 'GiB',
        decimals: 0,
      },
    ],
  },
] as const;
