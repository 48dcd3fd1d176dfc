import Type from 'typebox';
import { defineKind } from './rows.ts';

export const stack = defineKind({
  kind: 'stack',
  title: { en: 'Stack', de: 'Stack' },
  readings: Type.Object({
    running: Type.Integer({ description: 'containers that run' }),
    total: Type.Integer({ description: 'containers it has' }),
    unhealthy: Type.Integer({ description: 'containers whose health check fails' }),
    problem: Type.Boolean({
      description: 'a container of it is unhealthy, dead or restarting again and again',
    }),
  }),
  rows: [
    {
      key: 'problem',
      platform: 'binary_sensor',
      reading: 'problem',
      name: { en: 'Problem', de: 'Problem' },
      topic: 'state',
      level: 'essential',
      deviceClass: 'problem',
    },
    {
      key: 'running',
      platform: 'sensor',
      reading: 'running',
      name: { en: 'Running containers', de: 'Laufende Container' },
      topic: 'state',
      level: 'standard',
      stateClass: 'measurement',
      icon: 'mdi:play-box-multiple-outline',
    },
    {
      key: 'total',
      platform: 'sensor',
      reading: 'total',
      name: { en: 'Containers', de: 'Container' },
      topic: 'state',
      level: 'standard',
      stateClass: 'measurement',
      icon: 'mdi:layers-triple-outline',
    },
    {
      key: 'unhealthy',
      platform: 'sensor',
      reading: 'unhealthy',
      name: { en: 'Unhealthy containers', de: 'Ungesunde Container' },
      topic: 'state',
      level: 'standard',
      stateClass: 'measurement',
      icon: 'mdi:heart-broken-outline',
    },
  ],
});
