import Type from 'typebox';
import { connection } from './presets.ts';
import { defineKind } from './rows.ts';
import { integer, text } from './schema.ts';

/** What happens in a network, as far as somebody may want to be told. */
export const NETWORK_EVENTS = [
  'alarm',
  'device_lost',
  'device_back',
  'device_restarted',
  'device_upgraded',
  'wan_changed',
  'threat',
  'other',
] as const;

/** A network as a whole, by what controls it. */
export const site = defineKind({
  kind: 'site',
  title: { en: 'Network site', de: 'Netzstandort' },
  readings: Type.Object({
    controller: text('version of what controls it'),
    devices: integer('devices that make it'),
    lost: integer('of these, how many do not answer'),
    clients: integer('clients in it'),
    alarms: Type.Optional(integer('alarms that nobody archived')),
  }),
  rows: [
    connection,
    {
      key: 'lost',
      platform: 'sensor',
      reading: 'lost',
      name: { en: 'Devices lost', de: 'Verlorene Geräte' },
      topic: 'state',
      level: 'essential',
      stateClass: 'measurement',
      icon: 'mdi:lan-disconnect',
    },
    {
      key: 'clients',
      platform: 'sensor',
      reading: 'clients',
      name: { en: 'Clients', de: 'Clients' },
      topic: 'metrics',
      level: 'essential',
      stateClass: 'measurement',
      damping: { least: 1, share: 0.02 },
      icon: 'mdi:devices',
    },
    {
      key: 'alarms',
      platform: 'sensor',
      reading: 'alarms',
      name: { en: 'Alarms', de: 'Alarme' },
      topic: 'state',
      level: 'standard',
      stateClass: 'measurement',
      icon: 'mdi:alert-outline',
    },
    {
      key: 'log',
      platform: 'event',
      types: NETWORK_EVENTS,
      name: { en: 'Log', de: 'Protokoll' },
      level: 'standard',
      icon: 'mdi:text-box-outline',
    },
    {
      key: 'devices',
      platform: 'sensor',
      reading: 'devices',
      name: { en: 'Devices', de: 'Geräte' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      stateClass: 'measurement',
      icon: 'mdi:router-network',
    },
    {
      key: 'controller',
      platform: 'sensor',
      reading: 'controller',
      name: { en: 'Controller', de: 'Controller' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:server-network',
    },
  ],
});
