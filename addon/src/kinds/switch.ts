import Type from 'typebox';
import { deviceReadings, deviceRows } from './network-device.ts';
import { portItems, portLists } from './port.ts';
import { defineKind } from './rows.ts';
import { number } from './schema.ts';

/** What goes through a switch is the sum of its ports, so its uplink says more; its processor does not forward. */
const common = deviceRows.map((row) =>
  ['received', 'sent', 'cpu', 'memory'].includes(row.key) ? { ...row, level: 'all' as const } : row,
);

/** What wires the network together. */
export const networkSwitch = defineKind({
  kind: 'switch',
  title: { en: 'Switch', de: 'Switch' },
  readings: Type.Object({
    ...deviceReadings,
    ...portLists,
    poe_power: Type.Optional(number('power that its ports give together', 'W')),
  }),
  rows: [
    {
      key: 'poe_power',
      platform: 'sensor',
      reading: 'poe_power',
      name: { en: 'PoE power', de: 'PoE-Leistung' },
      topic: 'metrics',
      level: 'standard',
      deviceClass: 'power',
      stateClass: 'measurement',
      unit: 'W',
      decimals: 1,
      damping: { least: 0.5 },
    },
    ...common,
  ],
  items: portItems,
});
