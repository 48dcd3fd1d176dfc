import Type from 'typebox';
import { aboutRows } from './container-about.ts';
import { controlRows } from './container-controls.ts';
import { HEALTH, loadRows, STATES } from './container-load.ts';
import { imageReadings, imageRows } from './container-update.ts';
import { outcome } from './outcome.ts';
import { defineKind } from './rows.ts';
import { integer, number, oneOf, rate, text } from './schema.ts';

/** Left out: Labkeeper may not do it. */
const can = (description: string) => Type.Optional(Type.Literal(true, { description }));

/** Numbers are left out where the engine, or what stands before it, does not tell any. */
export const container = defineKind({
  kind: 'container',
  title: { en: 'Container', de: 'Container' },
  readings: Type.Object({
    state: oneOf(STATES, 'life cycle as the engine reports it'),
    on: Type.Boolean({ description: 'it is, or is about to be, running' }),
    health: Type.Optional(oneOf(HEALTH, 'result of its own health check')),
    cpu: Type.Optional(number('CPU time used, 100 % is one core', '%')),
    memory: Type.Optional(number('memory in use without the page cache', 'GiB')),
    network_received: Type.Optional(rate('received over its networks')),
    network_sent: Type.Optional(rate('sent over its networks')),
    disk_read: Type.Optional(rate('read from block devices')),
    disk_written: Type.Optional(rate('written to block devices')),
    restarts: integer('restarts by its restart policy'),
    exit_code: integer('of the last end; null while running'),
    image: text('image as it was asked for'),
    digest: text('the first 12 digits of the image’s id, as `docker images` shows it'),
    memory_limit: Type.Optional(number('memory that it may use, where it is limited', 'GiB')),
    cpu_limit: Type.Optional(number('CPU time that it may use, where it is limited; 100 % is one core', '%')),
    started: text('time of the last start, ISO 8601'),
    switchable: can('it can be started and stopped'),
    restartable: can('it can be restarted'),
    pausable: can('it can be paused and resumed'),
    killable: can('it can be killed'),
    ...imageReadings,
  }),
  rows: [...controlRows, ...loadRows, ...aboutRows, ...imageRows, outcome],
});
