import type { UpdatePlan } from '../../../contract/capabilities.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import { exposedOf } from '../update/exposed.ts';
import { QUIET_SECONDS } from '../update/watch.ts';
import type { StackEntry } from './journal.ts';
import { type Scope, type StackMember, serviceOf } from './scope.ts';
import type { FoundWay } from './ways.ts';

const named = (members: readonly StackMember[]): string =>
  [...new Set(members.map(({ inspect }) => serviceOf(inspect)))].join(', ');

/** What would be done to a stack, and what a person should know before. */
export function planOf(
  members: readonly StackMember[],
  { candidates, beside }: Scope,
  { way, about, warnings }: FoundWay,
  goesBack: boolean,
): UpdatePlan {
  const changed = way === 'portainer' ? members : [...candidates, ...beside];
  const exposed = changed.flatMap(({ inspect }) => exposedOf(inspect as WholeInspect));
  const unchecked = [...candidates, ...beside].filter(
    ({ inspect: { State } }) => (State.Health?.Status ?? 'none') === 'none',
  );
  return {
    steps: [
      `Pull ${[...new Set(candidates.map(({ inspect }) => inspect.Config.Image))].join(', ')}`,
      `Change ${named(candidates)}, by ${about}`,
      ...(beside.length === 0 ? [] : [`Make ${named(beside)} anew, beside them`]),
      `Wait until all of it is well: healthy, or without a health check ${QUIET_SECONDS} s without a restart`,
    ],
    warnings: [
      ...warnings,
      ...(unchecked.length === 0
        ? []
        : [`without a health check, running without a restart has to do: ${named(unchecked)}`]),
      ...(exposed.length === 0 ? [] : [exposureOf(exposed, goesBack)]),
    ],
  };
}

/** Of one that is stuck, and shall go back. */
export const backPlanOf = ({ units, exposed }: StackEntry): UpdatePlan => ({
  steps: [`Have the old images of ${units.map(({ service }) => service).join(', ')} run again`],
  warnings: exposed.length === 0 ? [] : [exposureOf(exposed, true)],
});

function exposureOf(exposed: readonly string[], goesBack: boolean): string {
  const after = goesBack
    ? 'after a failure the old images run again on what the new ones made of it'
    : 'after a failure the new images stay, until somebody decides';
  return `nothing protects ${exposed.join(', ')}: going back to old images does not take back data; ${after}`;
}
