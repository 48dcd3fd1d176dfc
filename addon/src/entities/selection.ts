import { patternOf } from '../core/pattern.ts';
import type { LabResource } from '../kinds/index.ts';
import type { EntitySettings } from './settings.ts';

/** `<source>/<instance>`: who a resource is from. */
export const ownerOf = (resourceId: string): string => resourceId.split('/', 2).join('/');

/**
 * Which resources are published at all: those whose id or name matches one of `include` (or all, if it is empty) and
 * none of `exclude`. Upper and lower case are the same; a pattern covers the whole id or name, and its `*` also slashes,
 * so `docker/nas/*` is all of an instance. Containment plays no part: what hangs under an excluded thing is published,
 * and hangs on the next published thing above it.
 */
export function selectionOf({
  include,
  exclude,
}: Pick<EntitySettings, 'include' | 'exclude'>): (resource: LabResource) => boolean {
  const wanted = include.map(patternOf);
  const unwanted = exclude.map(patternOf);
  return ({ id, name }) => {
    const matches = (fits: (text: string) => boolean): boolean => fits(id) || fits(name);
    return (wanted.length === 0 || wanted.some(matches)) && !unwanted.some(matches);
  };
}
