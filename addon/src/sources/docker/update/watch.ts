import { type Clock, pause } from '../../../core/clock.ts';
import { LabError } from '../../../core/errors.ts';
import type { Hands } from './hands.ts';

const LOOK_MS = 1_000;
/** Seconds without a restart that have to do where a container has no health check. */
export const QUIET_SECONDS = 30;
/** Seconds that a container may take to become healthy. */
export const PATIENCE_SECONDS = 300;

export interface WatchParts {
  readonly id: string;
  readonly name: string;
  readonly hands: Pick<Hands, 'inspect'>;
  readonly clock: Clock;
  readonly told: (share: number) => void;
}

/**
 * Waits until a container that was just started is well: its health check says so, or without one it ran for a while.
 *
 * @throws LabError `source_failed` when it is not
 */
export async function watchHealth(
  { id, name, hands, clock, told }: WatchParts,
  signal: AbortSignal,
): Promise<void> {
  const began = clock.elapsed();
  for (;;) {
    const inspect = await hands.inspect(id, signal);
    if (inspect === undefined) throw ill(name, 'is gone');
    const { Status, ExitCode, Health } = inspect.State;
    if ((inspect.RestartCount ?? 0) > 0) throw ill(name, `ended and was restarted (exit code ${ExitCode})`);
    if (Status !== 'running') throw ill(name, `does not run (${Status}, exit code ${ExitCode})`);
    const seconds = (clock.elapsed() - began) / 1_000;
    const checks = Health !== undefined && Health.Status !== 'none';
    if (checks && Health.Status === 'healthy') return;
    if (checks && Health.Status === 'unhealthy') throw ill(name, 'is unhealthy');
    if (checks && seconds >= PATIENCE_SECONDS) throw ill(name, `is not healthy after ${PATIENCE_SECONDS} s`);
    if (!checks && seconds >= QUIET_SECONDS) return;
    told(Math.min(1, seconds / (checks ? PATIENCE_SECONDS : QUIET_SECONDS)));
    await pause(clock, LOOK_MS, signal);
    signal.throwIfAborted();
  }
}

const ill = (name: string, why: string): LabError =>
  new LabError('source_failed', `the new ${name} ${why}`, { hint: `see what its log says` });
