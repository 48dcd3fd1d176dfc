import type { Damping } from './rows.ts';

const fact = { platform: 'sensor', topic: 'state' } as const;
const count = { ...fact, stateClass: 'measurement' } as const;
const flag = { platform: 'binary_sensor', topic: 'state' } as const;
const gauge = { platform: 'sensor', topic: 'metrics', stateClass: 'measurement' } as const;

/** The row of whether the system behind a device answers. */
export const connection = {
  key: 'connection',
  platform: 'connectivity',
  name: { en: 'Connection', de: 'Verbindung' },
  level: 'essential',
  category: 'diagnostic',
} as const;

/** What rows of one sort have in common, to be spread into them. A unit never changes after a release. */
export const shownAs = {
  /** A text, or a number, as it is. */
  fact,
  /** How many there are; changes when something happens, not by itself. */
  count,
  /** One of a few words. */
  oneOf: <const O extends readonly string[]>(options: O) =>
    ({ ...fact, deviceClass: 'enum', options }) as const,
  /** A moment, ISO 8601. */
  timestamp: { ...fact, deviceClass: 'timestamp' },
  /** The moment of a start, ISO 8601. */
  uptime: { ...fact, deviceClass: 'uptime' },
  /** Yes or no. */
  flag,
  /** Whether something is wrong. */
  problem: { ...flag, deviceClass: 'problem' },
  /** Whether something answers, or is plugged in. */
  connected: { ...flag, deviceClass: 'connectivity' },
  /** GiB that change now and then. */
  size: (decimals: number) => ({ ...count, deviceClass: 'data_size', unit: 'GiB', decimals }) as const,
  /** GiB that change all the time. */
  amount: (decimals: number, damping: Damping) =>
    ({ ...gauge, deviceClass: 'data_size', unit: 'GiB', decimals, damping }) as const,
  /** A share in percent that changes all the time. */
  percentage: (decimals: number, damping: Damping) => ({ ...gauge, unit: '%', decimals, damping }) as const,
  /** MiB/s. @param least change that is told */
  throughput: (least: number) => {
    const damping = { least, share: 0.1 };
    return { ...gauge, deviceClass: 'data_rate', unit: 'MiB/s', decimals: 2, damping } as const;
  },
  /** How long something took. */
  milliseconds: (damping: Damping) =>
    ({ ...gauge, deviceClass: 'duration', unit: 'ms', decimals: 0, damping }) as const,
  /** °C. @param least change that is told */
  temperature: (least: number) =>
    ({ ...gauge, deviceClass: 'temperature', unit: '°C', decimals: 0, damping: { least } }) as const,
} as const;
