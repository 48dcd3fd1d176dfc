import type { LabResourceOf } from '../../kinds/index.ts';
import { type ContainerResource, hostId, isRunning, isUnhealthy, type Place, powerOf } from './map.ts';
import type { Member } from './stack-order.ts';

export type StackResource = LabResourceOf<'stack'>;

/**
 * @param containers those that exist; none: the stack is between its containers' removal and their return
 * @param page where people manage it
 */
export function stackOf(
  project: string,
  containers: readonly ContainerResource[],
  members: readonly Member[],
  place: Place,
  page?: string,
): StackResource {
  const unhealthy = containers.filter(isUnhealthy).length;
  const { switchable } = powerOf(place.refused);
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
      ...servicesOf(members),
      // Its restart is an end and a start.
      ...(switchable && { switchable, restartable: switchable }),
      problem:
        unhealthy > 0 || containers.some(({ readings }) => /^(dead|restarting)$/.test(readings.state ?? '')),
    },
    facts: { manufacturer: 'Docker', model: 'Compose stack', ...(page !== undefined && { url: page }) },
  };
}

/** A service runs when all of its containers do. */
function servicesOf(members: readonly Member[]): { services: number; services_running: number } {
  const services = [...Map.groupBy(members, ({ service }) => service).values()];
  const running = services.filter((containers) => containers.every(({ on }) => on));
  return { services: services.length, services_running: running.length };
}
