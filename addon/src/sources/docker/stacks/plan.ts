import type { Protection, UpdatePlan } from '../../../contract/update.ts';
import { guardOf, guardSteps, guardWarnings } from '../guard/guard.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import { QUIET_SECONDS } from '../update/watch.ts';
import type { StackEntry } from './journal.ts';
import { type Scope, type StackMember, serviceOf } from './scope.ts';
import type { FoundWay } from './ways.ts';

const named = (members: readonly StackMember[]): string =>
  [...new Set(members.map(({ inspect }) => serviceOf(inspect)))].join(', ');

export interface PlanChoice {
  readonly goesBack: boolean;
  readonly protection: Protection;
  /** Whatever the engine has. */
  readonly all: readonly WholeInspect[];
}

/** What would be done to a stack, and what a person should know before. */
export function planOf(
  members: readonly StackMember[],
  { candidates, beside }: Scope,
  { way, about, warnings }: FoundWay,
  { goesBack, protection, all }: PlanChoice,
): UpdatePlan {
  const changed = way === 'portainer' ? members : [...candidates, ...beside];
  const units = changed.map(({ inspect }) => inspect as WholeInspect);
  const guarded = guardOf(protection, units, all);
  const unchecked = [...candidates, ...beside].filter(
    ({ inspect: { State } }) => (State.Health?.Status ?? 'none') === 'none',
  );
  return {
    steps: [
      `Pull ${[...new Set(candidates.map(({ inspect }) => inspect.Config.Image))].join(', ')}`,
      ...guardSteps(guarded).map((step) => `Stop ${named(changed)}; ${step.replace(/^./, lower)}`),
      `Change ${named(candidates)}, by ${about}`,
      ...(beside.length === 0 ? [] : [`Make ${named(beside)} anew, beside them`]),
      `Wait until all of it is well: healthy, or without a health check ${QUIET_SECONDS} s without a restart`,
    ],
    warnings: [
      ...warnings,
      ...(unchecked.length === 0
        ? []
        : [`without a health check, running without a restart has to do: ${named(unchecked)}`]),
      ...guardWarnings(guarded, 'going back to old images', afterwards(goesBack)),
    ],
    protection,
  };
}

const lower = (letter: string): string => letter.toLowerCase();

/** Of one that is stuck, and shall go back. */
export const backPlanOf = ({ units, exposed, guard }: StackEntry): UpdatePlan => ({
  steps: [
    ...(guard?.by === 'copy' && guard.places.length > 0 ? ['Put the copy of the data back'] : []),
    `Have the old images of ${units.map(({ service }) => service).join(', ')} run again`,
  ],
  warnings: guardWarnings({ exposed }, 'going back to old images', afterwards(true)),
  protection: 'none',
});

const afterwards = (goesBack: boolean): string =>
  goesBack
    ? 'after a failure the old images run again on what the new ones made of it'
    : 'after a failure the new images stay, until somebody decides';
