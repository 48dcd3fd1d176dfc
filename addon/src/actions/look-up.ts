import type { ActionContext, Step } from '../contract/action.ts';
import { type Clock, pause } from '../core/clock.ts';
import { asLabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

/** How long it may take until a system shows whether something happened. */
const PATIENCE_MS = 600_000;
const EVERY_MS = 5_000;

/**
 * Whether a step that was cut off has happened, asked until its system can tell.
 *
 * @param context made anew for each question
 * @returns undefined: it cannot be seen
 * @throws LabError what made the step fail
 */
export async function lookUp(
  { clock, log, stop }: { readonly clock: Clock; readonly log: Log; readonly stop: AbortSignal },
  step: Step<never>,
  context: () => ActionContext<unknown>,
): Promise<boolean | undefined> {
  if (step.happened === undefined) return undefined;
  const begin = clock.elapsed();
  for (;;) {
    try {
      const happened = await unlessAborted(step.happened(context() as never), stop);
      if (happened !== undefined) return happened;
    } catch (thrown) {
      const error = asLabError(thrown);
      // It is not heard at present: that is no answer.
      if (stop.aborted || error.next !== 'retry') throw error;
      log.debug(`cannot tell yet whether “${step.name}” happened: ${error.message}`);
    }
    if (clock.elapsed() - begin >= PATIENCE_MS) return undefined;
    await pause(clock, EVERY_MS, stop);
    stop.throwIfAborted();
  }
}

/** Lets go of work that does not end when it is told to. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
