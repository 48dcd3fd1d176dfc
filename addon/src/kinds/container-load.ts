import { shownAs } from './presets.ts';

export const STATES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const;
export const HEALTH = ['starting', 'healthy', 'unhealthy'] as const;

/** How a container is, and what it uses. */
export const loadRows = [
  {
    key: 'state',
    ...shownAs.oneOf(STATES),
    reading: 'state',
    name: { en: 'State', de: 'Zustand' },
    level: 'essential',
    icon: 'mdi:docker',
  },
  {
    key: 'health',
    ...shownAs.oneOf(HEALTH),
    reading: 'health',
    name: { en: 'Health', de: 'Gesundheit' },
    level: 'essential',
    icon: 'mdi:heart-pulse',
  },
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
    ...shownAs.amount(3, { least: 0.005, share: 0.02 }),
    reading: 'memory',
    name: { en: 'Memory', de: 'Arbeitsspeicher' },
    level: 'standard',
    icon: 'mdi:memory',
  },
  {
    key: 'network_received',
    ...shownAs.throughput(0.01),
    reading: 'network_received',
    name: { en: 'Network received', de: 'Netzwerk empfangen' },
    level: 'standard',
  },
  {
    key: 'network_sent',
    ...shownAs.throughput(0.01),
    reading: 'network_sent',
    name: { en: 'Network sent', de: 'Netzwerk gesendet' },
    level: 'standard',
  },
  {
    key: 'disk_read',
    ...shownAs.throughput(0.01),
    reading: 'disk_read',
    name: { en: 'Disk read', de: 'Datenträger gelesen' },
    level: 'all',
  },
  {
    key: 'disk_written',
    ...shownAs.throughput(0.01),
    reading: 'disk_written',
    name: { en: 'Disk written', de: 'Datenträger geschrieben' },
    level: 'all',
  },
] as const;
