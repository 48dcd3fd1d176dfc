import { uptime } from 'node:os';
import type { Executor } from '../actions/executor.ts';
import { loadPowerProfiles } from '../config/power-profiles.ts';
import { readSample } from '../config/samples.ts';
import type { Announcing } from '../contract/announcing.ts';
import type { Capabilities, CapabilityFinder } from '../contract/capabilities.ts';
import type { Publisher } from '../mqtt/publisher.ts';
import { type LabViewParts, labViewOf } from './lab-view.ts';
import type { OwnPlace } from './own-place.ts';

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

export interface OwnParts extends Pick<LabViewParts, 'recipes' | 'clock'> {
  readonly place: OwnPlace;
  readonly announcing: Announcing | undefined;
  /** Of configuration. */
  readonly folder: string | undefined;
  readonly publisher: () => Pick<Publisher, 'deletions' | 'bringBack'>;
  readonly executor: () => Pick<Executor, 'cancel' | 'lastDecided'>;
}

/** What Labkeeper itself can do, and not one of the systems. */
export function ownCapabilities(parts: OwnParts): Partial<Capabilities> {
  const { place, announcing, recipes, clock, folder, publisher, executor } = parts;
  return {
    publication: publicationOf(publisher),
    jobs: jobsOf(executor),
    lab: labViewOf({
      ...{ ...place, executor, recipes, clock },
      bootedAt: () => clock.now() - uptime() * 1_000,
      powerProfiles: () => loadPowerProfiles(folder),
    }),
    samples: { read: (name) => readSample(folder, name) },
    ...(announcing !== undefined && { announcing }),
  };
}
