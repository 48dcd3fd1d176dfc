import Type from 'typebox';
import { outcome } from './outcome.ts';
import { connection, shownAs } from './presets.ts';
import { defineKind } from './rows.ts';
import { integer, number, oneOf, text } from './schema.ts';
import { serverItems } from './server-items.ts';

const HEALTH = ['ok', 'warning', 'critical'] as const;

const flag = (description: string) => Type.Union([Type.Boolean(), Type.Null()], { description });
const health = flag('it is not healthy; null while unknown');
const key = Type.String({ description: 'its name in topics; never changes' });
const title = Type.String({ description: 'what the server calls it' });
const place = Type.Object({ key, title, temperature: number('of that place', '°C') });

/** A machine as its management controller sees it. What the controller does not tell, or its licence withholds, is left out. */
export const server = defineKind({
  kind: 'server',
  title: { en: 'Server', de: 'Server' },
  readings: Type.Object({
    on: flag('it is not switched off; null while unknown'),
    health: oneOf(HEALTH, 'of all its parts'),
    problem: flag('something in it is not healthy; null while unknown'),
    failing: text('its parts that are not healthy, as in “PS2 Status, Fan 3A”, else “none”'),
    identify: Type.Optional(flag('the light that shows which one it is; null while unknown')),
    power: Type.Optional(number('power that it takes', 'W')),
    energy: Type.Optional(number('energy that it took, since it is counted', 'kWh')),
    cpus: Type.Optional(text('processors, as in “2 × Xeon Gold 6138, 40 cores”')),
    memory: Type.Optional(number('memory installed', 'GiB')),
    modules: Type.Optional(text('memory modules, as in “8 × 32 GiB DDR4 2666 MT/s”')),
    slots_free: Type.Optional(integer('slots for memory modules that are empty')),
    service_tag: Type.Optional(text('what its vendor knows it by')),
    bios: Type.Optional(text('version of its BIOS')),
    firmware: Type.Optional(text('version of its management controller')),
    temperatures: Type.Optional(Type.Array(place)),
    more_temperatures: Type.Optional(Type.Array(place)),
    fans: Type.Optional(
      Type.Array(
        Type.Object({
          key,
          title,
          problem: health,
          speed: Type.Optional(number('revolutions', 'rpm')),
          share: Type.Optional(number('of its full speed', '%')),
        }),
      ),
    ),
    power_supplies: Type.Optional(
      Type.Array(
        Type.Object({
          key,
          title,
          problem: health,
          input: Type.Optional(number('power that it takes', 'W')),
        }),
      ),
    ),
    controllers: Type.Optional(
      Type.Array(
        Type.Object({
          key,
          title,
          problem: health,
          mode: Type.Optional(text('what it makes of drives: “RAID”, “HBA” …')),
        }),
      ),
    ),
    virtual_disks: Type.Optional(
      Type.Array(
        Type.Object({
          key,
          title,
          problem: health,
          layout: Type.Optional(text('how it lies on drives, as in “RAID1”')),
          size: Type.Optional(number('size', 'GiB')),
        }),
      ),
    ),
  }),
  rows: [
    connection,
    {
      key: 'on',
      platform: 'binary_sensor',
      reading: 'on',
      name: { en: 'Power', de: 'Betrieb' },
      topic: 'state',
      level: 'essential',
      deviceClass: 'power',
    },
    {
      key: 'power_on',
      platform: 'button',
      name: { en: 'Switch on', de: 'Einschalten' },
      level: 'standard',
      category: 'config',
      icon: 'mdi:power-on',
      commands: { PRESS: { action: 'server_on', input: {} } },
    },
    {
      key: 'shutdown',
      platform: 'button',
      name: { en: 'Shut down', de: 'Herunterfahren' },
      level: 'standard',
      category: 'config',
      icon: 'mdi:power-off',
      enabled: false,
      commands: { PRESS: { action: 'server_shutdown', input: {} } },
    },
    {
      key: 'identify',
      platform: 'switch',
      reading: 'identify',
      name: { en: 'Identify light', de: 'Suchlicht' },
      topic: 'state',
      level: 'standard',
      category: 'config',
      icon: 'mdi:alarm-light-outline',
      commands: {
        ON: { action: 'identify_light', input: { light: 'on' } },
        OFF: { action: 'identify_light', input: { light: 'off' } },
      },
    },
    {
      key: 'problem',
      ...shownAs.problem,
      reading: 'problem',
      name: { en: 'Problem', de: 'Problem' },
      level: 'essential',
    },
    {
      key: 'failing',
      ...shownAs.fact,
      reading: 'failing',
      name: { en: 'Failing parts', de: 'Gestörte Teile' },
      level: 'essential',
      icon: 'mdi:wrench-outline',
    },
    {
      key: 'health',
      ...shownAs.oneOf(HEALTH),
      reading: 'health',
      name: { en: 'Health', de: 'Zustand' },
      level: 'all',
      icon: 'mdi:heart-pulse',
    },
    {
      key: 'watts',
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
      key: 'log',
      platform: 'event',
      types: ['ok', 'warning', 'critical'],
      name: { en: 'Event log', de: 'Ereignisprotokoll' },
      level: 'standard',
      icon: 'mdi:text-box-outline',
    },
    {
      key: 'cpus',
      ...shownAs.fact,
      reading: 'cpus',
      name: { en: 'Processors', de: 'Prozessoren' },
      level: 'standard',
      category: 'diagnostic',
      icon: 'mdi:cpu-64-bit',
    },
    {
      key: 'memory',
      platform: 'sensor',
      reading: 'memory',
      name: { en: 'Memory installed', de: 'Speicher eingebaut' },
      topic: 'state',
      level: 'standard',
      category: 'diagnostic',
      deviceClass: 'data_size',
      unit: 'GiB',
      decimals: 0,
      icon: 'mdi:memory',
    },
    {
      key: 'modules',
      ...shownAs.fact,
      reading: 'modules',
      name: { en: 'Memory modules', de: 'Speichermodule' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:memory',
    },
    {
      key: 'slots_free',
      ...shownAs.fact,
      reading: 'slots_free',
      name: { en: 'Free memory slots', de: 'Freie Speicherplätze' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:memory',
    },
    {
      key: 'service_tag',
      ...shownAs.fact,
      reading: 'service_tag',
      name: { en: 'Service tag', de: 'Service-Kennung' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:tag-outline',
    },
    {
      key: 'bios',
      ...shownAs.fact,
      reading: 'bios',
      name: { en: 'BIOS', de: 'BIOS' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:chip',
    },
    {
      key: 'firmware',
      ...shownAs.fact,
      reading: 'firmware',
      name: { en: 'Management firmware', de: 'Firmware der Verwaltung' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:chip',
    },
    outcome,
  ],
  items: serverItems,
});
