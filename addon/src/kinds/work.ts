import Type from 'typebox';
import type { EventRow } from './rows.ts';
import { integer, number, oneOf, text } from './schema.ts';

/** What became of a job's last run. */
export const JOB_RESULTS = ['ok', 'warnings', 'failed', 'running', 'never'] as const;

const key = Type.String({ description: 'its name in topics; never changes' });
const title = Type.String({ description: 'what it is, for people' });

/** Of whatever has jobs, so that is done again and again. */
export const jobReadings = {
  jobs: Type.Optional(
    Type.Array(
      Type.Object({
        key,
        title,
        kind: oneOf(['backup', 'replication', 'gc', 'verify', 'prune', 'sync'], 'what it does'),
        schedule: text('when it runs, as the system writes it'),
        problem: Type.Union([Type.Boolean(), Type.Null()], {
          description: 'its last run failed; null while unknown',
        }),
        last_result: oneOf([...JOB_RESULTS], 'what became of its last run'),
        last_run: text('time of its last run, ISO 8601'),
        next_run: text('time of its next run, ISO 8601; unknown while it is switched off'),
        failures: Type.Optional(integer('runs that failed one after another, up to now')),
        error: text('what its last run said that failed, else “none”'),
      }),
      { description: 'what is done again and again: backups, replications' },
    ),
  ),
};

/** Of whatever carries out tasks and jobs: a cluster, or a node that is in none. */
export const workReadings = {
  tasks_running: Type.Optional(integer('tasks that run')),
  task: Type.Optional(text('the task that has run longest, as in “vzdump 101”, else “none”')),
  task_progress: Type.Optional(number('how far that task is; unknown where its log does not say', '%')),
  running_tasks: Type.Optional(
    Type.Array(
      Type.Object({
        key,
        title,
        node: Type.String({ description: 'where it runs' }),
        user: Type.String({ description: 'who started it' }),
        started: Type.String({ description: 'ISO 8601' }),
        progress: number('how far it is; unknown where its log does not say', '%'),
      }),
      { description: 'the tasks that run' },
    ),
  ),
  tasks_failed: Type.Optional(integer('tasks of the last 24 hours that failed; warnings are no failure')),
  last_failure: Type.Optional(text('what the task that failed last said, else “none”')),
  last_failure_at: Type.Optional(text('when that was, ISO 8601')),
  ...jobReadings,
};

const failure: EventRow<{ tasks_failed: unknown }> = {
  key: 'failure',
  platform: 'event',
  types: ['failed'],
  name: { en: 'Task failure', de: 'Aufgabe fehlgeschlagen' },
  level: 'standard',
  category: 'diagnostic',
  icon: 'mdi:alert-octagon-outline',
  needs: 'tasks_failed',
};

/** Rows of tasks. */
export const workRows = [
  {
    key: 'tasks_running',
    platform: 'sensor',
    reading: 'tasks_running',
    name: { en: 'Running tasks', de: 'Laufende Aufgaben' },
    topic: 'state',
    level: 'standard',
    stateClass: 'measurement',
    icon: 'mdi:progress-wrench',
  },
  {
    key: 'task',
    platform: 'sensor',
    reading: 'task',
    name: { en: 'Task', de: 'Aufgabe' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:progress-wrench',
  },
  {
    key: 'task_progress',
    platform: 'sensor',
    reading: 'task_progress',
    name: { en: 'Task progress', de: 'Fortschritt der Aufgabe' },
    topic: 'metrics',
    level: 'all',
    category: 'diagnostic',
    stateClass: 'measurement',
    unit: '%',
    decimals: 0,
    damping: { least: 1 },
    icon: 'mdi:progress-clock',
  },
  {
    key: 'tasks_failed',
    platform: 'sensor',
    reading: 'tasks_failed',
    name: { en: 'Failed tasks (24 h)', de: 'Fehlgeschlagene Aufgaben (24 h)' },
    topic: 'state',
    level: 'standard',
    category: 'diagnostic',
    stateClass: 'measurement',
    icon: 'mdi:alert-octagon-outline',
  },
  {
    key: 'last_failure',
    platform: 'sensor',
    reading: 'last_failure',
    name: { en: 'Last failure', de: 'Letzter Fehlschlag' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:message-alert-outline',
  },
  failure,
] as const;

/** Rows of each job. */
export const jobItems = {
  list: 'jobs',
  rows: [
    {
      key: 'problem',
      platform: 'binary_sensor',
      reading: 'problem',
      name: { en: 'problem', de: 'Problem' },
      topic: 'state',
      level: 'standard',
      category: 'diagnostic',
      deviceClass: 'problem',
    },
    {
      key: 'next_run',
      platform: 'sensor',
      reading: 'next_run',
      name: { en: 'next run', de: 'nächster Lauf' },
      topic: 'state',
      level: 'standard',
      category: 'diagnostic',
      deviceClass: 'timestamp',
    },
    {
      key: 'last_run',
      platform: 'sensor',
      reading: 'last_run',
      name: { en: 'last run', de: 'letzter Lauf' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      deviceClass: 'timestamp',
    },
    {
      key: 'last_result',
      platform: 'sensor',
      reading: 'last_result',
      name: { en: 'last result', de: 'letztes Ergebnis' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      deviceClass: 'enum',
      options: JOB_RESULTS,
      icon: 'mdi:clipboard-check-outline',
    },
    {
      key: 'failures',
      platform: 'sensor',
      reading: 'failures',
      name: { en: 'failures in a row', de: 'Fehlschläge in Folge' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      stateClass: 'measurement',
      icon: 'mdi:alert-circle-outline',
    },
  ],
} as const;
