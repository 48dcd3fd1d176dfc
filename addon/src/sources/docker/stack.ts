import type { LabResourceOf } from '../../kinds/index.ts';
import { type ContainerResource, hostId, isRunning, isUnhealthy, type Place } from './map.ts';

export type StackResource = LabResourceOf<'stack'>;

/** @param containers those that exist; none: the stack is between its containers' removal and their return */
export function stackOf(
  project: string,
  containers: readonly ContainerResource[],
  place: Place,
): StackResource {
  const unhealthy = containers.filter(isUnhealthy).length;
  return {
    id: `${place.owner}/stack/${project}`,
    kind: 'stack',
    name: project,
    parent: hostId(place),
    available: containers.length > 0,
    readings: {
      running: containers.filter(isRunning).length,
      total: containers.length,
      unhealthy,
      problem:
        unhealthy > 0 || containers.some(({ readings }) => /^(dead|restarting)$/.test(readings.state ?? '')),
    },
    facts: { manufacturer: 'Docker', model: 'Compose stack' },
  };
}
