import Type from 'typebox';
import { defineKind } from './rows.ts';
import { number, text } from './schema.ts';

/** Something that uses the network: a phone, a machine, a plug. */
export const client = defineKind({
  kind: 'client',
  title: { en: 'Client', de: 'Client' },
  readings: Type.Object({
    here: Type.Union([Type.Boolean(), Type.Null()], {
      description: 'it is in the network; null while unknown',
    }),
    at: text('what it hangs on, as in “Core port 2” or “Ceiling”; null while it is away'),
    ip: text('its address'),
    network: text('the network that it is in'),
    wlan: Type.Optional(text('the wireless network that it is in')),
    signal: Type.Optional(number('strength of its signal', 'dBm')),
  }),
  rows: [
    {
      key: 'here',
      platform: 'device_tracker',
      reading: 'here',
      name: null,
      topic: 'state',
      level: 'essential',
    },
    {
      key: 'at',
      platform: 'sensor',
      reading: 'at',
      name: { en: 'At', de: 'Hängt an' },
      topic: 'state',
      level: 'standard',
      category: 'diagnostic',
      icon: 'mdi:map-marker-outline',
    },
    {
      key: 'ip',
      platform: 'sensor',
      reading: 'ip',
      name: { en: 'Address', de: 'Adresse' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:ip-network-outline',
    },
    {
      key: 'network',
      platform: 'sensor',
      reading: 'network',
      name: { en: 'Network', de: 'Netz' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:lan',
    },
    {
      key: 'wlan',
      platform: 'sensor',
      reading: 'wlan',
      name: { en: 'WLAN', de: 'WLAN' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:wifi',
    },
    {
      key: 'signal',
      platform: 'sensor',
      reading: 'signal',
      name: { en: 'Signal', de: 'Signal' },
      topic: 'metrics',
      level: 'all',
      category: 'diagnostic',
      deviceClass: 'signal_strength',
      stateClass: 'measurement',
      unit: 'dBm',
      decimals: 0,
      damping: { least: 4, seconds: 60 },
    },
  ],
});
