import Type from 'typebox';
import { deviceReadings, deviceRows } from './network-device.ts';
import { defineKind } from './rows.ts';

/** What lets clients in by radio. */
export const accesspoint = defineKind({
  kind: 'accesspoint',
  title: { en: 'Access point', de: 'Access Point' },
  readings: Type.Object(deviceReadings),
  rows: deviceRows,
});
