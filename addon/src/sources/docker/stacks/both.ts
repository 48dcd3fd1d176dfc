import type { Capabilities } from '../../../contract/capabilities.ts';
import type { PollTask } from '../../../contract/source.ts';
import type { LabResource } from '../../../kinds/index.ts';
import type { Updater } from '../update/updater.ts';
import type { StackUpdater } from './updater.ts';

/** What the session of an engine needs of its updates. */
export interface EngineUpdates {
  readonly tasks: readonly PollTask[];
  readonly capability: Capabilities['update'];
  /** Makes a container anew; see `Updater`. */
  readonly recreate: Updater['recreate'];
  /** What is written down of the last time that a container was made anew, and what became of it. */
  readonly lastOf: Updater['lastOf'];
  /** @throws LabError `target_busy` while a stack is being updated, or waits for somebody to decide */
  checkIdle(stack: string): void;
  /** Adds what can be updated, and how far that is. */
  shownOn(resources: readonly LabResource[]): readonly LabResource[];
}

const isStack = (resource: string): boolean => resource.split('/')[2] === 'stack';

/** Updates of containers and of stacks, as one. A container is not updated while its stack is, nor the other way. */
export function updatesOf(containers: Updater, stacks: StackUpdater): EngineUpdates {
  const of = (resource: string): Capabilities['update'] => (isStack(resource) ? stacks : containers);
  return {
    tasks: [...containers.tasks, ...stacks.tasks],
    capability: {
      plan: (resource, choice) => of(resource).plan(resource, choice),
      run: async (resource, choice, signal, note, takeSnapshot) => {
        if (!isStack(resource)) stacks.checkFree(resource);
        await of(resource).run(resource, choice, signal, note, takeSnapshot);
      },
      became: (resource) => of(resource).became(resource),
    },
    recreate: async (resource, ...rest) => {
      stacks.checkFree(resource);
      await containers.recreate(resource, ...rest);
    },
    lastOf: (resource) => containers.lastOf(resource),
    checkIdle: (stack) => stacks.checkIdle(stack),
    shownOn: (resources) => stacks.shownOn(containers.shownOn(resources)),
  };
}
