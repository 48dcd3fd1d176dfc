import type { Preparation, StepContext, StepOf } from './step.ts';

/**
 * How a system carries out one action that makes, changes or takes away something. The action itself is declared in
 * `lab/`, for every system alike; its input stands in `contract/inputs/`, as both sides need it.
 */
export interface Task<I = never> {
  /** Reads and decides; changes nothing. */
  prepare(context: StepContext<I>): Promise<Preparation>;
  /**
   * What is done, by what was decided alone: after a restart the same decisions have to make the same steps. Names are
   * unique; each step says by `happened` whether it was done, so that none is done twice.
   */
  steps(context: StepContext<I>): readonly StepOf<StepContext<I>>[];
}
