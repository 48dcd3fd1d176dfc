import Type from 'typebox';
import type { Row } from './rows.ts';
import { integer, number, text } from './schema.ts';

const flag = (description: string) => Type.Union([Type.Boolean(), Type.Null()], { description });

/** A port of a switch: an item of it, since dozens of devices would hide the switch itself. */
export const portReading = Type.Object({
  key: Type.String({ description: 'its name in topics; never changes' }),
  title: Type.String({ description: 'what the controller calls it' }),
  index: Type.Integer({ description: 'its number on the switch' }),
  link: flag('something hangs there that is on; null while unknown'),
  enabled: flag('it is not switched off; null while unknown'),
  speed: number('at which it works, 0 without a link', 'Mbit/s'),
  received: number('what it receives', 'Mbit/s'),
  sent: number('what it sends', 'Mbit/s'),
  clients: integer('clients for which it is the nearest port'),
  profile: text('name of its profile'),
  vlan: integer('of what bears no VLAN at it; 1: none'),
  poe: Type.Optional(
    flag('it gives power where something wants it; null while unknown; left out where it cannot be switched'),
  ),
  poe_power: Type.Optional(number('power that it gives', 'W')),
});

interface PortReadings {
  readonly link: boolean | null;
  readonly enabled: boolean | null;
  readonly speed: number | null;
  readonly received: number | null;
  readonly sent: number | null;
  readonly clients: number | null;
  readonly profile: string | null;
  readonly vlan: number | null;
  readonly poe?: boolean | null;
  readonly poe_power?: number | null;
}

const rate = {
  platform: 'sensor',
  topic: 'metrics',
  level: 'all',
  category: 'diagnostic',
  deviceClass: 'data_rate',
  stateClass: 'measurement',
  unit: 'Mbit/s',
} as const;

const rows = [
  {
    key: 'link',
    platform: 'binary_sensor',
    reading: 'link',
    name: { en: 'link', de: 'Verbindung' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    deviceClass: 'connectivity',
  },
  {
    ...rate,
    key: 'speed',
    reading: 'speed',
    name: { en: 'speed', de: 'Geschwindigkeit' },
    topic: 'state',
    decimals: 0,
    icon: 'mdi:speedometer',
  },
  {
    ...rate,
    key: 'received',
    reading: 'received',
    name: { en: 'received', de: 'empfangen' },
    decimals: 2,
    damping: { least: 0.1, share: 0.1 },
  },
  {
    ...rate,
    key: 'sent',
    reading: 'sent',
    name: { en: 'sent', de: 'gesendet' },
    decimals: 2,
    damping: { least: 0.1, share: 0.1 },
  },
  {
    key: 'profile',
    platform: 'sensor',
    reading: 'profile',
    name: { en: 'profile', de: 'Profil' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:ethernet-cable',
  },
  {
    key: 'vlan',
    platform: 'sensor',
    reading: 'vlan',
    name: { en: 'VLAN', de: 'VLAN' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:tag-outline',
  },
  {
    key: 'poe_power',
    platform: 'sensor',
    reading: 'poe_power',
    name: { en: 'PoE power', de: 'PoE-Leistung' },
    topic: 'metrics',
    level: 'all',
    category: 'diagnostic',
    deviceClass: 'power',
    stateClass: 'measurement',
    unit: 'W',
    decimals: 1,
    damping: { least: 0.3 },
  },
  {
    key: 'poe',
    platform: 'switch',
    reading: 'poe',
    name: { en: 'PoE', de: 'PoE' },
    topic: 'state',
    level: 'all',
    category: 'config',
    icon: 'mdi:ethernet',
    commands: {
      ON: { action: 'set_poe', input: { poe: 'on' } },
      OFF: { action: 'set_poe', input: { poe: 'off' } },
    },
  },
  {
    key: 'poe_cycle',
    platform: 'button',
    needs: 'poe',
    name: { en: 'power cycle', de: 'Strom aus und ein' },
    level: 'all',
    category: 'config',
    deviceClass: 'restart',
    commands: { PRESS: { action: 'poe_cycle', input: {} } },
  },
] as const satisfies readonly Row<PortReadings>[];

/** Whether its uplink works is what people want to see of a switch before anything else. */
const uplinkRows = rows.map((row) =>
  ['link', 'speed', 'received', 'sent'].includes(row.key) ? { ...row, level: 'standard' as const } : row,
);

export const portLists = {
  uplinks: Type.Optional(Type.Array(portReading, { description: 'ports that lead to the gateway' })),
  ports: Type.Optional(Type.Array(portReading, { description: 'all other ports' })),
};

export const portItems = [
  { list: 'uplinks', rows: uplinkRows },
  { list: 'ports', rows },
] as const;
