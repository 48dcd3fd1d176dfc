import { type Clock, pause } from '../../../core/clock.ts';
import { LabError } from '../../../core/errors.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import type { Hands } from '../update/hands.ts';
import { PATIENCE_SECONDS, QUIET_SECONDS } from '../update/watch.ts';

const LOOK_MS = 1_000;
/** Seconds in which what was not changed has to stay as it was. */
const OTHERS_SECONDS = 10;

/** A container that is watched. */
export interface Watched {
  readonly id: string;
  readonly name: string;
  /**
   * `new`: it was made and has to become well. `through`: it was made and has to end well. `other`: it ran before and
   * has to go on; `restarts` as they were then.
   */
  readonly as: 'new' | 'through' | 'other';
  readonly restarts?: number;
}

export interface WatchStackParts {
  readonly hands: Pick<Hands, 'inspect'>;
  readonly clock: Clock;
  readonly told: (share: number) => void;
}

/**
 * Waits until all of a stack is well.
 *
 * @throws LabError `source_failed` when one is not, with its name
 */
export async function watchStack(
  watched: readonly Watched[],
  { hands, clock, told }: WatchStackParts,
  signal: AbortSignal,
): Promise<void> {
  const began = clock.elapsed();
  const others = watched.some(({ as }) => as === 'other');
  for (;;) {
    const seconds = (clock.elapsed() - began) / 1_000;
    let waiting = others && seconds < OTHERS_SECONDS;
    let most = OTHERS_SECONDS;
    for (const one of watched) {
      const inspect = await hands.inspect(one.id, signal);
      if (inspect === undefined) throw ill(one.name, 'is gone');
      const patience = wellAfter(one, inspect);
      if (patience === undefined) continue;
      if (seconds < patience.least) {
        waiting = true;
        most = Math.max(most, patience.least);
      } else if (patience.why !== undefined) throw ill(one.name, patience.why);
    }
    if (!waiting) return;
    told(Math.min(1, seconds / most));
    await pause(clock, LOOK_MS, signal);
    signal.throwIfAborted();
  }
}

interface Patience {
  /** Seconds in which it may still become well, or has to stay so. */
  readonly least: number;
  /** What is wrong with it then; left out: nothing. */
  readonly why?: string;
}

/**
 * @returns undefined: it is well
 * @throws LabError when it is not, and never will be
 */
function wellAfter({ name, as, restarts = 0 }: Watched, inspect: WholeInspect): Patience | undefined {
  const { Status, ExitCode, Health } = inspect.State;
  const hasCheck = Health !== undefined && Health.Status !== 'none';
  if ((inspect.RestartCount ?? 0) > restarts)
    throw ill(name, `ended and was restarted (exit code ${ExitCode})`);
  if (as === 'through') {
    if (Status === 'exited' && ExitCode === 0) return undefined;
    if (Status === 'exited' || Status === 'dead') throw ill(name, `ended with exit code ${ExitCode}`);
    return { least: PATIENCE_SECONDS, why: `has not ended after ${PATIENCE_SECONDS} s` };
  }
  if (Status !== 'running' && !(as === 'other' && Status === 'paused')) {
    throw ill(name, `does not run (${Status}, exit code ${ExitCode})`);
  }
  if (hasCheck && Health.Status === 'unhealthy') throw ill(name, 'is unhealthy');
  if (as === 'other' || (hasCheck && Health.Status === 'healthy')) return undefined;
  if (hasCheck) return { least: PATIENCE_SECONDS, why: `is not healthy after ${PATIENCE_SECONDS} s` };
  return { least: QUIET_SECONDS };
}

const ill = (name: string, why: string): LabError =>
  new LabError('source_failed', `${name} ${why}`, { hint: 'see what its log says' });
