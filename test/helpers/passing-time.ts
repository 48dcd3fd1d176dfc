import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeClock } from './fake-clock.ts';

/** For what answers over a real socket meanwhile, milliseconds. */
const ANSWER_MS = 4;
const SETTLE_MS = 20;
/** Steps after which what takes a while is waited for without time passing: it hangs, and its test ends by its timeout. */
const MOST_STEPS = 3_000;

export interface PassingTimeParts {
  readonly clock: FakeClock;
  readonly log: { readonly lines: readonly string[] };
  /** Of the clock, milliseconds at a time; less than half of the shortest timeout under test. */
  readonly stepMs?: number;
}

/** Has time pass by a fake clock while real sockets answer. */
export function passingTime({ clock, log, stepMs = 500 }: PassingTimeParts) {
  return {
    async pass(seconds: number): Promise<void> {
      for (let second = 0; second < seconds; second += 1) {
        await clock.advance(1_000);
        await sleep(ANSWER_MS / 2);
      }
      await sleep(SETTLE_MS);
    },
    /** @throws AssertionError with the log, when `check` is not true within `seconds` of the clock */
    async until(what: string, check: () => unknown, seconds = 120): Promise<void> {
      for (let passed = 0; passed < seconds * 1_000; passed += stepMs) {
        await sleep(ANSWER_MS);
        if (check()) return;
        await clock.advance(stepMs);
      }
      assert.fail(`${what} did not come; the log: ${log.lines.join('\n')}`);
    },
    /** Does something that takes a while, while time passes. */
    async during<T>(work: Promise<T>): Promise<T> {
      let over = false;
      const done = work.finally(() => {
        over = true;
      });
      done.catch(() => {});
      for (let step = 0; !over && step < MOST_STEPS; step += 1) {
        await sleep(ANSWER_MS / 2);
        await clock.advance(stepMs);
      }
      return done;
    },
  };
}
