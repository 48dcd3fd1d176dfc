import { shownAs } from './presets.ts';
import type { EventRow } from './rows.ts';

/** What happens to a container. */
export const HAPPENINGS = [
  ...(['started', 'ended', 'out_of_memory', 'paused', 'resumed'] as const),
  ...(['healthy', 'unhealthy', 'recreated', 'removed'] as const),
] as const;

const event: EventRow = {
  key: 'event',
  platform: 'event',
  types: HAPPENINGS,
  name: { en: 'Event', de: 'Ereignis' },
  level: 'all',
  category: 'diagnostic',
  icon: 'mdi:bell-ring-outline',
};

/** What happened to a container, and what describes it. */
export const aboutRows = [
  event,
  {
    key: 'restarts',
    platform: 'sensor',
    reading: 'restarts',
    name: { en: 'Restarts', de: 'Neustarts' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    stateClass: 'total_increasing',
    icon: 'mdi:restart-alert',
  },
  {
    key: 'exit_code',
    ...shownAs.fact,
    reading: 'exit_code',
    name: { en: 'Exit code', de: 'Rückgabewert' },
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:exit-run',
  },
  {
    key: 'image',
    ...shownAs.fact,
    reading: 'image',
    name: { en: 'Image', de: 'Image' },
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:layers-outline',
  },
  {
    key: 'digest',
    ...shownAs.fact,
    reading: 'digest',
    name: { en: 'Image digest', de: 'Prüfsumme des Images' },
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:fingerprint',
  },
  {
    key: 'memory_limit',
    platform: 'sensor',
    reading: 'memory_limit',
    name: { en: 'Memory limit', de: 'Speichergrenze' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    deviceClass: 'data_size',
    unit: 'GiB',
    decimals: 2,
  },
  {
    key: 'cpu_limit',
    platform: 'sensor',
    reading: 'cpu_limit',
    name: { en: 'CPU limit', de: 'CPU-Grenze' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    unit: '%',
    decimals: 0,
    icon: 'mdi:cpu-64-bit',
  },
  {
    key: 'started',
    ...shownAs.uptime,
    reading: 'started',
    name: { en: 'Started', de: 'Gestartet' },
    level: 'all',
    category: 'diagnostic',
  },
] as const;
