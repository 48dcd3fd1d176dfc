import { LabError } from '../../../core/errors.ts';
import type { Bench } from './bench.ts';
import type { Place } from './place.ts';

/** By what stacks are made: Portainer, or Compose on the engine's machine. */
export type MakeWay = 'portainer' | 'ssh' | 'helper';

/**
 * By what a new stack would be made.
 *
 * @throws LabError `source_refused` where there is no way
 */
export async function makeWayOf({ portainer, run, byHelper }: Bench, signal: AbortSignal): Promise<MakeWay> {
  if (portainer !== undefined) return 'portainer';
  if (run !== undefined) {
    const { code, out } = await run(['docker', 'compose', 'version', '--short'], signal);
    // A key that leads to the engine alone says something else.
    if (code === 0 && /^v?\d+\.\d+/.test(out.trim())) return 'ssh';
  }
  if (byHelper !== undefined) return 'helper';
  throw new LabError('source_refused', 'there is no Compose to make stacks with', {
    hint: 'set compose_image to an image with docker compose, or reach the engine by SSH with Compose there, or by Portainer',
  });
}

/** @throws LabError where the options have no such way any more */
export function placeOf({ bySsh, byHelper }: Bench, way: MakeWay): Place {
  const place = way === 'ssh' ? bySsh : byHelper;
  if (place !== undefined && way !== 'portainer') return place;
  throw new LabError('source_failed', `the options have no way any more to what was begun (${way})`, {
    hint: 'give the engine the way that it had, or look at the stack yourself',
  });
}
