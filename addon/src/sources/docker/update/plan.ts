import type { Protection, UpdatePlan } from '../../../contract/update.ts';
import { guardOf, guardSteps, guardWarnings } from '../guard/guard.ts';
import type { WholeInspect } from './anatomy.ts';
import type { Entry } from './journal.ts';
import { sharesWith } from './recreate.ts';
import { QUIET_SECONDS } from './watch.ts';

export interface PlanChoice {
  readonly goesBack: boolean;
  readonly protection: Protection;
}

/**
 * What would be done to a container, and what a person should know before.
 *
 * @param containers whatever the engine has
 */
export function planOf(
  main: WholeInspect,
  containers: readonly WholeInspect[],
  { goesBack, protection }: PlanChoice,
): UpdatePlan {
  const name = nameOf(main);
  const sharers = containers.filter((one) => sharesWith(one, { id: main.Id, name }));
  const guarded = guardOf(protection, [main, ...sharers], containers);
  const hasCheck = (main.State.Health?.Status ?? 'none') !== 'none';
  const all = [main, ...sharers].map(nameOf).join(', ');
  return {
    steps: [
      `Pull ${main.Config.Image}`,
      `Stop and keep ${all}`,
      ...guardSteps(guarded),
      `Make and start new ${all}`,
      hasCheck
        ? `Wait until ${name} is healthy`
        : `Wait until ${name} has run ${QUIET_SECONDS} s without a restart`,
      `Remove the old ${all}`,
    ],
    warnings: [
      ...(hasCheck ? [] : [`${name} has no health check: running without a restart has to do`]),
      ...guardWarnings(guarded, 'going back to the old image', afterwards(goesBack)),
    ],
    protection,
  };
}

const afterwards = (goesBack: boolean): string =>
  goesBack
    ? 'after a failure the old container runs again on what the new one made of it'
    : 'after a failure the old container is kept stopped, until somebody decides';

/** Of one that is stuck, and shall go back. */
export const backPlanOf = ({ units, guard, exposed }: Entry): UpdatePlan => ({
  steps: [
    ...(guard?.by === 'copy' && guard.places.length > 0 ? ['Put the copy of the data back'] : []),
    `Have the old ${units.map(({ name }) => name).join(', ')} run again`,
  ],
  warnings: guardWarnings({ exposed }, 'going back to the old image', afterwards(true)),
  protection: 'none',
});

const nameOf = ({ Name }: WholeInspect): string => Name.replace(/^\//, '');
