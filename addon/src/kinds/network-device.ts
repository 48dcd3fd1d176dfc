import Type from 'typebox';
import { outcome } from './outcome.ts';
import type { Row } from './rows.ts';
import { integer, number, oneOf, text } from './schema.ts';

/** What a controller says of a device of its network. */
export const DEVICE_STATES = [
  'connected',
  'disconnected',
  'pending',
  'adopting',
  'upgrading',
  'provisioning',
  'heartbeat_missed',
  'isolated',
  'failed',
] as const;

const flag = (description: string) => Type.Union([Type.Boolean(), Type.Null()], { description });

/** Of whatever makes the network: gateways, switches, access points. */
export const deviceReadings = {
  connected: flag('its controller hears of it; null while unknown'),
  state: oneOf([...DEVICE_STATES], 'what its controller says of it'),
  started: text('time of its last start, ISO 8601'),
  cpu: number('processor in use', '%'),
  memory: number('memory in use', '%'),
  temperature: Type.Optional(number('in it', '°C')),
  clients: integer('clients at it'),
  uplink: Type.Optional(text('what it hangs on, as in “Core port 5”')),
  received: number('what it receives', 'Mbit/s'),
  sent: number('what it sends', 'Mbit/s'),
  firmware: text('version of its firmware'),
  latest_firmware: text('newest version that its controller offers'),
  controls: Type.Optional(Type.Boolean({ description: 'it can be restarted from here' })),
};

interface DeviceReadings {
  readonly connected: boolean | null;
  readonly state: string | null;
  readonly started: string | null;
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly temperature?: number | null;
  readonly clients: number | null;
  readonly uplink?: string | null;
  readonly received: number | null;
  readonly sent: number | null;
  readonly firmware: string | null;
  readonly latest_firmware: string | null;
  readonly controls?: boolean;
}

const load = {
  platform: 'sensor',
  topic: 'metrics',
  stateClass: 'measurement',
} as const;

const throughput = {
  ...load,
  level: 'standard',
  deviceClass: 'data_rate',
  unit: 'Mbit/s',
  decimals: 2,
  damping: { least: 0.1, share: 0.1 },
} as const;

export const deviceRows = [
  {
    key: 'connected',
    platform: 'binary_sensor',
    reading: 'connected',
    name: { en: 'Connected', de: 'Verbunden' },
    topic: 'state',
    level: 'essential',
    deviceClass: 'connectivity',
  },
  {
    key: 'state',
    platform: 'sensor',
    reading: 'state',
    name: { en: 'State', de: 'Zustand' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    deviceClass: 'enum',
    options: DEVICE_STATES,
    icon: 'mdi:state-machine',
  },
  {
    key: 'started',
    platform: 'sensor',
    reading: 'started',
    name: { en: 'Last start', de: 'Letzter Start' },
    topic: 'state',
    level: 'standard',
    category: 'diagnostic',
    deviceClass: 'uptime',
  },
  {
    ...load,
    key: 'cpu',
    reading: 'cpu',
    name: { en: 'CPU', de: 'CPU' },
    level: 'standard',
    category: 'diagnostic',
    unit: '%',
    decimals: 0,
    damping: { least: 3 },
    icon: 'mdi:cpu-64-bit',
  },
  {
    ...load,
    key: 'memory',
    reading: 'memory',
    name: { en: 'Memory', de: 'Speicher' },
    level: 'standard',
    category: 'diagnostic',
    unit: '%',
    decimals: 0,
    damping: { least: 2 },
    icon: 'mdi:memory',
  },
  {
    ...load,
    key: 'temperature',
    reading: 'temperature',
    name: { en: 'Temperature', de: 'Temperatur' },
    level: 'standard',
    category: 'diagnostic',
    deviceClass: 'temperature',
    unit: '°C',
    decimals: 0,
    damping: { least: 2 },
  },
  {
    ...load,
    key: 'clients',
    reading: 'clients',
    name: { en: 'Clients', de: 'Clients' },
    level: 'standard',
    damping: { least: 1, share: 0.02 },
    icon: 'mdi:devices',
  },
  {
    key: 'uplink',
    platform: 'sensor',
    reading: 'uplink',
    name: { en: 'Uplink', de: 'Uplink' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:lan-connect',
  },
  {
    ...throughput,
    key: 'received',
    reading: 'received',
    name: { en: 'Received', de: 'Empfangen' },
    icon: 'mdi:download-network-outline',
  },
  {
    ...throughput,
    key: 'sent',
    reading: 'sent',
    name: { en: 'Sent', de: 'Gesendet' },
    icon: 'mdi:upload-network-outline',
  },
  {
    key: 'firmware',
    platform: 'update',
    reading: 'firmware',
    latest: 'latest_firmware',
    name: { en: 'Firmware', de: 'Firmware' },
    topic: 'state',
    level: 'standard',
    category: 'diagnostic',
    deviceClass: 'firmware',
  },
  {
    key: 'restart',
    platform: 'button',
    needs: 'controls',
    name: { en: 'Restart', de: 'Neu starten' },
    level: 'standard',
    category: 'config',
    deviceClass: 'restart',
    enabled: false,
    commands: { PRESS: { action: 'network_restart', input: {} } },
  },
  outcome,
] as const satisfies readonly Row<DeviceReadings>[];
