import assert from 'node:assert/strict';
import { Executor } from '../../addon/src/actions/executor.ts';
import type { Job } from '../../addon/src/actions/job.ts';
import type { Plan } from '../../addon/src/actions/plan.ts';
import { jobsOf, withOwn } from '../../addon/src/app/capabilities.ts';
import { labViewOf } from '../../addon/src/app/lab-view.ts';
import type { ActionRequest } from '../../addon/src/contract/action.ts';
import type { PowerProfile } from '../../addon/src/contract/power-profile.ts';
import type { Recipe } from '../../addon/src/contract/recipe.ts';
import { ACTIONS } from '../../addon/src/lab/index.ts';
import { lifelineGuard } from '../../addon/src/lab/lifeline.ts';
import { SELF, SELF_ID, selfOf } from '../../addon/src/lab/self.ts';
import { PROVISION, PROVISION_9 } from '../../addon/src/sources/proxmox/doctor/features.ts';
import type { ProxmoxCluster } from '../../simulators/proxmox/index.ts';
import type { FakeClock } from './fake-clock.ts';
import { type LabOptions, proxmoxLab } from './proxmox-lab.ts';
import { Disk } from './update-lab.ts';

const NOTHING_KNOWN = {
  ...{ version: '0.1.0', started: 0, devices: 0, messages: null, memoryBytes: 0, findings: [], systems: [] },
};
/** What the role for provisioning has beside that for operating, for tests that grant it. */
export const PROVISION_RIGHTS = [...Object.keys(PROVISION), ...Object.keys(PROVISION_9)];

/**
 * A simulated cluster with all that carries out actions before it. It can be killed at any moment: the next run finds
 * what was written by then, and the cluster goes on.
 */
export async function provisionLab(
  make: (options: { clock: FakeClock }) => ProxmoxCluster,
  options: Omit<LabOptions, 'database'> & {
    readonly self?: string;
    /** When the machine that Labkeeper runs on was started, milliseconds since 1970. */
    readonly bootedAt?: () => number;
    readonly powerProfiles?: readonly PowerProfile[];
    readonly recipes?: readonly Recipe[];
  } = {},
) {
  const disk = new Disk();
  let database = disk.open();
  const lab = await proxmoxLab(make, { ...options, database });
  const { self = 'none', bootedAt = () => 0, powerProfiles = [], recipes = [] } = options;
  let executor = begin();

  function begin(): Executor {
    const { engine, store } = lab;
    const place = { lab: store, self, own: () => assert.fail('it is said where we run') };
    const own = {
      jobs: jobsOf(() => executor),
      lab: labViewOf({
        ...place,
        executor: () => executor,
        bootedAt,
        clock: lab.clock,
        powerProfiles: async () => powerProfiles,
        recipes: async () => ({ recipes, problems: [] }),
      }),
    };
    store.replace(SELF, [selfOf(NOTHING_KNOWN)]);
    const begun = new Executor({
      ...{ actions: ACTIONS, resource: (id: string) => store.get(id), self: SELF_ID },
      capabilities: withOwn(own, engine),
      ...{ refresh: (id: string) => engine.refresh(id), allow: 'destroy', database },
      guard: lifelineGuard(place),
      ...{ clock: lab.clock, log: lab.log },
    });
    for (const resource of store.all()) begun.look(resource);
    store.subscribe((diff) => {
      for (const { after } of diff) if (after !== undefined) begun.look(after);
    });
    return begun;
  }

  const asked = (action: string, target: string, input: object, more: object = {}): ActionRequest => ({
    ...{ action, target, input: { ...input }, door: 'homeassistant', user: 'anna', administrator: true },
    confirm: lab.store.get(target)?.name,
    ...more,
  });
  // Assigning would take the getter's value of this moment.
  Object.defineProperty(lab, 'executor', { get: () => executor });
  return Object.assign(lab as typeof lab & { readonly executor: Executor }, {
    submit: (action: string, target: string, input: object = {}, more: object = {}): Job =>
      executor.submit(asked(action, target, input, more)),
    /** Lets time pass until a job is over. */
    async over({ id }: Job, seconds = 2_000): Promise<Job> {
      const isOver = (job: Job | undefined): boolean =>
        job !== undefined && !['queued', 'running'].includes(job.state);
      await lab.until('the end of the job', () => isOver(executor.job(id)), seconds);
      return executor.job(id) as Job;
    },
    async plan(action: string, target: string, input: object = {}, more: object = {}): Promise<Plan> {
      let plan: Plan | undefined;
      let thrown: unknown;
      executor.plan(asked(action, target, input, more)).then(
        (made) => {
          plan = made;
        },
        (error: unknown) => {
          thrown = error;
        },
      );
      await lab.until('the plan', () => plan !== undefined || thrown !== undefined);
      if (plan === undefined) throw thrown;
      return plan;
    },
    /** Labkeeper is killed at this moment, and begins again; what it had sent is carried out. */
    async kill(): Promise<void> {
      disk.freeze(database);
      const closed = [executor.close(), lab.engine.close()];
      await Promise.all(closed);
      database.close();
      database = disk.open();
      await lab.reopen('home', database);
      executor = begin();
    },
    async end(): Promise<void> {
      await executor.close();
      await lab.close();
      database.close();
      disk.remove();
    },
  });
}
