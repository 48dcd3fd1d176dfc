import Type from 'typebox';
import { connection, shownAs } from './presets.ts';
import { defineKind, type Text } from './rows.ts';
import { integer, number, text } from './schema.ts';

const item = { key: Type.String(), title: Type.String({ description: 'what is measured, or which output' }) };
const measured = (description: string, unit: string) =>
  Type.Optional(
    Type.Array(Type.Object({ ...item, value: number(description, unit) }), {
      description: `what it measures in ${unit || 'no unit'}`,
    }),
  );

/** A list for each unit, since the unit of an entity never changes. */
const plain = <const K extends string>(key: K, name: Text, decimals: number) =>
  ({
    key,
    name,
    decimals,
    platform: 'sensor',
    reading: 'value',
    topic: 'metrics',
    level: 'essential',
    stateClass: 'measurement',
    damping: { share: 0.0005 },
  }) as const;
const gauge = <const K extends string, const U extends string>(
  key: K,
  name: Text,
  unit: U,
  decimals: number,
) => ({ ...plain(key, name, decimals), unit }) as const;

/** Something on the bench that measures or gives power and speaks SCPI. */
export const instrument = defineKind({
  kind: 'instrument',
  title: { en: 'Instrument', de: 'Messgerät' },
  readings: Type.Object({
    voltages: measured('voltage', 'V'),
    currents: measured('current', 'A'),
    powers: measured('power', 'W'),
    resistances: measured('resistance', 'Ω'),
    frequencies: measured('frequency', 'Hz'),
    temperatures: measured('temperature', '°C'),
    capacitances: measured('capacitance', 'µF'),
    durations: measured('duration', 's'),
    percentages: measured('share', '%'),
    numbers: measured('a number of which Labkeeper knows no more', ''),
    texts: Type.Optional(Type.Array(Type.Object({ ...item, value: text('what it says') }))),
    outputs: Type.Optional(
      Type.Array(
        Type.Object({
          ...item,
          on: Type.Optional(
            Type.Union([Type.Boolean(), Type.Null()], {
              description: 'it is on; null while unknown; left out where it is not switched from here',
            }),
          ),
          state: Type.Optional(
            Type.Union([Type.Boolean(), Type.Null()], {
              description: 'the same, where it is only looked at',
            }),
          ),
          voltage: Type.Optional(number('that it is set to', 'V')),
          current: Type.Optional(number('to which it is limited', 'A')),
          max_voltage: Type.Optional(number('beyond which nobody sets it from here', 'V')),
          max_current: Type.Optional(number('beyond which nobody sets it from here', 'A')),
        }),
      ),
    ),
    last_error: Type.Optional(text('the newest entry of its error queue')),
    errors: Type.Optional(integer('entries of its error queue that were read since the start')),
  }),
  rows: [
    connection,
    {
      key: 'last_error',
      reading: 'last_error',
      ...shownAs.fact,
      name: { en: 'Last error', de: 'Letzter Fehler' },
      level: 'standard',
      category: 'diagnostic',
      icon: 'mdi:alert-circle-outline',
    },
    {
      key: 'errors',
      reading: 'errors',
      ...shownAs.count,
      name: { en: 'Errors', de: 'Fehler' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:alert-circle-outline',
    },
    {
      key: 'error',
      platform: 'event',
      types: ['error'],
      needs: 'errors',
      name: { en: 'Error', de: 'Fehlermeldung' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:alert-circle-outline',
    },
  ],
  items: [
    {
      list: 'voltages',
      rows: [{ ...gauge('voltage', { en: 'voltage', de: 'Spannung' }, 'V', 6), deviceClass: 'voltage' }],
    },
    {
      list: 'currents',
      rows: [{ ...gauge('current', { en: 'current', de: 'Strom' }, 'A', 6), deviceClass: 'current' }],
    },
    {
      list: 'powers',
      rows: [{ ...gauge('power', { en: 'power', de: 'Leistung' }, 'W', 4), deviceClass: 'power' }],
    },
    {
      list: 'resistances',
      rows: [{ ...gauge('resistance', { en: 'resistance', de: 'Widerstand' }, 'Ω', 4), icon: 'mdi:omega' }],
    },
    {
      list: 'frequencies',
      rows: [
        { ...gauge('frequency', { en: 'frequency', de: 'Frequenz' }, 'Hz', 3), deviceClass: 'frequency' },
      ],
    },
    {
      list: 'temperatures',
      rows: [
        {
          ...gauge('temperature', { en: 'temperature', de: 'Temperatur' }, '°C', 2),
          deviceClass: 'temperature',
        },
      ],
    },
    {
      list: 'capacitances',
      rows: [
        {
          ...gauge('capacitance', { en: 'capacitance', de: 'Kapazität' }, 'µF', 6),
          icon: 'mdi:battery-minus-variant',
        },
      ],
    },
    {
      list: 'durations',
      rows: [{ ...gauge('duration', { en: 'duration', de: 'Dauer' }, 's', 9), deviceClass: 'duration' }],
    },
    {
      list: 'percentages',
      rows: [{ ...gauge('share', { en: 'share', de: 'Anteil' }, '%', 2), icon: 'mdi:percent' }],
    },
    {
      list: 'numbers',
      rows: [{ ...plain('value', { en: 'value', de: 'Wert' }, 6), icon: 'mdi:gauge' }],
    },
    {
      list: 'texts',
      rows: [
        {
          key: 'text',
          reading: 'value',
          ...shownAs.fact,
          name: { en: 'text', de: 'Text' },
          level: 'essential',
          icon: 'mdi:text-short',
        },
      ],
    },
    {
      list: 'outputs',
      rows: [
        {
          key: 'output_state',
          platform: 'binary_sensor',
          reading: 'state',
          name: { en: 'output', de: 'Ausgang' },
          topic: 'state',
          level: 'essential',
          deviceClass: 'power',
        },
        {
          ...{
            key: 'set_voltage',
            platform: 'sensor',
            reading: 'voltage',
            topic: 'state',
            level: 'standard',
          },
          name: { en: 'set voltage', de: 'eingestellte Spannung' },
          ...{ deviceClass: 'voltage', stateClass: 'measurement', unit: 'V', decimals: 4 },
        },
        {
          ...{
            key: 'set_current',
            platform: 'sensor',
            reading: 'current',
            topic: 'state',
            level: 'standard',
          },
          name: { en: 'current limit', de: 'Strombegrenzung' },
          ...{ deviceClass: 'current', stateClass: 'measurement', unit: 'A', decimals: 4 },
        },
        {
          ...{ key: 'target_voltage', platform: 'number', reading: 'voltage', most: 'max_voltage' },
          name: { en: 'target voltage', de: 'Sollspannung' },
          ...{ topic: 'state', level: 'essential', category: 'config', deviceClass: 'voltage' },
          ...{ unit: 'V', decimals: 3, sets: { action: 'set_output_level', field: 'voltage' } },
        },
        {
          ...{ key: 'target_current', platform: 'number', reading: 'current', most: 'max_current' },
          name: { en: 'target current limit', de: 'Soll-Strombegrenzung' },
          ...{ topic: 'state', level: 'essential', category: 'config', deviceClass: 'current' },
          ...{ unit: 'A', decimals: 3, sets: { action: 'set_output_level', field: 'current' } },
        },
        {
          key: 'output',
          platform: 'switch',
          reading: 'on',
          name: { en: 'output', de: 'Ausgang' },
          topic: 'state',
          level: 'essential',
          category: 'config',
          deviceClass: 'outlet',
          commands: {
            ON: { action: 'set_output', input: { output: 'on' } },
            OFF: { action: 'set_output', input: { output: 'off' } },
          },
        },
      ],
    },
  ],
});
