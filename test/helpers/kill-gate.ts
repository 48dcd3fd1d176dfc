import type { DatabaseSync } from 'node:sqlite';
import type { Executor } from '../../addon/src/actions/executor.ts';
import type { Job } from '../../addon/src/actions/job.ts';
import { eventually } from '../parts/process.ts';
import type { Disk, Gate } from './update-lab.ts';

type IsChange = (method: string, path: string) => boolean;

/** A call that changes the engine: no question, and no try of what may be changed at all. */
export const isChange: IsChange = (method, path) =>
  method !== 'GET' && method !== 'HEAD' && !/\/(labkeeper|0{64})\//.test(path);

/** The same, where what helpers of ours go through is none either. */
export const isChangeOfTheirs: IsChange = (method, path) =>
  isChange(method, path) && !/\/(labkeeper|0{64})/.test(path);

/** Just before a call reaches the engine, or when it has and its answer is lost. */
export const MOMENTS = ['before', 'after'] as const;

/**
 * Kills Labkeeper at a call to an engine: what is written is what is written at that moment, and no later call comes through.
 *
 * @param call which one of those that count, from 1
 * @param counts which calls count
 */
export function killAt(
  { disk, database }: { readonly disk: Disk; readonly database: DatabaseSync },
  moment: (typeof MOMENTS)[number],
  call: number,
  counts = isChange,
) {
  let count = 0;
  let isCounting = true;
  let seen = '';
  const killed = Promise.withResolvers<void>();
  const never = new Promise<undefined>(() => {});
  const gate: Gate = (method, path) => {
    if (!isCounting || !counts(method, path)) return undefined;
    count += 1;
    if (count < call) return undefined;
    if (count > call) return never;
    seen = `${call}: ${method} ${path}`;
    disk.freeze(database);
    killed.resolve();
    return moment === 'before' ? never : undefined;
  };
  return {
    gate,
    /** The call that it is killed at, for messages; empty before that. */
    get seen() {
      return seen;
    },
    /** Whether calls count from now on; they do where nothing is said. */
    counting(is: boolean): void {
      isCounting = is;
    },
    /**
     * Waits for that call.
     *
     * @returns false: the job came to its end without it
     */
    async reached(executor: Executor, job: Job): Promise<boolean> {
      await Promise.race([killed.promise, executor.ended(job.id)]);
      const isReached = count >= call;
      // What came through of the last call happens before the engine is looked at again.
      await new Promise((done) => setTimeout(done, 30));
      return isReached;
    },
  };
}

/** Waits until nothing is done for a job any more. @param what it is waited for, for the message */
export function endOf(executor: Executor, id: string, what: string): Promise<Job> {
  return eventually(
    what,
    () => {
      const found = executor.job(id);
      return found !== undefined && !['queued', 'running'].includes(found.state) && found;
    },
    20_000,
  );
}
