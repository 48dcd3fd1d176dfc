import type { StepContext } from '../../../contract/step.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import { nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { taskEnded } from '../tasks.ts';

/**
 * Waits for a task that may be stopped half-way: where the job is cancelled meanwhile, Proxmox VE is told to stop it, and
 * takes away again what it had begun.
 *
 * @param ms the longest that it may take
 * @throws LabError `cancelled` where it was stopped; as `taskEnded`
 */
export async function endedUnlessCancelled(
  { client, context }: Desk,
  upid: string,
  ms: number,
  { signal, cancelled, note }: Pick<StepContext<never>, 'signal' | 'cancelled' | 'note'>,
): Promise<void> {
  const [, node = ''] = upid.split(':');
  const path = `${nodePath(node)}/tasks/${encodeURIComponent(upid)}`;
  const stop = (): void => {
    note({ log: `DELETE ${path}` });
    client.change('DELETE', path, {}, signal).catch((thrown: unknown) => {
      // It is carried to its end then, and the job ends after it.
      if (!signal.aborted) note({ log: `it cannot be stopped: ${asLabError(thrown).message}` });
    });
  };
  if (cancelled.aborted) stop();
  else cancelled.addEventListener('abort', stop, { once: true });
  try {
    await taskEnded(client, upid, context.clock, ms, signal);
  } catch (thrown) {
    const error = asLabError(thrown);
    if (!cancelled.aborted || error.code !== 'source_refused') throw error;
    throw new LabError('cancelled', `it was cancelled: ${error.message}`, { cause: thrown });
  } finally {
    cancelled.removeEventListener('abort', stop);
  }
}
