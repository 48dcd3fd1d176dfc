import { healthOf } from './health.ts';
import type { Bare, Thing } from './thing.ts';

/** A thing with how it is. */
export function judge({ available, ...thing }: Bare): Thing {
  return { ...thing, ...healthOf({ available, readings: thing.readings }) };
}
