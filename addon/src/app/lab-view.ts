import type { Executor } from '../actions/executor.ts';
import type { LabView } from '../contract/lab-view.ts';
import { type Clock, pause } from '../core/clock.ts';
import type { LabResource } from '../kinds/index.ts';
import { type BrokerPlace, brokerLifeline, lifelineOf } from '../lab/lifeline-of.ts';
import { type OwnFacts, placeOf } from '../lab/place.ts';

export interface LabViewParts {
  readonly lab: { all(): Iterable<LabResource>; get(id: string): LabResource | undefined };
  /** The option: the id of what we run on, or `none`; undefined: it has to be found out. */
  readonly self: string | undefined;
  readonly own: () => OwnFacts;
  readonly broker?: BrokerPlace | undefined;
  readonly executor: () => Pick<Executor, 'lastDecided'>;
  /** When the machine was started, milliseconds since 1970. */
  readonly bootedAt: () => number;
  readonly powerProfiles: LabView['powerProfiles'];
  readonly recipes: LabView['recipes'];
  readonly clock: Clock;
}

/** The lab as a whole, for what is done to all of it. */
export function labViewOf({
  lab,
  self,
  own,
  broker,
  executor,
  bootedAt,
  powerProfiles,
  recipes,
  clock,
}: LabViewParts): LabView {
  return {
    all: () => lab.all(),
    get: (id) => lab.get(id),
    lifeline: () => {
      if (self === 'none') return [];
      const place = self === undefined ? placeOf(lab.all(), own()) : lab.get(self)?.id;
      return place === undefined ? undefined : [...lifelineOf(place, (id) => lab.get(id))];
    },
    brokerLifeline: () => [...brokerLifeline(broker, lab)],
    bootedAt,
    powerProfiles,
    recipes,
    now: () => clock.now(),
    pause: (ms, signal) => pause(clock, ms, signal),
    lastDecided: (action) => executor().lastDecided(action),
  };
}
