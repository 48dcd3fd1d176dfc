import assert from 'node:assert/strict';
import Type from 'typebox';
import { Executor } from '../../addon/src/actions/executor.ts';
import type { Job } from '../../addon/src/actions/job.ts';
import { type Action, type ActionRequest, defineAction, type Risk } from '../../addon/src/contract/action.ts';
import type { Capabilities } from '../../addon/src/contract/capabilities.ts';
import type { LabResource } from '../../addon/src/kinds/index.ts';
import { ACTIONS } from '../../addon/src/lab/index.ts';
import { FakeClock } from './fake-clock.ts';
import { aContainer, aHost, recordingLog } from './samples.ts';

export const plex = aContainer();
export const web = aContainer({ id: 'docker/nas/container/web', name: 'web' });
export const host = aHost();

export type Work = () => Promise<void>;

/** An executor with one action, `work`, whose steps the test writes. */
export function bench(
  steps: Readonly<Record<string, Work>> = {},
  more: { risk?: Risk; capabilities?: Partial<Capabilities> } = {},
) {
  const { risk = 'operate', capabilities = {} } = more;
  const work = defineAction({
    id: 'work',
    title: 'Work',
    description: 'Does what the test says.',
    risk,
    kinds: ['container'],
    input: Type.Object({ times: Type.Optional(Type.Integer()) }, { additionalProperties: false }),
    plan: () => Object.entries(steps).map(([name, run]) => ({ name, run })),
  });
  const clock = new FakeClock(Date.UTC(2026, 0, 1));
  const log = recordingLog();
  const resources = new Map<string, LabResource>(
    [plex, web, host].map((resource) => [resource.id, resource]),
  );
  const refreshed: string[] = [];
  const executor = new Executor({
    actions: [work as unknown as Action, ...ACTIONS],
    resource: (id) => resources.get(id),
    capabilities: { for: (_, capability) => capabilities[capability] },
    refresh: (id) => refreshed.push(id),
    clock,
    log,
  });
  const submit = (change: Partial<ActionRequest> = {}): Job =>
    executor.submit({ action: 'work', target: plex.id, input: {}, door: 'mqtt', user: 'unknown', ...change });
  const outcome = async (change: Partial<ActionRequest> = {}): Promise<Job> => {
    const job = await executor.ended(submit(change).id);
    assert.ok(job);
    return job;
  };
  return { executor, clock, log, resources, refreshed, submit, outcome };
}
