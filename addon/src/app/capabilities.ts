import type { Executor } from '../actions/executor.ts';
import type { Capabilities, CapabilityFinder } from '../contract/capabilities.ts';
import type { Publisher } from '../mqtt/publisher.ts';

/** Finds what Labkeeper itself can do to every resource, and else what the system behind the resource offers. */
export function withOwn(own: Partial<Capabilities>, systems: CapabilityFinder): CapabilityFinder {
  return { for: (resourceId, capability) => own[capability] ?? systems.for(resourceId, capability) };
}

/** What can be done to jobs. */
export const jobsOf = (executor: () => Pick<Executor, 'cancel'>): Capabilities['jobs'] => ({
  cancel: (id) => void executor().cancel(id),
});

/** What can be done to the devices in Home Assistant. */
export function publicationOf(
  publisher: () => Pick<Publisher, 'deletions' | 'bringBack'>,
): Capabilities['publication'] {
  return {
    isDeleted: (resourceId) =>
      publisher()
        .deletions()
        .some(({ id }) => id === resourceId),
    bringBack: (resourceId) => void publisher().bringBack(resourceId),
  };
}
