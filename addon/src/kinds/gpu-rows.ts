import type { EventRow, SensorRow } from './rows.ts';

/** The gravest first. */
export const THROTTLES = [
  'power_brake',
  'thermal',
  'hardware',
  'power_cap',
  'sync',
  'clock_setting',
  'idle',
  'none',
] as const;

interface Load {
  utilization?: number | null;
  vram_used?: number | null;
  vram_free?: number | null;
  vram_total?: number | null;
  temperature?: number | null;
  memory_temperature?: number | null;
  fan?: number | null;
  power?: number | null;
  power_limit?: number | null;
  energy?: number | null;
  busy_hours?: number | null;
}

export const loadRows = [
  {
    key: 'utilization',
    platform: 'sensor',
    reading: 'utilization',
    name: { en: 'Utilization', de: 'Auslastung' },
    topic: 'metrics',
    level: 'essential',
    stateClass: 'measurement',
    unit: '%',
    decimals: 0,
    damping: { least: 2 },
    icon: 'mdi:expansion-card',
  },
  {
    key: 'vram_used',
    platform: 'sensor',
    reading: 'vram_used',
    name: { en: 'VRAM used', de: 'VRAM belegt' },
    topic: 'metrics',
    level: 'essential',
    deviceClass: 'data_size',
    stateClass: 'measurement',
    unit: 'GiB',
    decimals: 2,
    damping: { least: 0.05 },
    icon: 'mdi:memory',
  },
  {
    key: 'vram_free',
    platform: 'sensor',
    reading: 'vram_free',
    name: { en: 'VRAM free', de: 'VRAM frei' },
    topic: 'metrics',
    level: 'all',
    deviceClass: 'data_size',
    stateClass: 'measurement',
    unit: 'GiB',
    decimals: 2,
    damping: { least: 0.05 },
    icon: 'mdi:memory',
  },
  {
    key: 'vram_total',
    platform: 'sensor',
    reading: 'vram_total',
    name: { en: 'VRAM', de: 'VRAM' },
    topic: 'state',
    level: 'standard',
    category: 'diagnostic',
    deviceClass: 'data_size',
    unit: 'GiB',
    decimals: 1,
    icon: 'mdi:memory',
  },
  {
    key: 'temperature',
    platform: 'sensor',
    reading: 'temperature',
    name: { en: 'Temperature', de: 'Temperatur' },
    topic: 'metrics',
    level: 'essential',
    deviceClass: 'temperature',
    stateClass: 'measurement',
    unit: '°C',
    decimals: 0,
    damping: { least: 1 },
  },
  {
    key: 'memory_temperature',
    platform: 'sensor',
    reading: 'memory_temperature',
    name: { en: 'Memory temperature', de: 'Speichertemperatur' },
    topic: 'metrics',
    level: 'standard',
    deviceClass: 'temperature',
    stateClass: 'measurement',
    unit: '°C',
    decimals: 0,
    damping: { least: 1 },
  },
  {
    key: 'fan',
    platform: 'sensor',
    reading: 'fan',
    name: { en: 'Fan', de: 'Lüfter' },
    topic: 'metrics',
    level: 'standard',
    stateClass: 'measurement',
    unit: '%',
    decimals: 0,
    damping: { least: 3 },
    icon: 'mdi:fan',
  },
  {
    key: 'power',
    platform: 'sensor',
    reading: 'power',
    name: { en: 'Power draw', de: 'Leistung' },
    topic: 'metrics',
    level: 'essential',
    deviceClass: 'power',
    stateClass: 'measurement',
    unit: 'W',
    decimals: 0,
    damping: { least: 2, share: 0.02 },
  },
  {
    key: 'power_limit',
    platform: 'sensor',
    reading: 'power_limit',
    name: { en: 'Power limit', de: 'Leistungsgrenze' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    deviceClass: 'power',
    unit: 'W',
    decimals: 0,
  },
  {
    key: 'energy',
    platform: 'sensor',
    reading: 'energy',
    name: { en: 'Energy', de: 'Energie' },
    topic: 'metrics',
    level: 'essential',
    deviceClass: 'energy',
    stateClass: 'total_increasing',
    unit: 'kWh',
    decimals: 2,
  },
  {
    key: 'busy_hours',
    platform: 'sensor',
    reading: 'busy_hours',
    name: { en: 'Busy time', de: 'Zeit in Gebrauch' },
    topic: 'metrics',
    level: 'all',
    category: 'diagnostic',
    deviceClass: 'duration',
    stateClass: 'total_increasing',
    unit: 'h',
    decimals: 1,
    icon: 'mdi:timer-play-outline',
  },
] as const satisfies readonly SensorRow<Load>[];

interface State {
  clock?: number | null;
  memory_clock?: number | null;
  pstate?: string | null;
  throttle?: string | null;
  encoder?: number | null;
  decoder?: number | null;
  pcie_gen?: number | null;
  pcie_width?: number | null;
  ecc_corrected?: number | null;
  ecc_uncorrected?: number | null;
  last_xid?: number | null;
}

const clock = {
  platform: 'sensor',
  topic: 'metrics',
  level: 'all',
  category: 'diagnostic',
  deviceClass: 'frequency',
  stateClass: 'measurement',
  unit: 'MHz',
  decimals: 0,
  damping: { share: 0.05 },
  icon: 'mdi:speedometer',
} as const;

const video = {
  platform: 'sensor',
  topic: 'metrics',
  level: 'all',
  category: 'diagnostic',
  stateClass: 'measurement',
  unit: '%',
  decimals: 0,
  damping: { least: 3 },
  icon: 'mdi:video-outline',
} as const;

const count = {
  platform: 'sensor',
  topic: 'state',
  level: 'all',
  category: 'diagnostic',
} as const;

export const stateRows = [
  {
    key: 'throttle',
    platform: 'sensor',
    reading: 'throttle',
    name: { en: 'Slowed down by', de: 'Gebremst durch' },
    topic: 'state',
    level: 'standard',
    category: 'diagnostic',
    deviceClass: 'enum',
    options: THROTTLES,
    icon: 'mdi:car-brake-alert',
  },
  { ...clock, key: 'clock', reading: 'clock', name: { en: 'Clock', de: 'Takt' } },
  {
    ...clock,
    key: 'memory_clock',
    reading: 'memory_clock',
    name: { en: 'Memory clock', de: 'Speichertakt' },
  },
  {
    ...{ ...count, key: 'pstate', reading: 'pstate' },
    name: { en: 'Performance state', de: 'Leistungsstufe' },
    icon: 'mdi:gauge',
  },
  { ...video, key: 'encoder', reading: 'encoder', name: { en: 'Encoder', de: 'Encoder' } },
  { ...video, key: 'decoder', reading: 'decoder', name: { en: 'Decoder', de: 'Decoder' } },
  {
    ...{ ...count, key: 'pcie_gen', reading: 'pcie_gen' },
    name: { en: 'PCIe generation', de: 'PCIe-Generation' },
    icon: 'mdi:expansion-card',
  },
  {
    ...{ ...count, key: 'pcie_width', reading: 'pcie_width' },
    name: { en: 'PCIe lanes', de: 'PCIe-Lanes' },
    icon: 'mdi:expansion-card',
  },
  {
    ...{ ...count, key: 'ecc_corrected', reading: 'ecc_corrected', stateClass: 'total_increasing' },
    name: { en: 'Corrected memory errors', de: 'Behobene Speicherfehler' },
    icon: 'mdi:alert-circle-check-outline',
  },
  {
    ...{ ...count, key: 'ecc_uncorrected', reading: 'ecc_uncorrected', stateClass: 'total_increasing' },
    name: { en: 'Uncorrected memory errors', de: 'Nicht behobene Speicherfehler' },
    icon: 'mdi:alert-circle-outline',
  },
  {
    key: 'xid',
    platform: 'event',
    types: ['xid'],
    needs: 'last_xid',
    name: { en: 'Driver error (Xid)', de: 'Treiberfehler (Xid)' },
    level: 'standard',
    icon: 'mdi:alert-decagram-outline',
  },
] as const satisfies readonly (SensorRow<State> | EventRow<State>)[];
