import assert from 'node:assert/strict';
import Type from 'typebox';
import { Executor } from '../../addon/src/actions/executor.ts';
import type { Job } from '../../addon/src/actions/job.ts';
import type { Outcome } from '../../addon/src/actions/records.ts';
import {
  type Action,
  type ActionContext,
  type ActionRequest,
  type Ceiling,
  defineAction,
  type Risk,
  type Step,
} from '../../addon/src/contract/action.ts';
import type { Capabilities } from '../../addon/src/contract/capabilities.ts';
import { type Database, memoryDatabase } from '../../addon/src/core/database.ts';
import type { LabResource } from '../../addon/src/kinds/index.ts';
import { ACTIONS } from '../../addon/src/lab/index.ts';
import { selfOf } from '../../addon/src/lab/self.ts';
import { FakeClock } from './fake-clock.ts';
import { aContainer, aHost, recordingLog } from './samples.ts';

export const plex = aContainer();
export const web = aContainer({ id: 'docker/nas/container/web', name: 'web' });
export const host = aHost();
export const self = selfOf({
  version: '0.1.0',
  started: Date.UTC(2026, 0, 1),
  devices: 3,
  messages: null,
  memoryBytes: 64 * 1024 ** 2,
  findings: [],
  systems: [],
});

export type Work = (context: ActionContext<unknown>) => Promise<void>;

export interface BenchParts {
  readonly risk?: Risk;
  readonly capabilities?: Partial<Capabilities>;
  readonly allow?: Ceiling;
  /** The file of an earlier run. */
  readonly database?: Database;
  readonly clock?: FakeClock;
  /** How to see whether a step happened. */
  readonly happened?: Readonly<Record<string, NonNullable<Step<unknown>['happened']>>>;
  readonly secrets?: readonly string[];
  /** Other actions beside `work`. */
  readonly actions?: readonly Action[];
  /** The file of an earlier run comes from a backup. */
  readonly restored?: boolean;
}

/** An executor with one action, `work`, whose steps the test writes. */
export function bench(steps: Readonly<Record<string, Work>> = {}, more: BenchParts = {}) {
  const { risk = 'operate', capabilities = {}, happened = {}, secrets = [] } = more;
  const { database = memoryDatabase(), clock = new FakeClock(Date.UTC(2026, 0, 1)) } = more;
  const work = defineAction({
    id: 'work',
    title: 'Work',
    description: 'Does what the test says.',
    risk,
    kinds: ['container'],
    input: Type.Object(
      { times: Type.Optional(Type.Integer()), password: Type.Optional(Type.String({ secret: true })) },
      { additionalProperties: false },
    ),
    plan: () =>
      Object.entries(steps).map(([name, run]) => {
        const ask = happened[name];
        return ask === undefined ? { name, run } : { name, run, happened: ask };
      }),
  });
  const log = recordingLog();
  const resources = new Map<string, LabResource>(
    [plex, web, host, self].map((resource) => [resource.id, resource]),
  );
  const refreshed: string[] = [];
  const outcomes: Outcome[] = [];
  const changes: Job[] = [];
  const actions = [work as unknown as Action, ...(more.actions ?? []), ...ACTIONS];
  const own: Partial<Capabilities> = { jobs: { cancel: (id) => void executor.cancel(id) } };
  const executor: Executor = new Executor({
    actions,
    resource: (id) => resources.get(id),
    capabilities: { for: (_, capability) => own[capability] ?? capabilities[capability] },
    refresh: (id) => refreshed.push(id),
    announce: (outcome) => outcomes.push(outcome),
    redact: (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text),
    self: self.id,
    ...(more.allow !== undefined && { allow: more.allow }),
    database,
    clock,
    log,
    restored: more.restored ?? false,
  });
  executor.onChange((job) => changes.push(job));
  const submit = (change: Partial<ActionRequest> = {}): Job =>
    executor.submit({ action: 'work', target: plex.id, input: {}, door: 'mqtt', user: 'unknown', ...change });
  const outcome = async (change: Partial<ActionRequest> = {}): Promise<Job> => {
    const job = await executor.ended(submit(change).id);
    assert.ok(job);
    return job;
  };
  return {
    actions,
    executor,
    clock,
    database,
    log,
    resources,
    refreshed,
    outcomes,
    changes,
    submit,
    outcome,
  };
}
