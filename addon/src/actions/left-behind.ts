import type { LeftBehind } from '../contract/step.ts';
import type { Job } from './job.ts';
import type { Course } from './job-book.ts';

/** For people: what is half made, and how to be rid of it. */
export function leftText(left: readonly LeftBehind[]): string {
  const told = left.map(({ what, id, remove }) =>
    remove === undefined ? what : `${what} (remove it with “${remove}” of ${id})`,
  );
  return `left behind: ${told.join(', ')}`;
}

/** A job that ends before its time, with what it leaves behind: in its result, and in words. */
export function withLeft<T extends { readonly hint?: string }>(
  job: Job,
  course: Course | undefined,
  error: T,
): { readonly job: Job; readonly error: T } {
  const { left = [] } = course ?? {};
  if (left.length === 0) return { job, error };
  const hint = [...(error.hint === undefined ? [] : [error.hint]), leftText(left)].join('; ');
  return {
    job: { ...job, result: { ...job.result, left_behind: left } },
    error: { ...error, hint },
  };
}
