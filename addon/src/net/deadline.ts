import type { Clock } from '../core/clock.ts';
import { LabError } from '../core/errors.ts';

/**
 * Runs one exchange under a deadline that covers all of it: connecting, the headers and the last byte of the answer.
 * It ends on time even where `exchange` ignores its signal.
 *
 * @param what for the error, as in `GET /info of docker/nas`
 * @param ms the deadline in milliseconds
 * @throws LabError `deadline_passed`; the reason of `outer` when that was aborted first; else what `exchange` throws
 */
export async function withDeadline<T>(
  clock: Clock,
  what: string,
  ms: number,
  outer: AbortSignal | undefined,
  exchange: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const inner = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    reject(reason);
    inner.abort(reason);
  };
  const onOuter = (): void => end(outer?.reason);
  const cancel = clock.after(ms, () =>
    end(new LabError('deadline_passed', `${what}: no answer within ${ms / 1000} s`)),
  );
  outer?.addEventListener('abort', onOuter);
  try {
    return await Promise.race([ended, Promise.try(exchange, inner.signal)]);
  } finally {
    cancel();
    outer?.removeEventListener('abort', onOuter);
  }
}
