import Type from 'typebox';
import { stackImageReadings, stackImageRows } from './container-update.ts';
import { outcome } from './outcome.ts';
import { shownAs } from './presets.ts';
import { defineKind } from './rows.ts';

/** Left out: Labkeeper may not do it. */
const can = (description: string) => Type.Optional(Type.Literal(true, { description }));

export const stack = defineKind({
  kind: 'stack',
  title: { en: 'Stack', de: 'Stack' },
  readings: Type.Object({
    running: Type.Integer({ description: 'containers that run' }),
    total: Type.Integer({ description: 'containers it has' }),
    unhealthy: Type.Integer({ description: 'containers whose health check fails' }),
    services: Type.Integer({ description: 'services that its containers belong to' }),
    services_running: Type.Integer({ description: 'services of which all containers run' }),
    switchable: can('it can be started and stopped as a whole'),
    restartable: can('it can be restarted as a whole'),
    problem: Type.Boolean({
      description: 'a container of it is unhealthy, dead or restarting again and again',
    }),
    ...stackImageReadings,
  }),
  rows: [
    {
      key: 'start',
      platform: 'button',
      name: { en: 'Start', de: 'Starten' },
      needs: 'switchable',
      level: 'standard',
      category: 'config',
      icon: 'mdi:play',
      commands: { PRESS: { action: 'set_power', input: { power: 'on' } } },
    },
    {
      key: 'stop',
      platform: 'button',
      name: { en: 'Stop', de: 'Anhalten' },
      needs: 'switchable',
      level: 'standard',
      category: 'config',
      icon: 'mdi:stop',
      commands: { PRESS: { action: 'set_power', input: { power: 'off' } } },
    },
    {
      key: 'restart',
      platform: 'button',
      name: { en: 'Restart', de: 'Neustart' },
      needs: 'restartable',
      level: 'standard',
      category: 'config',
      deviceClass: 'restart',
      commands: { PRESS: { action: 'restart', input: {} } },
    },
    {
      key: 'problem',
      ...shownAs.problem,
      reading: 'problem',
      name: { en: 'Problem', de: 'Problem' },
      level: 'essential',
    },
    {
      key: 'running',
      ...shownAs.count,
      reading: 'running',
      name: { en: 'Running containers', de: 'Laufende Container' },
      level: 'standard',
      icon: 'mdi:play-box-multiple-outline',
    },
    {
      key: 'total',
      ...shownAs.count,
      reading: 'total',
      name: { en: 'Containers', de: 'Container' },
      level: 'all',
      icon: 'mdi:layers-triple-outline',
    },
    {
      key: 'unhealthy',
      ...shownAs.count,
      reading: 'unhealthy',
      name: { en: 'Unhealthy containers', de: 'Ungesunde Container' },
      level: 'standard',
      icon: 'mdi:heart-broken-outline',
    },
    ...stackImageRows,
    {
      key: 'services_running',
      ...shownAs.count,
      reading: 'services_running',
      name: { en: 'Running services', de: 'Laufende Dienste' },
      level: 'all',
      icon: 'mdi:play-box-multiple-outline',
    },
    {
      key: 'services',
      ...shownAs.count,
      reading: 'services',
      name: { en: 'Services', de: 'Dienste' },
      level: 'all',
      icon: 'mdi:layers-triple-outline',
    },
    outcome,
  ],
});
