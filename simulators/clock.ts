import { type Clock, systemClock } from '../addon/src/core/clock.ts';

/** The real one, but a timer of a simulator alone never keeps the process up: its server does. */
export const realClock: Clock = {
  ...systemClock,
  after: (ms, run) => {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};
