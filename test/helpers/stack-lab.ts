import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import type { Job } from '../../addon/src/actions/job.ts';
import type { Plan } from '../../addon/src/actions/plan.ts';
import type { ActionRequest } from '../../addon/src/contract/action.ts';
import { type Clock, systemClock } from '../../addon/src/core/clock.ts';
import { startUpdateLab } from './update-lab.ts';

export const HOST = 'docker/nas/host/engine';

/** Minutes of waiting, for what may be gone or not be seen, are seconds. */
const HURRIED: Clock = {
  ...systemClock,
  after: (ms, act) => systemClock.after(ms < 30_000 ? ms : ms / 60, act),
};

/** What makes and takes away stacks and containers, with a Docker engine called `nas`. */
export function startStackLab(options: object, database: DatabaseSync, rare = 60) {
  const lab = startUpdateLab({ image_updates: false, ...options }, database, rare, [], HURRIED);
  const asked = (action: string, target: string, input: object, more: object = {}): ActionRequest => ({
    ...{ action, target, input: { ...input }, door: 'homeassistant', user: 'anna', administrator: true },
    confirm: lab.store.get(target)?.name,
    ...more,
  });
  const begin = (action: string, target: string, input: object = {}, more: object = {}): Job =>
    lab.executor.submit(asked(action, target, input, more));
  return {
    ...lab,
    begin,
    async done(action: string, target: string, input: object = {}, more: object = {}): Promise<Job> {
      const job = await lab.executor.ended(begin(action, target, input, more).id);
      assert.ok(job);
      return job;
    },
    planned: (action: string, target: string, input: object = {}, more: object = {}): Promise<Plan> =>
      lab.executor.plan(asked(action, target, input, more)),
  };
}

/** What a job came to, where it matters. */
export const outcome = ({ state, error }: Job): readonly [string, string | undefined] => [
  state,
  error?.message,
];
/** What a plan says of one thing that it looked at. */
export const checkOf = ({ checks = [] }: Plan, name: string) => checks.find((check) => check.name === name);
