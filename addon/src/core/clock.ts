/** Time, handed in wherever it is needed so that tests decide how it passes. */
export interface Clock {
  /** Milliseconds since 1970, as the wall shows them. */
  now(): number;
  /** Milliseconds since an arbitrary point; never jumps when the wall clock is set. */
  elapsed(): number;
  /** Calls `run` once, `ms` milliseconds from now. The returned function cancels. */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms` milliseconds, or at once when `signal` is aborted: waiting is never worth an error. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal?.addEventListener('abort', done);
  });
}
