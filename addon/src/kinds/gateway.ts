import Type from 'typebox';
import { deviceReadings, deviceRows } from './network-device.ts';
import { portItems, portLists } from './port.ts';
import { shownAs } from './presets.ts';
import { defineKind } from './rows.ts';
import { number, text } from './schema.ts';

const flag = (description: string) => Type.Union([Type.Boolean(), Type.Null()], { description });

const rate = {
  platform: 'sensor',
  topic: 'metrics',
  deviceClass: 'data_rate',
  stateClass: 'measurement',
  unit: 'Mbit/s',
} as const;

/** What leads out of the network. A site has one, whatever machine plays that part. */
export const gateway = defineKind({
  kind: 'gateway',
  title: { en: 'Gateway', de: 'Gateway' },
  readings: Type.Object({
    ...deviceReadings,
    ...portLists,
    internet: flag('one of its lines leads to the internet; null while unknown'),
    active_wan: Type.Optional(text('the line in use, as in “WAN”, else “none”')),
    speedtest_down: Type.Optional(number('of the last speed test', 'Mbit/s')),
    speedtest_up: Type.Optional(number('of the last speed test', 'Mbit/s')),
    speedtest_ping: Type.Optional(number('of the last speed test', 'ms')),
    speedtest_at: Type.Optional(text('time of the last speed test, ISO 8601')),
    wans: Type.Optional(
      Type.Array(
        Type.Object({
          key: Type.String({ description: 'its name in topics; never changes' }),
          title: Type.String({ description: 'its name' }),
          up: flag('it is connected; null while unknown'),
          ip: text('its address'),
          latency: number('to what it is measured against', 'ms'),
          availability: number('of the last day', '%'),
          received: number('what it receives', 'Mbit/s'),
          sent: number('what it sends', 'Mbit/s'),
        }),
        { description: 'its lines to the outside' },
      ),
    ),
  }),
  rows: [
    ...deviceRows,
    {
      key: 'internet',
      platform: 'binary_sensor',
      reading: 'internet',
      name: { en: 'Internet', de: 'Internet' },
      topic: 'state',
      level: 'essential',
      deviceClass: 'connectivity',
    },
    {
      key: 'active_wan',
      platform: 'sensor',
      reading: 'active_wan',
      name: { en: 'Line in use', de: 'Genutzte Leitung' },
      topic: 'state',
      level: 'standard',
      icon: 'mdi:wan',
    },
    {
      ...rate,
      topic: 'state',
      key: 'speedtest_down',
      reading: 'speedtest_down',
      name: { en: 'Speed test download', de: 'Geschwindigkeitstest Empfang' },
      level: 'standard',
      category: 'diagnostic',
      decimals: 0,
      icon: 'mdi:download-network-outline',
    },
    {
      ...rate,
      topic: 'state',
      key: 'speedtest_up',
      reading: 'speedtest_up',
      name: { en: 'Speed test upload', de: 'Geschwindigkeitstest Senden' },
      level: 'standard',
      category: 'diagnostic',
      decimals: 0,
      icon: 'mdi:upload-network-outline',
    },
    {
      key: 'speedtest_ping',
      platform: 'sensor',
      reading: 'speedtest_ping',
      name: { en: 'Speed test latency', de: 'Geschwindigkeitstest Latenz' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      deviceClass: 'duration',
      stateClass: 'measurement',
      unit: 'ms',
      decimals: 0,
    },
    {
      key: 'speedtest_at',
      platform: 'sensor',
      reading: 'speedtest_at',
      name: { en: 'Speed test', de: 'Geschwindigkeitstest' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      deviceClass: 'timestamp',
    },
  ],
  items: [
    {
      list: 'wans',
      rows: [
        {
          key: 'up',
          platform: 'binary_sensor',
          reading: 'up',
          name: null,
          topic: 'state',
          level: 'standard',
          deviceClass: 'connectivity',
        },
        {
          key: 'ip',
          platform: 'sensor',
          reading: 'ip',
          name: { en: 'address', de: 'Adresse' },
          topic: 'state',
          level: 'standard',
          category: 'diagnostic',
          icon: 'mdi:ip-network-outline',
        },
        {
          key: 'latency',
          ...shownAs.milliseconds({ least: 2, share: 0.2 }),
          reading: 'latency',
          name: { en: 'latency', de: 'Latenz' },
          level: 'standard',
        },
        {
          key: 'availability',
          platform: 'sensor',
          reading: 'availability',
          name: { en: 'availability', de: 'Verfügbarkeit' },
          topic: 'metrics',
          level: 'all',
          category: 'diagnostic',
          stateClass: 'measurement',
          unit: '%',
          decimals: 1,
          icon: 'mdi:percent-outline',
        },
        {
          ...rate,
          key: 'received',
          reading: 'received',
          name: { en: 'received', de: 'empfangen' },
          level: 'standard',
          decimals: 2,
          damping: { least: 0.1, share: 0.1 },
        },
        {
          ...rate,
          key: 'sent',
          reading: 'sent',
          name: { en: 'sent', de: 'gesendet' },
          level: 'standard',
          decimals: 2,
          damping: { least: 0.1, share: 0.1 },
        },
      ],
    },
    ...portItems,
  ],
});
