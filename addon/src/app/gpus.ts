import { loadWorkloads } from '../config/workloads.ts';
import type { Clock } from '../core/clock.ts';
import { asLabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Findings } from '../lab/findings.ts';
import { gpuPlans } from '../lab/gpus.ts';
import { WORKLOADS, type Workload } from '../lab/workload-fit.ts';
import type { Store } from '../model/store.ts';

const OWNER = 'lab/gpus';
/** Kinds that say something about cards. Containers and engines matter by their place and name only. */
const OF: readonly string[] = ['gpu', 'guest', 'node'];
const PLACES: readonly string[] = ['container', 'stack', 'host'];

/** What is to be done on cards. A file that is wrong is said to be, and keeps nothing else from starting. */
export async function workloadsIn(folder: string | undefined, log: Log): Promise<readonly Workload[]> {
  try {
    return await loadWorkloads(folder, WORKLOADS);
  } catch (thrown) {
    log.error(
      `${asLabError(thrown).message}; until that is right, the workloads are those that come with Labkeeper`,
    );
    return WORKLOADS;
  }
}

/** Has the store hold what the lab as a whole tells of cards, and `findings` what keeps them from guests. */
export function planGpus(
  store: Store<LabResource>,
  findings: Findings,
  workloads: readonly Workload[],
  clock: Clock,
): () => void {
  return store.subscribe((diff) => {
    const matters = diff.some(({ before, after }) => {
      const kind = (after ?? before)?.kind ?? '';
      if (PLACES.includes(kind)) return before?.name !== after?.name || before?.parent !== after?.parent;
      return OF.includes(kind);
    });
    if (!matters) return;
    const plans = gpuPlans(store, workloads, clock.now());
    store.amend(plans.additions);
    findings.report(OWNER, plans.findings);
  });
}
